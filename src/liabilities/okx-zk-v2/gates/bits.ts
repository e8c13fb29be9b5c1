import type { Ext } from '../field.ts';
import { type Gate, horner, range } from './gate.ts';

/** Wire 0 is the sum of the binary limbs that follow, lowest first, and each limb is 0 or 1. */
export const baseSumGate = (limbs: number): Gate => ({
  name: `BaseSum2(${limbs})`,
  wires: 1 + limbs,
  constants: 0,
  constraints: 1 + limbs,
  evaluate(f, { wires }) {
    const bits = wires.slice(1, 1 + limbs);
    const sum = f.sub(horner(f, bits, f.constant(2n)), wires[0]!);
    return [sum, ...bits.map((bit) => f.mul(bit, f.sub(bit, f.one)))];
  },
});

/** base^exponent by square and multiply, highest bit first: wires base, bits (lowest first), output, intermediate values. */
export const exponentiationGate = (powerBits: number): Gate => ({
  name: `Exponentiation(${powerBits})`,
  wires: 2 + 2 * powerBits,
  constants: 0,
  constraints: powerBits + 1,
  evaluate(f, { wires }) {
    const [base, output] = [wires[0]!, wires[1 + powerBits]!];
    const intermediate = (i: number): Ext => wires[2 + powerBits + i]!;
    const steps = range(powerBits, (i) => {
      const previous = i === 0 ? f.one : f.mul(intermediate(i - 1), intermediate(i - 1));
      const bit = wires[powerBits - i]!;
      const factor = f.add(f.mul(bit, base), f.sub(f.one, bit));
      return f.sub(f.mul(previous, factor), intermediate(i));
    });
    return [...steps, f.sub(output, intermediate(powerBits - 1))];
  },
});

/**
 * `copies` times "element = list[index]" over lists of 2^bits wires (index, element, list…), then extra constants, then the
 * bits of every index.
 */
export function randomAccessGate(bits: number, copies: number, extraConstants: number): Gate {
  const size = 2 ** bits;
  const routed = (2 + size) * copies + extraConstants;
  return {
    name: `RandomAccess(${bits},${copies},${extraConstants})`,
    wires: routed + copies * bits,
    constants: extraConstants,
    constraints: copies * (bits + 2) + extraConstants,
    evaluate(f, { wires, constants }) {
      const perCopy = range(copies, (copy) => {
        const start = (2 + size) * copy;
        const indexBits = range(bits, (i) => wires[routed + copy * bits + i]!);
        let list = wires.slice(start + 2, start + 2 + size);
        for (const bit of indexBits)
          list = range(list.length / 2, (i) => f.add(list[2 * i]!, f.mul(bit, f.sub(list[2 * i + 1]!, list[2 * i]!))));
        return [
          ...indexBits.map((bit) => f.mul(bit, f.sub(bit, f.one))),
          f.sub(horner(f, indexBits, f.constant(2n)), wires[start]!),
          f.sub(list[0]!, wires[start + 1]!),
        ];
      });
      const extra = range(extraConstants, (i) => f.sub(constants[i]!, wires[(2 + size) * copies + i]!));
      return [...perCopy.flat(), ...extra];
    },
  };
}
