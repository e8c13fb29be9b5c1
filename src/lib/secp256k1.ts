import { createRequire } from 'node:module';
import { sharedResults } from './curve-work.ts';
import { createRecoveryMemo } from './recovery-memo.ts';
import { INPUT_BYTES } from './shared-results.ts';
import { trace } from './trace.ts';

type Recover = (digest: Uint8Array, rs: Uint8Array, recoveryId: 0 | 1 | 2 | 3) => Uint8Array | null;

type Native = Pick<typeof import('secp256k1'), 'ecdsaRecover'>;

const require = createRequire(import.meta.url);

const KEY_BYTES = 65;
let pool = new ArrayBuffer(0);
let pooled = 0;

/** Room for one key: a buffer of its own for each would cost the garbage collector as much as all other work on a row. */
function newKey(): Uint8Array {
  if (pooled + KEY_BYTES > pool.byteLength) {
    pool = new ArrayBuffer(256 * KEY_BYTES);
    pooled = 0;
  }
  pooled += KEY_BYTES;
  return new Uint8Array(pool, pooled - KEY_BYTES, KEY_BYTES);
}

/** The package's own entry falls back to slow JavaScript without a word, so the binding is asked for by name. */
function loadNative(): Recover | null {
  try {
    const native = require('secp256k1/bindings') as Native;
    return (digest, rs, recoveryId) => {
      try {
        return native.ecdsaRecover(rs, recoveryId, digest, false, newKey);
      } catch {
        return null;
      }
    };
  } catch {
    return null;
  }
}

const native = loadNative();
const recover: Recover = native ?? (await import('./secp256k1-noble.ts')).recoverWithNoble;
const memo = createRecoveryMemo();
let operations = 0;

/** Which implementation does the curve operations of this process: `noble` is about 25 times slower and worth a warning. */
export const secp256k1Backend = (): 'native' | 'noble' => (native ? 'native' : 'noble');

/** How many curve operations this process (this worker thread) really made: recoveries answered from memory are not counted. */
export const curveOperations = (): number => operations;

/**
 * Recovers the public key of an ECDSA signature (SEC 1 section 4.1.6) as 65 uncompressed bytes, or null where there is none
 * (r or s zero or not below n, r no x coordinate, infinity) or an input has the wrong length. Never throws. High s is accepted.
 * The same input is computed once: a bounded memory answers repetitions.
 */
export function recoverPublicKey(digest: Uint8Array, rs: Uint8Array, recoveryId: 0 | 1 | 2 | 3): Uint8Array | null {
  if (digest.length !== 32 || rs.length !== 64 || !(recoveryId >= 0 && recoveryId <= 3)) return null;
  const shared = sharedResults()?.once(inputOf(digest, rs, recoveryId), () => counted(digest, rs, recoveryId));
  const key = shared === undefined ? recoverOnce(digest, rs, recoveryId) : shared;
  trace?.recover(digest, rs, recoveryId, key);
  return key;
}

const counted: Recover = (digest, rs, recoveryId) => {
  operations += 1;
  return recover(digest, rs, recoveryId);
};

const recoverOnce: Recover = (digest, rs, recoveryId) => {
  const known = memo.get(digest, rs, recoveryId);
  if (known !== undefined) return known;
  const key = counted(digest, rs, recoveryId);
  memo.put(digest, rs, recoveryId, key);
  return key;
};

const input = new Uint8Array(INPUT_BYTES);

function inputOf(digest: Uint8Array, rs: Uint8Array, recoveryId: number): Uint8Array {
  input.set(digest);
  input.set(rs, 32);
  input[96] = recoveryId;
  return input;
}

/** The 33-byte form (SEC 1 section 2.3.3) of a 65-byte uncompressed key; the curve equation is not checked. */
export function compressPublicKey(key: Uint8Array): Uint8Array {
  if (key.length !== 65 || key[0] !== 4) throw new RangeError('compressPublicKey needs 65 bytes that start with 04');
  const compressed = key.slice(0, 33);
  compressed[0] = 2 | ((key[64] as number) & 1);
  return compressed;
}

/** (n - 1) / 2 of secp256k1, big-endian (SEC 2 section 2.4.1). */
const HALF_ORDER = Buffer.from('7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0', 'hex');

/** Whether s of the 64 bytes r, s is above n / 2: valid mathematics, but a second spelling of the same signature. */
export const isHighS = (rs: Uint8Array): boolean => Buffer.compare(rs.subarray(32, 64), HALF_ORDER) > 0;
