import { base58 } from '@scure/base';
import { ok, type Result } from '../../src/domain/result.ts';
import { decodeOrNull, equalBytes, notAnAddress } from '../../src/lib/decode-text.ts';
import { blake2b } from '../../src/lib/digests.ts';
import type { KeyedAddress } from '../../src/lib/ed25519-chain.ts';

/** SS58: the checksum is the first two bytes of BLAKE2b-512 over `SS58PRE` ‖ prefix ‖ account. */
const checksum = (data: Uint8Array): Uint8Array =>
  blake2b(Buffer.concat([Buffer.from('SS58PRE'), data]), 64).subarray(0, 2);

/** SS58: one byte below 64, else two with the bits of the prefix interleaved. */
const prefixBytes = (prefix: number): Uint8Array =>
  prefix < 64
    ? Uint8Array.of(prefix)
    : Uint8Array.of(((prefix & 0b1111_1100) >> 2) | 0b0100_0000, (prefix >> 8) | ((prefix & 0b11) << 6));

/** The SS58 address of a 32-byte account id on the network with that prefix. */
export function ss58Of(account: Uint8Array, prefix: number): string {
  const data = Uint8Array.of(...prefixBytes(prefix), ...account);
  return base58.encode(Uint8Array.of(...data, ...checksum(data)));
}

/** Reads an SS58 address of a 32-byte account with the checksum and the network prefix given; one spelling an account. */
export function decodeSs58(text: string, prefix: number): Result<KeyedAddress> {
  const bytes = text.length <= 64 ? decodeOrNull(base58, text) : null;
  const head = prefixBytes(prefix);
  const ownLength = head.length + 34;
  if (bytes === null || bytes.length < 35 || bytes.length > 36) {
    return notAnAddress('SS58', text, 'is not the base58 of a 32-byte account');
  }
  if (!equalBytes(checksum(bytes.subarray(0, -2)), bytes.subarray(-2))) {
    return notAnAddress('SS58', text, 'has a wrong checksum');
  }
  if (bytes.length !== ownLength || !equalBytes(bytes.subarray(0, head.length), head)) {
    return notAnAddress('SS58', text, `is of another network than that with prefix ${prefix}`);
  }
  return ok({ kind: 'key', canonical: text, key: bytes.slice(head.length, -2) });
}
