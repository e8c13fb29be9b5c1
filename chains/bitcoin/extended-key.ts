import { createHmac } from 'node:crypto';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { createBase58check } from '@scure/base';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { sha256Bytes } from '../../src/lib/hash.ts';

const base58check = createBase58check((data: Uint8Array) => sha256Bytes(data));

/** Version bytes of extended public keys (BIP-32): xpub and tpub. */
const VERSIONS: readonly number[] = [0x0488b21e, 0x043587cf];

/** Children derived from one key at most: what descriptors of real wallets need is two. */
const MAX_DEPTH = 10;

/**
 * The 33-byte public key that an extended public key (xpub, tpub) gives along a path of unhardened indexes (BIP-32, «public
 * parent key → public child key»). Never throws.
 */
export function derivePublicKey(extended: string, path: readonly number[]): Result<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = base58check.decode(extended);
  } catch {
    return err('an extended key does not decode: wrong characters or checksum');
  }
  if (bytes.length !== 78) return err(`an extended key has ${bytes.length} bytes instead of 78`);
  if (!VERSIONS.includes(Buffer.from(bytes).readUInt32BE(0))) return err('an extended key is no xpub or tpub');
  if (path.length > MAX_DEPTH) return err(`a path is longer than ${MAX_DEPTH}`);
  let chainCode = bytes.slice(13, 45);
  let key = bytes.slice(45);
  try {
    for (const index of path) {
      const data = Buffer.alloc(37);
      data.set(key);
      data.writeUInt32BE(index, 33);
      const digest = createHmac('sha512', chainCode).update(data).digest();
      const tweak = BigInt(`0x${digest.subarray(0, 32).toString('hex')}`);
      // BIP-32: such an index has no key; a tweak of zero is as unlikely and refused with it.
      if (tweak === 0n || tweak >= secp256k1.Point.Fn.ORDER) return err(`index ${index} gives no key`);
      key = secp256k1.Point.BASE.multiply(tweak).add(secp256k1.Point.fromBytes(key)).toBytes(true);
      chainCode = Uint8Array.from(digest.subarray(32));
    }
    return ok(secp256k1.Point.fromBytes(key).toBytes(true));
  } catch {
    return err('an extended key holds no point of the curve');
  }
}
