import { createPublicKey, verify } from 'node:crypto';
import { fitsOnce, otherOperations } from './curve-work.ts';
import { trace } from './trace.ts';

/** RFC 8410: the DER of a SubjectPublicKeyInfo for Ed25519, up to the 32 raw bytes of the key. */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

/** RFC 8032 section 5.1: the field's prime and the order of the base point. */
const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

/** y of the eight points whose order divides 8 (x is either root): any signature fits them, so they name nobody. */
const SMALL_ORDER_Y: ReadonlySet<bigint> = new Set([
  0n,
  1n,
  P - 1n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
]);

/** How many signatures were really checked on the curve so far: repeated triples are answered from memory. */
export const ed25519Operations = (): number => otherOperations().ed25519 ?? 0;

/**
 * Whether a 64-byte signature R‖S over the message fits a raw 32-byte Ed25519 key (RFC 8032 section 5.1.7, without the cofactor),
 * and strictly: S below the group order, key and R canonically encoded, neither of small order (OpenSSL alone
 * lets the identity key "sign" everything). Wrong lengths are false; never throws.
 */
export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const holds = verifyStrictly(publicKey, message, signature);
  trace?.verify('Ed25519 (RFC 8032, strict)', publicKey, message, signature, holds);
  return holds;
}

function verifyStrictly(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 64 || !isUsableEd25519Key(publicKey)) return false;
  if (!isUsablePoint(signature.subarray(0, 32)) || littleEndian(signature.subarray(32)) >= L) return false;
  return fitsOnce('ed25519', [publicKey, signature, message], () => verifyOnCurve(publicKey, message, signature));
}

/** Whether 32 bytes may be an Ed25519 key at all: canonical y, not of small order (being on the curve is not checked). */
export const isUsableEd25519Key = (key: Uint8Array): boolean => key.length === 32 && isUsablePoint(key);

function verifyOnCurve(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey({ key: Buffer.concat([SPKI_HEAD, publicKey]), format: 'der', type: 'spki' });
  return verify(null, message, key, signature);
}

function isUsablePoint(encoded: Uint8Array): boolean {
  const y = littleEndian(encoded) & (2n ** 255n - 1n);
  return y < P && !SMALL_ORDER_Y.has(y);
}

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}
