import { addPairs, type Gate, mulPairs, pairAt, range, scalePair, subPairs } from './gate.ts';

/** `operations` times output = c0·x·y + c1·z on the wires (x, y, z, output). */
export const arithmeticGate = (operations: number): Gate => ({
  name: `Arithmetic(${operations})`,
  wires: 4 * operations,
  constants: 2,
  constraints: operations,
  evaluate: (f, { wires, constants }) =>
    range(operations, (i) => {
      const product = f.mul(f.mul(wires[4 * i]!, wires[4 * i + 1]!), constants[0]!);
      return f.sub(wires[4 * i + 3]!, f.add(product, f.mul(wires[4 * i + 2]!, constants[1]!)));
    }),
});

/** The same over pairs of wires. */
export const arithmeticExtensionGate = (operations: number): Gate => ({
  name: `ArithmeticExtension(${operations})`,
  wires: 8 * operations,
  constants: 2,
  constraints: 2 * operations,
  evaluate: (f, row) =>
    range(operations, (i) => {
      const product = mulPairs(f, pairAt(row, 8 * i), pairAt(row, 8 * i + 2));
      const addend = scalePair(f, pairAt(row, 8 * i + 4), row.constants[1]!);
      return subPairs(f, pairAt(row, 8 * i + 6), addPairs(f, scalePair(f, product, row.constants[0]!), addend));
    }).flat(),
});

/** `operations` times output = c0·x·y over pairs of wires. */
export const mulExtensionGate = (operations: number): Gate => ({
  name: `MulExtension(${operations})`,
  wires: 6 * operations,
  constants: 1,
  constraints: 2 * operations,
  evaluate: (f, row) =>
    range(operations, (i) => {
      const product = mulPairs(f, pairAt(row, 6 * i), pairAt(row, 6 * i + 2));
      return subPairs(f, pairAt(row, 6 * i + 4), scalePair(f, product, row.constants[0]!));
    }).flat(),
});
