import type { Ext, ExtensionOps } from '../field.ts';

/** One row of the circuit's table as opened at a point: what a gate's constraints are polynomials in. */
export interface GateRow {
  readonly wires: readonly Ext[];
  /** The gate's own constants: the selectors before them are cut off. */
  readonly constants: readonly Ext[];
  readonly publicInputsHash: readonly Ext[];
}

/** A custom gate of plonky2: constraints that are all zero on a row which honours it. */
export interface Gate {
  readonly name: string;
  /** How many wires and constants its constraints read. */
  readonly wires: number;
  readonly constants: number;
  readonly constraints: number;
  /** The constraints in the order of the gate's `eval_unfiltered` in okx/plonky2: the order decides their weights. */
  evaluate(f: ExtensionOps, row: GateRow): readonly Ext[];
}

/** An element of the algebra F[X]/(X² − 7) over the extension: two neighbouring wires. */
export type Pair = readonly [Ext, Ext];

/** The pair of wires that starts at `index`. */
export const pairAt = (row: GateRow, index: number): Pair => [row.wires[index]!, row.wires[index + 1]!];

/** Component-wise sum and difference. */
export const addPairs = (f: ExtensionOps, a: Pair, b: Pair): Pair => [f.add(a[0], b[0]), f.add(a[1], b[1])];
export const subPairs = (f: ExtensionOps, a: Pair, b: Pair): Pair => [f.sub(a[0], b[0]), f.sub(a[1], b[1])];

/** Product in the algebra. */
export const mulPairs = (f: ExtensionOps, a: Pair, b: Pair): Pair => [
  f.add(f.mul(a[0], b[0]), f.mul(f.constant(7n), f.mul(a[1], b[1]))),
  f.add(f.mul(a[0], b[1]), f.mul(a[1], b[0])),
];

/** Product with a scalar of the extension. */
export const scalePair = (f: ExtensionOps, a: Pair, scalar: Ext): Pair => [f.mul(a[0], scalar), f.mul(a[1], scalar)];

/** Σ cᵢ·xⁱ by Horner's rule. */
export const horner = (f: ExtensionOps, coefficients: readonly Ext[], x: Ext): Ext =>
  coefficients.reduceRight((sum, coefficient) => f.add(f.mul(sum, x), coefficient), f.zero);

/** [from, from + 1, … to − 1] mapped. */
export const range = <T>(count: number, item: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => item(i));
