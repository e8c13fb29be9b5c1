import type { Ext, ExtensionOps } from '../field.ts';
import {
  HALF_FULL_ROUNDS,
  MDS_CIRCULANT,
  MDS_DIAGONAL_FIRST,
  PARTIAL_ROUNDS,
  ROUND_CONSTANTS,
  ROUNDS,
  WIDTH,
} from '../poseidon-constants.ts';
import { type Gate, range } from './gate.ts';

/** The MDS matrix times a state. */
function mix(f: ExtensionOps, state: readonly Ext[]): Ext[] {
  return range(WIDTH, (r) => {
    const start = r === 0 ? f.mul(state[0]!, f.constant(MDS_DIAGONAL_FIRST)) : f.zero;
    return MDS_CIRCULANT.reduce(
      (sum, factor, i) => f.add(sum, f.mul(state[(i + r) % WIDTH]!, f.constant(factor))),
      start,
    );
  });
}

function seventhPower(f: ExtensionOps, x: Ext): Ext {
  const square = f.mul(x, x);
  return f.mul(f.mul(f.mul(square, square), square), x);
}

/** The MDS layer alone, on pairs of wires: 12 inputs, 12 outputs. */
export const poseidonMdsGate = (): Gate => ({
  name: 'PoseidonMds',
  wires: 4 * WIDTH,
  constants: 0,
  constraints: 2 * WIDTH,
  evaluate(f, { wires }) {
    const part = (offset: number): Ext[] =>
      mix(
        f,
        range(WIDTH, (i) => wires[2 * i + offset]!),
      );
    const computed = [part(0), part(1)];
    return range(2 * WIDTH, (i) => f.sub(wires[2 * WIDTH + i]!, computed[i % 2]![i >> 1]!));
  },
});

// Wires: 12 inputs, 12 outputs, swap, 4 deltas, then the inputs of every S-box but those of the first round.
const SWAP = 2 * WIDTH;
const DELTAS = SWAP + 1;
const FIRST_FULL = DELTAS + 4;
const PARTIAL = FIRST_FULL + WIDTH * (HALF_FULL_ROUNDS - 1);
const SECOND_FULL = PARTIAL + PARTIAL_ROUNDS;
const END = SECOND_FULL + WIDTH * HALF_FULL_ROUNDS;

/**
 * One permutation, its first two input digests exchanged when `swap` is 1. The partial rounds follow the textbook form:
 * the sparse form that plonky2 computes with gives the same S-box inputs, hence the same constraint polynomials.
 */
export const poseidonGate = (): Gate => ({
  name: 'Poseidon',
  wires: END,
  constants: 0,
  constraints: 1 + 4 + WIDTH * (2 * HALF_FULL_ROUNDS - 1) + PARTIAL_ROUNDS + WIDTH,
  evaluate(f, row) {
    const { wires } = row;
    const swap = wires[SWAP]!;
    const constraints = [f.mul(swap, f.sub(swap, f.one))];
    for (let i = 0; i < 4; i++)
      constraints.push(f.sub(f.mul(swap, f.sub(wires[i + 4]!, wires[i]!)), wires[DELTAS + i]!));
    let state = range(WIDTH, (i) => {
      if (i < 4) return f.add(wires[i]!, wires[DELTAS + i]!);
      return i < 8 ? f.sub(wires[i]!, wires[DELTAS + i - 4]!) : wires[i]!;
    });
    for (let round = 0; round < ROUNDS; round++) {
      state = state.map((word, i) => f.add(word, f.constant(ROUND_CONSTANTS[round * WIDTH + i]!)));
      for (const [lane, wire] of sboxInputs(round)) {
        constraints.push(f.sub(state[lane]!, wires[wire]!));
        state[lane] = wires[wire]!;
      }
      const partial = round >= HALF_FULL_ROUNDS && round < HALF_FULL_ROUNDS + PARTIAL_ROUNDS;
      state = mix(
        f,
        state.map((word, i) => (partial && i > 0 ? word : seventhPower(f, word))),
      );
    }
    return [...constraints, ...state.map((word, i) => f.sub(word, wires[WIDTH + i]!))];
  },
});

/** Which lanes of a round take their S-box input from which wire. */
function sboxInputs(round: number): readonly (readonly [lane: number, wire: number])[] {
  if (round === 0) return [];
  if (round < HALF_FULL_ROUNDS) return range(WIDTH, (i) => [i, FIRST_FULL + WIDTH * (round - 1) + i] as const);
  const partial = round - HALF_FULL_ROUNDS;
  if (partial < PARTIAL_ROUNDS) return [[0, PARTIAL + partial]];
  return range(WIDTH, (i) => [i, SECOND_FULL + WIDTH * (partial - PARTIAL_ROUNDS) + i] as const);
}

/** Exported for the tests, which build honest rows. */
export const POSEIDON_WIRES = { SWAP, DELTAS, FIRST_FULL, PARTIAL, SECOND_FULL } as const;
