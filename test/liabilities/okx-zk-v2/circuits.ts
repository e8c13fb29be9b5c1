import type { Gate } from '../../../src/liabilities/okx-zk-v2/gates/gate.ts';
import { GATES } from '../../../src/liabilities/okx-zk-v2/gates/registry.ts';
import type { Circuit } from './prover.ts';

const make = (tag: number, ...parameters: number[]): Gate => GATES.get(tag)!.make(...parameters);

/** The production circuit's gates in its order (liabilities.md C.6), with the Constant gate of the smaller circuits added. */
export const GATE_LIST: readonly Gate[] = [
  make(9),
  make(10, 2),
  make(11),
  make(12),
  make(2, 63),
  make(4, 4),
  make(14, 1, 20, 0),
  make(15, 32),
  make(16, 43),
  make(1, 10),
  make(0, 20),
  make(8, 13),
  make(5, 66),
  make(14, 4, 4, 2),
  make(13),
];

/** A circuit of eight rows with every gate, as strict as its tests need it: weak in queries, hiding, two FRI steps. */
export const smallCircuit = (change: Partial<Circuit> = {}): Circuit => ({
  gates: GATE_LIST,
  groups: [
    { start: 0, end: 7 },
    { start: 7, end: 12 },
    { start: 12, end: 14 },
    { start: 14, end: 15 },
  ],
  degreeBits: 3,
  arityBits: [1, 1],
  queries: 5,
  powBits: 4,
  hiding: true,
  ...change,
});

/** The place of a gate in the list. */
export const placeOf = (name: string): number => GATE_LIST.findIndex((gate) => gate.name === name);
