import { base32nopad } from '@scure/base';
import { ok, type Result } from '../../src/domain/result.ts';
import { decodeOrNull, equalBytes, notAnAddress } from '../../src/lib/decode-text.ts';
import { sha512Slash256 } from '../../src/lib/digests.ts';
import type { KeyedAddress } from '../../src/lib/ed25519-chain.ts';

/** The last four bytes of SHA-512/256 of the key. */
const checksum = (key: Uint8Array): Uint8Array => sha512Slash256(key).subarray(-4);

/** The address of a key: base32 of key and checksum, without padding. */
export const algorandAddressOf = (key: Uint8Array): string =>
  base32nopad.encode(Uint8Array.of(...key, ...checksum(key)));

/** Reads an Algorand address: 58 upper-case base32 digits with their checksum; one spelling each. */
export function decodeAlgorandAddress(text: string): Result<KeyedAddress> {
  const bytes = /^[A-Z2-7]{58}$/.test(text) ? decodeOrNull(base32nopad, text) : null;
  if (bytes?.length !== 36) return notAnAddress('Algorand', text, 'is not 58 upper-case base32 digits');
  const key = bytes.slice(0, 32);
  return equalBytes(checksum(key), bytes.subarray(32))
    ? ok({ kind: 'key', canonical: text, key })
    : notAnAddress('Algorand', text, 'has a wrong checksum');
}
