import type { Ext, ExtensionOps } from './field.ts';
import type { GateRow } from './gates/gate.ts';
import type { VerifierData } from './verifier-data.ts';

/** Values of the circuit's polynomials at one point, as a proof opens them. */
export interface Row extends Pick<GateRow, 'wires' | 'publicInputsHash'> {
  /** Selectors first, then the gates' constants. */
  readonly constants: readonly Ext[];
  readonly sigmas: readonly Ext[];
  /** The running products Z at the point and at the next row, one a challenge. */
  readonly zs: readonly Ext[];
  readonly zsNext: readonly Ext[];
  /** `partialProducts` a challenge. */
  readonly partialProducts: readonly Ext[];
}

/** The challenges that combine the terms. */
export interface Combination {
  readonly betas: readonly Ext[];
  readonly gammas: readonly Ext[];
  readonly alphas: readonly Ext[];
}

/** The selector value of rows whose gate is in another group (plonky2 UNUSED_SELECTOR). */
export const UNUSED_SELECTOR = 0xffff_ffffn;

/** An arithmetic that can forget what it computed since a mark. */
type Ops = ExtensionOps & { mark?(): number; rewind?(mark: number): void };

const noneOff = (): boolean => false;

/**
 * The vanishing polynomial's value at a point, one a challenge: the weighted sum of every constraint that must be zero on
 * the circuit's rows: Z starts at one, Z advances by the permutation's quotients, each gate's constraints under its filter.
 * `lagrangeFirst` is L0 at the point. `off` switches terms off, for tests only.
 */
export function evaluateVanishing(
  f: Ops,
  data: VerifierData,
  row: Row,
  point: Ext,
  lagrangeFirst: Ext,
  { betas, gammas, alphas }: Combination,
  off: (check: string) => boolean = noneOff,
): readonly Ext[] {
  const starts = row.zs.map((z) => (off('permutation-start') ? f.zero : f.mul(lagrangeFirst, f.sub(z, f.one))));
  const products = row.zs.flatMap((_, i) => permutationTerms(f, data, row, point, betas[i]!, gammas[i]!, i));
  const terms = [
    ...starts,
    ...products.map((term) => (off('permutation-steps') ? f.zero : term)),
    ...gateConstraints(f, data, row, off),
  ];
  return alphas.map((alpha) => terms.reduceRight((sum, term) => f.add(f.mul(sum, alpha), term), f.zero));
}

/** next·Π(wire + β·σ + γ) = previous·Π(wire + β·kᵢ·x + γ), in chunks of the quotient degree. */
function permutationTerms(
  f: ExtensionOps,
  data: VerifierData,
  row: Row,
  point: Ext,
  beta: Ext,
  gamma: Ext,
  challenge: number,
): Ext[] {
  const { partialProducts: count, quotientDegree, shifts } = data;
  const scaledPoint = f.mul(beta, point);
  const accumulators = [
    row.zs[challenge]!,
    ...row.partialProducts.slice(challenge * count, (challenge + 1) * count),
    row.zsNext[challenge]!,
  ];
  return Array.from({ length: count + 1 }, (_, chunk) => {
    let numerator = accumulators[chunk]!;
    let denominator = accumulators[chunk + 1]!;
    const end = Math.min(shifts.length, (chunk + 1) * quotientDegree);
    for (let j = chunk * quotientDegree; j < end; j++) {
      const shifted = f.add(row.wires[j]!, gamma);
      numerator = f.mul(numerator, f.add(shifted, f.mul(scaledPoint, f.constant(shifts[j]!))));
      denominator = f.mul(denominator, f.add(shifted, f.mul(beta, row.sigmas[j]!)));
    }
    return f.sub(numerator, denominator);
  });
}

/** Σ over gates of filter·constraint, place by place: on a row at most one filter is not zero. */
function gateConstraints(f: Ops, data: VerifierData, row: Row, off: (check: string) => boolean): readonly Ext[] {
  const selectors = data.groups.length;
  const gateRow: GateRow = {
    wires: row.wires,
    constants: row.constants.slice(selectors),
    publicInputsHash: row.publicInputsHash,
  };
  const sums: Ext[] = new Array(data.gateConstraints).fill(f.zero);
  for (const [index, gate] of data.gates.entries()) {
    if (off(`gate:${gate.name}`)) continue;
    const group = data.selectorIndices[index]!;
    const selector = row.constants[group]!;
    const { start, end } = data.groups[group]!;
    let filter = selectors > 1 ? f.sub(f.constant(UNUSED_SELECTOR), selector) : f.one;
    for (let other = start; other < end; other++)
      if (other !== index) filter = f.mul(filter, f.sub(f.constant(BigInt(other)), selector));
    for (const [place, constraint] of gate.evaluate(f, gateRow).entries())
      sums[place] = f.add(sums[place]!, f.mul(filter, constraint));
  }
  return sums;
}
