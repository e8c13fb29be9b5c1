import { crc32 } from 'node:zlib';
import { base58, bech32 } from '@scure/base';
import { ok, type Result } from '../../src/domain/result.ts';
import { decodeBech32, decodeOrNull, equalBytes, notAnAddress } from '../../src/lib/decode-text.ts';
import { blake2b } from '../../src/lib/digests.ts';
import type { KeyedAddress } from '../../src/lib/ed25519-chain.ts';

/** CIP-19: the longest main-network address (pointer with three numbers of 5 bytes) stays below this. */
const MAX_TEXT = 130;
const HASH_BYTES = 28;
const MAINNET = 1;

/** BLAKE2b-224 of a verification key: the payment credential of its addresses (CIP-19). */
export const keyHash = (key: Uint8Array): Uint8Array => blake2b(key, HASH_BYTES);

/** The enterprise address of a key on the main network (CIP-19, type 6). */
export const enterpriseAddressOf = (key: Uint8Array): string =>
  bech32.encode('addr', bech32.toWords(Uint8Array.of(0x61, ...keyHash(key))), MAX_TEXT);

/** Reads a main-network address: Shelley bech32 (CIP-19 types 0 to 7, reward addresses 14 and 15) or Byron base58. */
export function decodeCardanoAddress(text: string): Result<KeyedAddress> {
  const shelley = decodeBech32(text, MAX_TEXT);
  if (shelley === null) return decodeByron(text);
  const { prefix, bytes } = shelley;
  const type = (bytes[0] ?? 0) >> 4;
  const expected = type >= 14 ? 'stake' : 'addr';
  if (((bytes[0] ?? 0) & 0x0f) !== MAINNET || prefix !== expected) {
    return notAnAddress('Cardano', text, 'is not of the main network');
  }
  if (!hasShape(type, bytes))
    return notAnAddress('Cardano', text, `has not the form of an address of type ${type} (CIP-19)`);
  // Upper case is a spelling of the same address (BIP-173).
  const canonical = text.toLowerCase();
  const credential = bytes.slice(1, 1 + HASH_BYTES);
  // CIP-19: an odd type has a script where an even one has a key.
  return type % 2 === 1
    ? ok({
        kind: 'none',
        canonical,
        reason: `its credential (type ${type}) is a script, for which no single key signs`,
      })
    : ok({ kind: 'hash', canonical, isOf: (key) => equalBytes(keyHash(key), credential) });
}

function hasShape(type: number, bytes: Uint8Array): boolean {
  if (type <= 3) return bytes.length === 1 + 2 * HASH_BYTES;
  if (type <= 5) return isPointer(bytes.subarray(1 + HASH_BYTES));
  return (type <= 7 || type >= 14) && bytes.length === 1 + HASH_BYTES;
}

/** Three numbers of variable length: slot, transaction, certificate; each ends with a byte below 0x80. */
const isPointer = (bytes: Uint8Array): boolean =>
  bytes.length >= 3 && (bytes.at(-1) ?? 0x80) < 0x80 && bytes.filter((byte) => byte < 0x80).length === 3;

/** CBOR [tag 24 (bytes), CRC-32]; its root hashes an extended key, which rows do not give. */
function decodeByron(text: string): Result<KeyedAddress> {
  const bytes = text.length <= 150 ? decodeOrNull(base58, text) : null;
  const length = bytes?.[4] ?? 0;
  const payload = bytes?.subarray(5, 5 + length) ?? new Uint8Array(0);
  if (bytes === null || !equalBytes(bytes.subarray(0, 4), BYRON_HEAD) || payload.length !== length) {
    return notAnAddress('Cardano', text, 'decodes neither as bech32 (Shelley) nor as base58 (Byron)');
  }
  if (!equalBytes(bytes.subarray(5 + length), cborUint(crc32(payload)))) {
    return notAnAddress('Cardano', text, 'has a wrong checksum (CRC-32)');
  }
  if (!isMainnetByron(payload)) return notAnAddress('Cardano', text, 'is not of the main network');
  const reason = 'a Byron address hashes an extended key, which the row does not give; the key is the one in the row';
  return ok({ kind: 'open', canonical: text, isOf: () => false, reason });
}

/** An array of two, tag 24, a byte string whose length takes a byte. */
const BYRON_HEAD = Uint8Array.of(0x82, 0xd8, 0x18, 0x58);

/** [28 bytes, attributes, type]: of the main network where the attributes are none or a derivation path alone (key 1). */
const isMainnetByron = (payload: Uint8Array): boolean =>
  equalBytes(payload.subarray(0, 3), Uint8Array.of(0x83, 0x58, 0x1c)) &&
  (payload[31] === 0xa0 || (payload[31] === 0xa1 && payload[32] === 0x01));

/** An unsigned number below 2^32 in CBOR's shortest form (RFC 8949 section 4.2.1). */
function cborUint(value: number): Uint8Array {
  if (value < 24) return Uint8Array.of(value);
  const size = value < 0x100 ? 1 : value < 0x1_0000 ? 2 : 4;
  const bytes = Buffer.alloc(1 + size);
  bytes[0] = size === 1 ? 0x18 : size === 2 ? 0x19 : 0x1a;
  bytes.writeUIntBE(value, 1, size);
  return new Uint8Array(bytes);
}
