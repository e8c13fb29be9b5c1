import { bn254 } from '@noble/curves/bn254.js';

/** The order of BN254's groups: the field of Poseidon, of Groth16's public inputs and of every hash in these formats. */
export const R = bn254.fields.Fr.ORDER;

/** A 256-bit number from 64 hex digits (either case), big-endian, or null; whether it is below R is asked with `isScalar`. */
export const wordFromHex = (text: unknown): bigint | null =>
  typeof text === 'string' && /^[0-9a-fA-F]{64}$/.test(text) ? BigInt(`0x${text}`) : null;

/** Bytes from standard base64 with padding, in its one canonical spelling; null for anything else or for more than `maxBytes`. */
export function bytesFromBase64(text: unknown, maxBytes: number): Buffer | null {
  if (typeof text !== 'string' || text.length > 4 * Math.ceil(maxBytes / 3)) return null;
  const bytes = Buffer.from(text, 'base64');
  // Buffer skips what is not base64; the same text must come back.
  return bytes.toString('base64') === text && bytes.length <= maxBytes ? bytes : null;
}

/** A 256-bit number from the base64 of 32 bytes, big-endian, or null. */
export function wordFromBase64(text: unknown): bigint | null {
  const bytes = bytesFromBase64(text, 32);
  return bytes?.length === 32 ? wordFromHex(bytes.toString('hex')) : null;
}

/** Whether a number is a canonical scalar: at least 0 and below R. */
export const isScalar = (value: bigint): boolean => value >= 0n && value < R;

/** A number below 2^256 as 64 lower-case hex digits, big-endian. */
export const hexOfWord = (value: bigint): string => value.toString(16).padStart(64, '0');
