import type { Ext, Field, Words } from './field.ts';
import { inverse, P, power, reverseBits, rootOfUnity } from './goldilocks.ts';

/** What inverseRoots returns. */
export type CosetRoots = readonly (readonly Ext[])[];

/** For each halving of a coset of 2^arityBits points: the inverses of the relative positions of its pairs' first points. */
export function inverseRoots(field: Field, arityBits: number): CosetRoots {
  return Array.from({ length: arityBits }, (_, level) => {
    const bits = arityBits - level;
    const root = inverse(rootOfUnity(bits));
    return Array.from({ length: 2 ** (bits - 1) }, (_, i) =>
      field.constant(power(root, BigInt(reverseBits(2 * i, bits)))),
    );
  });
}

/**
 * The folded polynomial's value at x^arity: the values of P on the coset x·⟨g⟩, in bit-reversed order, give P's remainder
 * modulo X^arity − x^arity at beta. Pairs (v, w) at ±y fold to (v + w)/2 + beta·(v − w)/(2y), then beta squares.
 */
export function foldCoset(field: Field, evals: Words, roots: CosetRoots, within: number, x: Ext, beta: Ext): Ext {
  const arityBits = roots.length;
  const g = rootOfUnity(arityBits);
  // The coset starts at x·g^(−rev(within)); only its inverse is needed.
  let inverseStart = field.mul(field.inverse(x), field.constant(power(g, BigInt(reverseBits(within, arityBits)))));
  const half = field.constant((P + 1n) / 2n);
  let values = Array.from({ length: 2 ** arityBits }, (_, i) => field.element(evals, i));
  let point = beta;
  for (const level of roots) {
    values = level.map((root, i) => {
      const [v, w] = [values[2 * i]!, values[2 * i + 1]!];
      const odd = field.mul(field.mul(field.sub(v, w), field.mul(inverseStart, root)), point);
      return field.mul(field.add(field.add(v, w), odd), half);
    });
    inverseStart = field.mul(inverseStart, inverseStart);
    point = field.mul(point, point);
  }
  return values[0]!;
}
