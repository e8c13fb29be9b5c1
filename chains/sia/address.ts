import { ok, type Result } from '../../src/domain/result.ts';
import { equalBytes, notAnAddress, toHex } from '../../src/lib/decode-text.ts';
import { blake2b } from '../../src/lib/digests.ts';
import type { KeyedAddress } from '../../src/lib/ed25519-chain.ts';

const hash = (...parts: readonly Uint8Array[]): Uint8Array => blake2b(Buffer.concat(parts), 32);
const uint64 = (value: number): Uint8Array => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};
/** RFC 6962's way of telling leaves from nodes. */
const leaf = (data: Uint8Array): Uint8Array => hash(Uint8Array.of(0), data);
const node = (left: Uint8Array, right: Uint8Array): Uint8Array => hash(Uint8Array.of(1), left, right);

const ALGORITHM = Buffer.alloc(16);
ALGORITHM.write('ed25519', 'latin1');

/** The hash of the usual unlock conditions of a key: no time lock, this key, one signature (Sia, types.StandardUnlockHash). */
const standardUnlockHash = (key: Uint8Array): Uint8Array =>
  node(node(leaf(uint64(0)), leaf(Buffer.concat([ALGORITHM, uint64(32), key]))), leaf(uint64(1)));

const spell = (unlockHash: Uint8Array): string => `${toHex(unlockHash)}${toHex(hash(unlockHash).subarray(0, 6))}`;

/** The usual address of a key: its unlock hash and six bytes of checksum, in hex. */
export const siaAddressOf = (key: Uint8Array): string => spell(standardUnlockHash(key));

/** Reads a Sia address: 76 hex digits, the last twelve a checksum. */
export function decodeSiaAddress(text: string): Result<KeyedAddress> {
  if (!/^[0-9a-fA-F]{76}$/.test(text)) return notAnAddress('Sia', text, 'is not 76 hex digits');
  const canonical = text.toLowerCase();
  const unlockHash = Buffer.from(canonical.slice(0, 64), 'hex');
  if (spell(unlockHash) !== canonical) return notAnAddress('Sia', text, 'has a wrong checksum');
  const reason =
    "not the key's usual address: other unlock conditions or a spend policy; the key is the one in the row";
  return ok({ kind: 'open', canonical, isOf: (key) => equalBytes(standardUnlockHash(key), unlockHash), reason });
}
