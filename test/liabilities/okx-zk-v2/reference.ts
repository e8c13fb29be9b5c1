import type { Ext, ExtensionOps } from '../../../src/liabilities/okx-zk-v2/field.ts';
import { NON_RESIDUE, P } from '../../../src/liabilities/okx-zk-v2/goldilocks.ts';
import {
  HALF_FULL_ROUNDS,
  MDS_CIRCULANT,
  MDS_DIAGONAL_FIRST,
  PARTIAL_ROUNDS,
  ROUND_CONSTANTS,
  ROUNDS,
  WIDTH,
} from '../../../src/liabilities/okx-zk-v2/poseidon-constants.ts';

/** Poseidon's permutation in plain BigInt, written from its definition: the yardstick for the field machine. */
export function referencePermutation(input: readonly bigint[]): bigint[] {
  let state = [...input];
  for (let round = 0; round < ROUNDS; round++) {
    const partial = round >= HALF_FULL_ROUNDS && round < HALF_FULL_ROUNDS + PARTIAL_ROUNDS;
    state = state.map((word, i) => {
      const shifted = (word + ROUND_CONSTANTS[round * WIDTH + i]!) % P;
      return partial && i > 0 ? shifted : shifted ** 7n % P;
    });
    state = state.map((_, r) => {
      let sum = r === 0 ? MDS_DIAGONAL_FIRST * state[0]! : 0n;
      MDS_CIRCULANT.forEach((factor, i) => {
        sum += factor * state[(i + r) % WIDTH]!;
      });
      return sum % P;
    });
  }
  return state;
}

/** hash_no_pad in plain BigInt. */
export function referenceHash(input: readonly bigint[]): bigint[] {
  let state: bigint[] = new Array(WIDTH).fill(0n);
  for (let from = 0; from < input.length; from += 8) {
    const chunk = input.slice(from, from + 8);
    state = referencePermutation([...chunk, ...state.slice(chunk.length)]);
  }
  return state.slice(0, 4);
}

/** The quadratic extension in plain BigInt behind the interface that gates are written against. */
export function referenceOps(): ExtensionOps & {
  make(a: bigint, b: bigint): Ext;
  value(e: Ext): readonly [bigint, bigint];
} {
  const values: [bigint, bigint][] = [];
  const make = (a: bigint, b: bigint): Ext => (values.push([((a % P) + P) % P, ((b % P) + P) % P]) - 1) as Ext;
  const value = (e: Ext): [bigint, bigint] => values[e]!;
  return {
    zero: make(0n, 0n),
    one: make(1n, 0n),
    add: (x, y) => make(value(x)[0] + value(y)[0], value(x)[1] + value(y)[1]),
    sub: (x, y) => make(value(x)[0] - value(y)[0], value(x)[1] - value(y)[1]),
    mul(x, y) {
      const [[a, b], [c, d]] = [value(x), value(y)];
      return make(a * c + NON_RESIDUE * b * d, a * d + b * c);
    },
    constant: (n) => make(n, 0n),
    make,
    value,
  };
}
