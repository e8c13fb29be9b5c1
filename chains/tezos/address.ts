import { createBase58check } from '@scure/base';
import { ok, type Result } from '../../src/domain/result.ts';
import { decodeOrNull, equalBytes, notAnAddress, toHex } from '../../src/lib/decode-text.ts';
import { blake2b } from '../../src/lib/digests.ts';
import type { KeyedAddress } from '../../src/lib/ed25519-chain.ts';
import { sha256Bytes } from '../../src/lib/hash.ts';

const base58check = createBase58check((data: Uint8Array) => sha256Bytes(data));

/** Octez, base58 prefixes: tz1 Ed25519, tz2 secp256k1, tz3 P-256, tz4 BLS, KT1 an originated contract. */
const TZ1 = Uint8Array.of(0x06, 0xa1, 0x9f);
const OTHER_KEYS = new Map([
  ['06a1a1', 'secp256k1'],
  ['06a1a4', 'P-256'],
  ['06a1a6', 'BLS'],
]);
const KT1 = '025a79';

const keyHash = (key: Uint8Array): Uint8Array => blake2b(key, 20);

/** The tz1 address of a key: base58check(06a19f ‖ BLAKE2b-160(key)). */
export const tz1Of = (key: Uint8Array): string => base58check.encode(Uint8Array.of(...TZ1, ...keyHash(key)));

/** Reads a Tezos address with its checksum: tz1 to tz4, or KT1; one spelling each. */
export function decodeTezosAddress(text: string): Result<KeyedAddress> {
  const bytes = text.length <= 40 ? decodeOrNull(base58check, text) : null;
  if (bytes?.length !== 23) return notAnAddress('Tezos', text, 'does not decode: wrong digits, length or checksum');
  const prefix = toHex(bytes.subarray(0, 3));
  const hash = bytes.slice(3);
  if (equalBytes(bytes.subarray(0, 3), TZ1)) {
    return ok({ kind: 'hash', canonical: text, isOf: (key) => equalBytes(keyHash(key), hash) });
  }
  if (prefix === KT1) {
    const reason = 'a contract (KT1): who manages it stands on chain only; the key is the one in the row';
    return ok({ kind: 'open', canonical: text, isOf: () => false, reason });
  }
  const curve = OTHER_KEYS.get(prefix);
  return curve === undefined
    ? notAnAddress('Tezos', text, 'is neither tz1 to tz4 nor KT1')
    : ok({ kind: 'none', canonical: text, reason: `an address of a ${curve} key, for which no Ed25519 key signs` });
}
