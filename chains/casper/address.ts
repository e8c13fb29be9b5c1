import { ok, type Result } from '../../src/domain/result.ts';
import { notAnAddress, toHex } from '../../src/lib/decode-text.ts';
import { blake2b } from '../../src/lib/digests.ts';
import type { KeyedAddress } from '../../src/lib/ed25519-chain.ts';

const ACCOUNT_HASH = 'account-hash-';

/** The account hash of a key: BLAKE2b-256(name of the curve ‖ 00 ‖ key) (casper-types, AccountHash). */
const accountHash = (key: Uint8Array, curve: 'ed25519' | 'secp256k1' = 'ed25519'): string =>
  toHex(blake2b(Buffer.concat([Buffer.from(`${curve}\0`, 'latin1'), key]), 32));

/** A key as an address: 01 and its hex. */
export const casperAddressOf = (key: Uint8Array): string => `01${toHex(key)}`;

/**
 * Reads a Casper public key (01 Ed25519, 02 secp256k1) or an account hash; mixed case must be CEP-57's checksum. A key and its account
 * hash name one account, so that the hash is the canonical spelling of both.
 */
export function decodeCasperAddress(text: string): Result<KeyedAddress> {
  const [, tag = '', digits] =
    /^(01(?=.{64}$)|02(?=.{66}$)|account-hash-|)([0-9a-fA-F]{64}|[0-9a-fA-F]{66})$/.exec(text) ?? [];
  if (digits === undefined || (digits.length === 66) !== (tag === '02')) {
    return notAnAddress('Casper', text, 'is neither 01 or 02 and a key in hex nor an account hash');
  }
  if (!hasRightCase(digits)) return notAnAddress('Casper', text, 'has a wrong checksum (CEP-57, letter case)');
  const lower = digits.toLowerCase();
  const key = Buffer.from(lower, 'hex');
  if (tag === '01') return ok({ kind: 'key', canonical: `${ACCOUNT_HASH}${accountHash(key)}`, key });
  if (tag === '02') {
    const canonical = `${ACCOUNT_HASH}${accountHash(key, 'secp256k1')}`;
    return ok({ kind: 'none', canonical, reason: 'a secp256k1 key, for which no Ed25519 key signs' });
  }
  const reason =
    "not the key's own account hash: which keys are associated stands on chain only; the key is the one in the row";
  return ok({ kind: 'open', canonical: `${ACCOUNT_HASH}${lower}`, isOf: (key) => accountHash(key) === lower, reason });
}

/** CEP-57: the n-th letter is upper case where the n-th bit of BLAKE2b-256 of the bytes is set (least significant first); all one case states nothing. */
function hasRightCase(digits: string): boolean {
  if (digits === digits.toLowerCase() || digits === digits.toUpperCase()) return true;
  const hash = blake2b(Buffer.from(digits, 'hex'), 32);
  let letters = 0;
  const right = [...digits].map((digit) => {
    if (digit <= '9') return digit;
    const bit = ((hash[(letters >> 3) % 32] as number) >> (letters & 7)) & 1;
    letters += 1;
    return bit === 1 ? digit.toUpperCase() : digit.toLowerCase();
  });
  return right.join('') === digits;
}
