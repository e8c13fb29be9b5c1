import type { OwnershipFlag } from '../domain/ownership.ts';
import type { Account, SignatureCheck } from './account-rows.ts';
import { nearbyTexts } from './nearby-texts.ts';
import { parseRecoverableSignature, type RecoverableSignature } from './recoverable-signature.ts';
import { compressPublicKey, recoverPublicKey } from './secp256k1.ts';
import { trace } from './trace.ts';

/** One way of hashing a message into the 32 bytes that are signed. */
export interface DigestVariant {
  readonly scheme: string;
  /** What the flag `message-variant:` says; null for the chain's own standard. */
  readonly variant: string | null;
  readonly digest: (message: string) => Uint8Array;
}

/** How a network makes addresses of keys and digests of messages. */
export interface RecoveryRules {
  /** In the order tried; no two can fit one address. */
  readonly variants: readonly DigestVariant[];
  /** Hashes that other tools sign: only to say what would have fitted. */
  readonly nearby?: readonly DigestVariant[];
  /** The canonical addresses that a 65-byte key has, the usual one first. */
  readonly addresses: (key: Uint8Array) => readonly string[];
  /** Whether an address other than the usual one is flagged `non-canonical` (a key in a form that wallets do not use). */
  readonly flagUnusual?: boolean;
  /** Reads a signature cell; left out: 65 bytes r, s, v in hex. */
  readonly parse?: typeof parseRecoverableSignature;
}

/**
 * Whether the signature of the message recovers a key that the account's address is derived from; else whether it recovers the key
 * of the key column (33 bytes, hex) where the account may have other keys. Both must agree where both are there.
 */
export function checkRecovered(
  rules: RecoveryRules,
  text: string,
  message: string,
  account: Account,
  supplied: string | null,
): SignatureCheck {
  const signature = (rules.parse ?? parseRecoverableSignature)(text);
  if (!signature.ok) return nothing(`cannot be read: ${signature.error}`);
  let fitsSupplied: { readonly variant: DigestVariant; readonly key: Uint8Array } | null = null;
  for (const variant of rules.variants) {
    trace?.attempt(nameOf(variant));
    const key = recover(signature.value, variant.digest(message));
    if (key === null) continue;
    const isSupplied = supplied !== null && isKey(key, supplied);
    const at = whichAddress(rules, key, account);
    if (at >= 0) {
      if (supplied !== null && !isSupplied)
        return nothing('fits the address, but the public key column is another key');
      const canonical = signature.value.canonical && !(rules.flagUnusual && at > 0);
      return { shows: 'account', ...fitOf(variant, canonical) };
    }
    if (isSupplied) fitsSupplied = { variant, key };
  }
  if (fitsSupplied !== null) {
    if (account.otherKeys !== null) return { shows: 'key', ...fitOf(fitsSupplied.variant, signature.value.canonical) };
    return nothing(`fits the public key column, but that is the key of ${rules.addresses(fitsSupplied.key)[0]}`);
  }
  if (!account.derived && supplied === null) {
    const scheme = rules.variants[0]?.scheme ?? '';
    return { shows: 'unknown', scheme, reason: `no key is published to check signature1 with: ${account.otherKeys}` };
  }
  return nothing(
    `was not made by ${account.canonical} for this message${hint(rules, signature.value, message, account)}`,
  );
}

const nameOf = ({ scheme, variant }: DigestVariant): string => (variant === null ? scheme : `${scheme} (${variant})`);

function isKey(key: Uint8Array, supplied: string): boolean {
  const compressed = compressPublicKey(key);
  const equal = Buffer.from(compressed).toString('hex') === supplied;
  trace?.compare('recovered key, the public key column', compressed, supplied, equal);
  return equal;
}

/** Which of the key's addresses is the account's; -1 where none is. */
function whichAddress(rules: RecoveryRules, key: Uint8Array, { canonical }: Account): number {
  const addresses = rules.addresses(key);
  const at = addresses.indexOf(canonical);
  trace?.compare('address of the recovered key, the signer', addresses.join(' or '), canonical, at >= 0);
  return at;
}

const nothing = (reason: string): SignatureCheck => ({ shows: 'nothing', reason });

const recover = ({ rs, recoveryId }: RecoverableSignature, digest: Uint8Array): Uint8Array | null =>
  recoverPublicKey(digest, rs, recoveryId);

function fitOf({ scheme, variant }: DigestVariant, canonical: boolean) {
  const flags: OwnershipFlag[] = [];
  if (!canonical) flags.push('non-canonical');
  if (variant !== null) flags.push(`message-variant:${variant}`);
  return { scheme, flags };
}

/** What would have fitted, said after the reason: another hash, another spelling, the other recovery id. */
function hint(rules: RecoveryRules, signature: RecoverableSignature, message: string, account: Account): string {
  const fits = (one: RecoverableSignature, digest: Uint8Array): boolean => {
    const key = recover(one, digest);
    return key !== null && whichAddress(rules, key, account) >= 0;
  };
  const other = rules.nearby?.find((variant) => {
    trace?.attempt(nameOf(variant), false);
    return fits(signature, variant.digest(message));
  });
  if (other) return `; it would fit the ${other.variant ?? other.scheme} hash of it, which is not signed on this chain`;
  const flipped: RecoverableSignature = { ...signature, recoveryId: signature.recoveryId === 0 ? 1 : 0 };
  trace?.attempt('the other recovery byte', false);
  if (rules.variants.some(({ digest }) => fits(flipped, digest(message)))) {
    return '; it would fit with the other recovery byte';
  }
  const near = nearbyTexts(message).find(({ what, text }) => {
    trace?.attempt(what, false);
    return rules.variants.some(({ digest }) => fits(signature, digest(text)));
  });
  return near ? `; it would fit ${near.what}: publish the message exactly as signed` : '';
}
