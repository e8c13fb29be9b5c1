import { type Gate, range } from './gate.ts';

/** A row without constraints. */
export const noopGate = (): Gate => ({ name: 'Noop', wires: 0, constants: 0, constraints: 0, evaluate: () => [] });

/** Wires that hold the row's constants. */
export const constantGate = (count: number): Gate => ({
  name: `Constant(${count})`,
  wires: count,
  constants: count,
  constraints: count,
  evaluate: (f, row) => range(count, (i) => f.sub(row.constants[i]!, row.wires[i]!)),
});

/** The four wires that hold the hash of the public inputs: this gate alone ties the proof to the totals that it prints. */
export const publicInputGate = (): Gate => ({
  name: 'PublicInput',
  wires: 4,
  constants: 0,
  constraints: 4,
  evaluate: (f, row) => range(4, (i) => f.sub(row.wires[i]!, row.publicInputsHash[i]!)),
});
