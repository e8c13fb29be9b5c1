import type { Checklist } from '../checklist.ts';
import { integerOfHex, inverse, P, power, reduce, rootOfUnity } from './field.ts';
import { opensTo, rootOfLeaves } from './merkle.ts';
import { degreeBounds, type SumProof } from './sum-proof.ts';
import { BLOW_UP, sampledPositions } from './transcript.ts';

const QUARTER = inverse(4n);

/** Checks that the values behind `linearRoot` are those of a polynomial of degree below four times the rows. */
export function checkLowDegree(proof: SumProof, checks: Checklist): boolean {
  const bounds = degreeBounds(proof.steps);
  let size = BLOW_UP * proof.steps;
  let root = proof.linearRoot;
  let positions = sampledPositions((proof.layers[0] ?? { root }).root, size / 4);
  for (const [i, layer] of proof.layers.entries()) {
    const quarter = size / 4;
    positions = positions.map((position) => position % quarter);
    const rows = positions.flatMap((position) => [0, 1, 2, 3].map((j) => position + j * quarter));
    const at = `layer ${i}`;
    if (!checks.require(`fri-column-path-${i}`, opensTo(layer.root, positions, layer.columns), at)) return false;
    if (!checks.require(`fri-value-path-${i}`, opensTo(root, rows, layer.values), at)) return false;
    const challenge = reduce(integerOfHex(root));
    const folds = positions.every((position, k) => {
      const values = [0, 1, 2, 3].map((j) => integerOfHex(layer.values[4 * k + j]![0]!));
      const folded = foldFour(values, (challenge * power(rootOfUnity(size), size - position)) % P, rootOfUnity(4));
      return folded === reduce(integerOfHex(layer.columns[k]![0]!));
    });
    if (!checks.require(`fri-fold-${i}`, folds, `${at}: each column value is its row's cubic at the challenge`))
      return false;
    root = layer.root;
    size = quarter;
  }
  const rooted = rootOfLeaves(proof.last) === root;
  if (!checks.require('fri-last-root', rooted, 'the last values are those behind the last root')) return false;
  const low = isLowDegree(proof.last.map(integerOfHex), bounds.at(-1)!);
  return checks.require('fri-last-degree', low, `the last values lie on a polynomial of degree below ${bounds.at(-1)}`);
}

/** The value at z of the cubic through values at x, xi, −x, −xi (i a fourth root of unity), with u = z/x. */
function foldFour(values: readonly bigint[], u: bigint, i: bigint): bigint {
  const [a, b, c, d] = values as [bigint, bigint, bigint, bigint];
  const even = [a + c, a - c];
  const odd = [b + d, (b - d) * i];
  const c0 = even[0]! + odd[0]!;
  const c1 = even[1]! - odd[1]!;
  const c2 = even[0]! - odd[0]!;
  const c3 = even[1]! + odd[1]!;
  const inner = (((c3 * u + c2) % P) * u + c1) % P;
  return reduce(((inner * u + c0) % P) * QUARTER);
}

/** Whether all values but those at multiples of 16 lie on one polynomial of degree below the bound. */
function isLowDegree(values: readonly bigint[], bound: number): boolean {
  const positions = [...values.keys()].filter((position) => position % BLOW_UP !== 0);
  const base = positions.slice(0, bound);
  const weights = extrapolation(values.length, bound);
  return positions.slice(bound).every((position, k) => {
    const value = base.reduce((sum, from, j) => sum + weights[k]![j]! * values[from]!, 0n);
    return reduce(value) === reduce(values[position]!);
  });
}

const extrapolations = new Map<string, readonly (readonly bigint[])[]>();

/** Lagrange's weights: how the values at the first `bound` places give the value at each further one. */
function extrapolation(size: number, bound: number): readonly (readonly bigint[])[] {
  const key = `${size}/${bound}`;
  const known = extrapolations.get(key);
  if (known !== undefined) return known;
  const xs = Array.from({ length: size }, (_, i) => power(rootOfUnity(size), i)).filter((_, i) => i % BLOW_UP !== 0);
  const base = xs.slice(0, bound);
  const product = (x: bigint, without: number): bigint =>
    base.reduce((all, other, j) => (j === without ? all : reduce(all * (x - other))), 1n);
  const denominators = base.map((x, j) => inverse(product(x, j)));
  const made = xs.slice(bound).map((x) => base.map((_, j) => (product(x, j) * denominators[j]!) % P));
  extrapolations.set(key, made);
  return made;
}
