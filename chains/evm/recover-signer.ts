import { keccak256 } from '../../src/lib/keccak.ts';
import { recoverPublicKey } from '../../src/lib/secp256k1.ts';
import { trace } from '../../src/lib/trace.ts';
import { type TronMessageVariant, tronMessageDigest } from '../../src/lib/tron-message.ts';
import { messageDigest, messageDigests, type Variant } from './message-digests.ts';
import type { EvmSignature } from './signature.ts';

/** How a signature fits its signer. */
export interface Fit {
  readonly variant: Variant;
  readonly canonical: boolean;
}

/** Which of the variants makes the signature of the message come from the account (canonical hex address), or null. */
export function fitSigner(
  signature: EvmSignature,
  message: string,
  signer: string,
  variants: readonly Variant[],
): Fit | null {
  const digests = messageDigests(message);
  const wanted = signer.slice(2);
  const { last } = digests;
  const { canonical } = signature;
  if (trace === null && variants.includes(last) && isSigner(signature, digests.of(last), wanted)) {
    return { variant: last, canonical };
  }
  for (const variant of variants) {
    trace?.attempt(ATTEMPTS[variant]);
    if (isSigner(signature, digests.of(variant), wanted)) {
      digests.last = variant;
      return { variant, canonical };
    }
  }
  return null;
}

const ATTEMPTS: Readonly<Record<Variant, string>> = {
  digest32: 'evm-digest32: personal_sign of the 32 bytes Keccak-256(message) (OKX)',
  text: 'evm-text: personal_sign of the message (EIP-191)',
  'raw-keccak': 'evm-raw-keccak: Keccak-256 of the message itself (HTX)',
  'okx-envelope': "okx-ecdsa: Keccak-256 of OKX's own envelope of the message",
};

/** The account (`wanted`, in lower-case hex without prefix) is the last 20 bytes of the hash of the key (Ethereum yellow paper, appendix F). */
function isSigner({ rs, recoveryId }: EvmSignature, digest: Uint8Array, wanted: string): boolean {
  const key = recoverPublicKey(digest, rs, recoveryId);
  if (key === null) return false;
  const hash = keccak256(key.subarray(1));
  const equal = wanted.length === 40 && isHexOf(wanted, hash, 12);
  trace?.compare(
    'account of the recovered key (the last 20 bytes of the hash of x, y), the signer',
    hash.subarray(12),
    wanted,
    equal,
  );
  return equal;
}

/** Whether lower-case hex spells the bytes from there on: nothing is made for it, as it is asked once a row. */
function isHexOf(hex: string, bytes: Uint8Array, from: number): boolean {
  for (let at = 0; at < hex.length; at += 1) {
    const byte = bytes[from + (at >> 1)] as number;
    const nibble = at % 2 === 0 ? byte >> 4 : byte & 15;
    if (hex.charCodeAt(at) !== (nibble < 10 ? 0x30 + nibble : 0x57 + nibble)) return false;
  }
  return true;
}

/**
 * What a signature that does not fit would have fitted, to be told and never accepted: OKX's envelope where the chain does not use it,
 * TRON's hashes, the other recovery byte, or a spelling that a slip on the way makes of the message; null when nothing explains it.
 */
export function nearbyMessage(
  signature: EvmSignature,
  message: string,
  signer: string,
  variants: readonly Variant[],
): string | null {
  const wanted = signer.slice(2);
  trace?.attempt(ATTEMPTS['okx-envelope'], false);
  if (isSigner(signature, messageDigest(message, 'okx-envelope'), wanted)) {
    return "OKX's own envelope of it, which is not used on this chain";
  }
  for (const variant of ['v2', 'v1', 'v1-text'] as const satisfies readonly TronMessageVariant[]) {
    trace?.attempt(`TRON's hash ${variant} (TIP-191)`, false);
    if (isSigner(signature, tronMessageDigest(message, variant), wanted)) {
      return `TRON's hash of it (TIP-191 ${variant}), which is not signed on this chain`;
    }
  }
  const other: EvmSignature = { ...signature, recoveryId: signature.recoveryId === 0 ? 1 : 0 };
  trace?.attempt('the other recovery byte', false);
  if (variants.some((variant) => isSigner(other, messageDigest(message, variant), wanted))) {
    return 'with the other recovery byte';
  }
  const tried = new Set([message]);
  for (const [what, text] of spellings(message)) {
    if (tried.has(text)) continue;
    tried.add(text);
    trace?.attempt(what, false);
    if (variants.some((variant) => isSigner(signature, messageDigest(text, variant), wanted))) {
      return `${what}: publish the message exactly as signed`;
    }
  }
  return null;
}

const spellings = (message: string): readonly (readonly [string, string])[] => [
  ['the message without the blanks around it', message.trim()],
  ['the message with a line end after it', `${message}\n`],
  ['the message with LF line ends', message.replaceAll('\r\n', '\n')],
  ['the message with CRLF line ends', message.replaceAll(/\r?\n/g, '\r\n')],
  ['the message in Unicode form NFC', message.normalize('NFC')],
  ['the message in Unicode form NFD', message.normalize('NFD')],
];
