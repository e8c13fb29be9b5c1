import { arithmeticExtensionGate, arithmeticGate, mulExtensionGate } from './arithmetic.ts';
import { baseSumGate, exponentiationGate, randomAccessGate } from './bits.ts';
import type { Gate } from './gate.ts';
import { lowDegreeInterpolationGate, reducingExtensionGate, reducingGate } from './polynomial.ts';
import { poseidonGate, poseidonMdsGate } from './poseidon.ts';
import { constantGate, noopGate, publicInputGate } from './simple.ts';

/** How a gate is written in verifier data: the number of its u64 parameters, and the gate made from them. */
export interface GateFormat {
  readonly parameters: number;
  readonly make: (...parameters: number[]) => Gate;
  /** The largest first parameter, where a larger one would cost more than the wires that it needs. */
  readonly most?: number;
}

/** Gates by their tag in okx/plonky2's DefaultGateSerializer; tags 3, 6 and 7 (coset interpolation, lookups) are not used by the proofs. */
export const GATES: ReadonlyMap<number, GateFormat> = new Map<number, GateFormat>([
  [0, { parameters: 1, make: arithmeticGate as GateFormat['make'] }],
  [1, { parameters: 1, make: arithmeticExtensionGate as GateFormat['make'] }],
  [2, { parameters: 1, make: baseSumGate as GateFormat['make'] }],
  [4, { parameters: 1, make: lowDegreeInterpolationGate as GateFormat['make'], most: 5 }],
  [5, { parameters: 1, make: exponentiationGate as GateFormat['make'] }],
  [8, { parameters: 1, make: mulExtensionGate as GateFormat['make'] }],
  [9, { parameters: 0, make: noopGate }],
  [10, { parameters: 1, make: constantGate as GateFormat['make'] }],
  [11, { parameters: 0, make: poseidonMdsGate }],
  [12, { parameters: 0, make: publicInputGate }],
  [13, { parameters: 0, make: poseidonGate }],
  [14, { parameters: 3, make: randomAccessGate as GateFormat['make'] }],
  [15, { parameters: 1, make: reducingExtensionGate as GateFormat['make'] }],
  [16, { parameters: 1, make: reducingGate as GateFormat['make'] }],
]);
