import { ripemd160 } from '../../src/lib/digests.ts';
import { sha256Bytes } from '../../src/lib/hash.ts';

/** RIPEMD-160 of SHA-256: 20 bytes, as in P2PKH and P2SH addresses. */
export const hash160 = (data: Uint8Array): Uint8Array => ripemd160(sha256Bytes(data));

/** SHA-256 of SHA-256 of the parts joined: 32 bytes. */
export const sha256d = (...parts: readonly Uint8Array[]): Uint8Array => sha256Bytes(sha256Bytes(...parts));

/** BIP-340's tagged hash: SHA-256(SHA-256(tag) ‖ SHA-256(tag) ‖ parts). */
export function taggedHash(tag: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const head = sha256Bytes(Buffer.from(tag, 'utf8'));
  return sha256Bytes(head, head, ...parts);
}

/** Whether two byte strings are equal. Nothing here is secret, so the time may differ. */
export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
