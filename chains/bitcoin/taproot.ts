import { secp256k1 } from '@noble/curves/secp256k1.js';
import { compactSize } from '../../src/lib/okx-envelope.ts';
import { sameBytes, taggedHash } from './hash.ts';

/** BIP-341: a control block is 33 bytes and up to 128 hashes of 32. */
const CONTROL_BASE = 33;
const CONTROL_NODE = 32;
const MAX_DEPTH = 128;

/** Whether the last two items of a witness are a script and the control block that proves it is a leaf of that output key (BIP-341). */
export function isTaprootLeaf(witness: readonly Uint8Array[], outputKey: Uint8Array): boolean {
  const [script, control] = witness.slice(-2);
  if (script === undefined || control === undefined || control.length < CONTROL_BASE) return false;
  const depth = (control.length - CONTROL_BASE) / CONTROL_NODE;
  if (!Number.isInteger(depth) || depth > MAX_DEPTH) return false;
  const head = control[0] as number;
  let hash = taggedHash('TapLeaf', Uint8Array.of(head & 0xfe), compactSize(script.length), script);
  for (let at = CONTROL_BASE; at < control.length; at += CONTROL_NODE) {
    const other = control.subarray(at, at + CONTROL_NODE);
    const [left, right] = Buffer.compare(hash, other) < 0 ? [hash, other] : [other, hash];
    hash = taggedHash('TapBranch', left, right);
  }
  const tweaked = tweak(control.subarray(1, CONTROL_BASE), hash);
  return tweaked !== null && (tweaked[0] === 3) === ((head & 1) === 1) && sameBytes(tweaked.subarray(1), outputKey);
}

/** The internal key plus the tweak of the tree's root, compressed; null where either is none. */
function tweak(internalKey: Uint8Array, root: Uint8Array): Uint8Array | null {
  try {
    const scalar = BigInt(`0x${Buffer.from(taggedHash('TapTweak', internalKey, root)).toString('hex')}`);
    const point = secp256k1.Point.fromBytes(Uint8Array.of(2, ...internalKey));
    return point.add(secp256k1.Point.BASE.multiply(scalar)).toBytes(true);
  } catch {
    return null;
  }
}
