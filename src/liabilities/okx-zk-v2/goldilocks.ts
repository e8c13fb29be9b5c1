/** The Goldilocks prime 2^64 − 2^32 + 1, the field of plonky2. */
export const P = 0xffff_ffff_0000_0001n;

/** 2^64 mod P = 2^32 − 1: what a carry out of 64 bits is worth. */
export const EPSILON = 0xffff_ffffn;

/** The multiplicative generator of okx/plonky2 (upstream plonky2 has moved to another): also the shift of the FRI domain. */
export const GENERATOR = 7n;

/** A generator of the 2^32 roots of unity: 7^((P−1)/2^32), okx/plonky2 goldilocks_field.rs. */
export const TWO_ADIC_ROOT = 1753635133440165772n;

/** The quadratic extension is F[X]/(X² − 7). */
export const NON_RESIDUE = 7n;

/** base^exponent mod P for exponent ≥ 0. */
export function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base % P;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}

/** The inverse of a non-zero element. */
export const inverse = (value: bigint): bigint => power(value, P - 2n);

/** A primitive 2^bits-th root of unity, 0 ≤ bits ≤ 32. */
export const rootOfUnity = (bits: number): bigint => power(TWO_ADIC_ROOT, 1n << BigInt(32 - bits));

/** The low `bits` bits of an index in reverse order. */
export function reverseBits(index: number, bits: number): number {
  let result = 0;
  for (let bit = 0; bit < bits; bit++) result = result * 2 + (Math.floor(index / 2 ** bit) & 1);
  return result;
}
