/** The field's prime, 2^251 + 17·2^192 + 1 (the one that StarkWare's proofs use). */
export const P = 2n ** 251n + 17n * 2n ** 192n + 1n;

/** The element from which the format takes every root of unity; it is no square. */
const NONRESIDUE = 3n;

/** The canonical representative, in [0, P), of any integer. */
export function reduce(value: bigint): bigint {
  const rest = value % P;
  return rest < 0n ? rest + P : rest;
}

/** base^exponent for a canonical base and an exponent that is not negative. */
export function power(base: bigint, exponent: bigint | number): bigint {
  let result = 1n;
  let square = base;
  for (let rest = BigInt(exponent); rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}

/** The inverse of a canonical element other than zero (zero gives zero). */
export const inverse = (value: bigint): bigint => power(value, P - 2n);

const roots = new Map<number, bigint>();

/** The root of unity 3^((P−1)/size) that generates the domain of that size (a power of two). */
export function rootOfUnity(size: number): bigint {
  const known = roots.get(size);
  if (known !== undefined) return known;
  const root = power(NONRESIDUE, (P - 1n) / BigInt(size));
  roots.set(size, root);
  return root;
}

/** An integer given as big-endian hex digits. */
export const integerOfHex = (hex: string): bigint => BigInt(`0x${hex}`);

/** A field element as the format writes it: 32 bytes, big-endian, as 64 lower-case hex digits. */
export const hexOfElement = (value: bigint): string => value.toString(16).padStart(64, '0');
