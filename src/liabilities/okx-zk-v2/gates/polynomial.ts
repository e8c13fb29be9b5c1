import { power, rootOfUnity } from '../goldilocks.ts';
import {
  addPairs,
  type Gate,
  type GateRow,
  horner,
  mulPairs,
  type Pair,
  pairAt,
  range,
  scalePair,
  subPairs,
} from './gate.ts';

/** acc ← acc·alpha + coefficient, `count` times: wires output, alpha, start, coefficients, then the inner accumulators. */
function reducing(name: string, count: number, width: 1 | 2): Gate {
  const accumulators = 6 + width * count;
  const accumulator = (row: GateRow, i: number): Pair => pairAt(row, i === count - 1 ? 0 : accumulators + 2 * i);
  return {
    name: `${name}(${count})`,
    wires: accumulators + 2 * (count - 1),
    constants: 0,
    constraints: 2 * count,
    evaluate: (f, row) =>
      range(count, (i) => {
        const before = i === 0 ? pairAt(row, 4) : accumulator(row, i - 1);
        const coefficient: Pair = width === 2 ? pairAt(row, 6 + 2 * i) : [row.wires[6 + i]!, f.zero];
        return subPairs(f, addPairs(f, mulPairs(f, before, pairAt(row, 2)), coefficient), accumulator(row, i));
      }).flat(),
  };
}

/** Horner's rule over base-field coefficients. */
export const reducingGate = (count: number): Gate => reducing('Reducing', count, 1);
/** Horner's rule over extension coefficients. */
export const reducingExtensionGate = (count: number): Gate => reducing('ReducingExtension', count, 2);

/**
 * Interpolation on the coset shift·⟨w⟩ of 2^bits points, evaluated at one point. Wires: shift; values; point; result;
 * coefficients; powers 2… of the shift; powers 2… of the point. Each power is constrained by the one before it.
 */
export function lowDegreeInterpolationGate(bits: number): Gate {
  const points = 2 ** bits;
  const coefficientsAt = 1 + 2 * points + 4;
  const shiftsAt = coefficientsAt + 2 * points;
  const powersAt = shiftsAt + points - 2;
  return {
    name: `LowDegreeInterpolation(${bits})`,
    wires: powersAt + 2 * (points - 2),
    constants: 0,
    constraints: 2 * points + 2 + 3 * (points - 2),
    evaluate(f, row) {
      const point = pairAt(row, 1 + 2 * points);
      const shifts = [row.wires[0]!, ...range(points - 2, (i) => row.wires[shiftsAt + i]!)];
      const powers = [point, ...range(points - 2, (i) => pairAt(row, powersAt + 2 * i))];
      const coefficients = range(points, (i) => pairAt(row, coefficientsAt + 2 * i));
      // Evaluating Σ (cᵢ·shiftⁱ)·Xⁱ on the plain subgroup is evaluating Σ cᵢ·Xⁱ on the coset.
      const shifted = coefficients.map((c, i) => (i === 0 ? c : scalePair(f, c, shifts[i - 1]!)));
      const result = coefficients
        .slice(1)
        .reduce((sum, c, i) => addPairs(f, sum, mulPairs(f, powers[i]!, c)), coefficients[0]!);
      return [
        ...range(points - 2, (i) => f.sub(f.mul(shifts[i]!, shifts[0]!), shifts[i + 1]!)),
        ...range(points, (i) => {
          const x = f.constant(power(rootOfUnity(bits), BigInt(i)));
          const computed: Pair = [0, 1].map((part) =>
            horner(
              f,
              shifted.map((c) => c[part]!),
              x,
            ),
          ) as unknown as Pair;
          return subPairs(f, pairAt(row, 1 + 2 * i), computed);
        }).flat(),
        ...range(points - 2, (i) => subPairs(f, mulPairs(f, powers[i]!, point), powers[i + 1]!)).flat(),
        ...subPairs(f, pairAt(row, 3 + 2 * points), result),
      ];
    },
  };
}
