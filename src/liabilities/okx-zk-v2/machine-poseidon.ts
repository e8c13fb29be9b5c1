import type { Code, FunctionScope, Local, ModuleBuilder } from '../../lib/wasm-assembler.ts';
import * as w from '../../lib/wasm-assembler.ts';
import { type BaseField, high, lazySum, low, productOf } from './machine-base.ts';
import {
  DIGEST,
  HALF_FULL_ROUNDS,
  MDS_CIRCULANT,
  MDS_DIAGONAL_FIRST,
  PARTIAL_ROUNDS,
  RATE,
  ROUNDS,
  WIDTH,
} from './poseidon-constants.ts';

/** Where the machine keeps the 360 round constants and the Poseidon state (byte addresses). */
export const ROUND_CONSTANTS_AT = 0;
export const STATE_AT = 8 * WIDTH * ROUNDS;

/** Defines the permutation on the state in memory, `hash` (hash_no_pad) and `compress` (two_to_one), and counts permutations. */
export function definePoseidon(m: ModuleBuilder, { canonical }: BaseField): void {
  const permutations = m.global('permutations', 0);
  const sbox = m.define('sbox', ['i64'], 'i64', (scope) => {
    const [x] = scope.parameters as [Local];
    const times = productOf(scope);
    const [square, cube] = [scope.local('i64'), scope.local('i64')];
    return [
      square.set(times(x.get, x.get)),
      cube.set(times(square.get, x.get)),
      square.set(times(square.get, square.get)),
      times(cube.get, square.get),
    ];
  });
  const permute = m.define('permute', [], null, (scope) => [
    permutations.set(w.add32(permutations.get, w.i32(1))),
    permutation(scope, sbox, canonical),
  ]);

  const clear = Array.from({ length: WIDTH }, (_, i) => w.store(w.i32(STATE_AT), w.i64(0n), 8 * i)).flat();
  const emit = (out: Code): Code =>
    Array.from({ length: DIGEST }, (_, i) => w.store(out, w.load(w.i32(STATE_AT), 8 * i), 8 * i)).flat();
  // hash_no_pad: an overwriting sponge; a short last block leaves the rest of the state as it is.
  m.define('hash', ['i32', 'i32', 'i32'], null, (scope) => {
    const [source, length, out] = scope.parameters as [Local, Local, Local];
    const position = scope.local('i32');
    const slot = w.add32(w.i32(STATE_AT), w.shl32(position.get, w.i32(3)));
    return [
      clear,
      w.whileLoop(w.lessThan32(w.i32(0), length.get), [
        position.set(w.i32(0)),
        w.whileLoop(
          // Stops at the rate or at the end of the input, whichever comes first.
          w.sub32(w.i32(1), w.or32(w.atLeast32(position.get, w.i32(RATE)), w.equal32(length.get, w.i32(0)))),
          [
            w.store(slot, w.load(source.get)),
            source.set(w.add32(source.get, w.i32(8))),
            position.set(w.add32(position.get, w.i32(1))),
            length.set(w.sub32(length.get, w.i32(1))),
          ],
        ),
        permute(),
      ]),
      emit(out.get),
    ];
  });
  m.define('compress', ['i32', 'i32', 'i32'], null, (scope) => {
    const [left, right, out] = scope.parameters as [Local, Local, Local];
    const copy = (from: Local, at: number): Code =>
      Array.from({ length: DIGEST }, (_, i) => w.store(w.i32(STATE_AT), w.load(from.get, 8 * i), 8 * (at + i))).flat();
    return [clear, copy(left, 0), copy(right, DIGEST), permute(), emit(out.get)];
  });
}

/** The permutation on the state in memory: the twelve words live in locals, all thirty rounds share one loop. */
function permutation(scope: FunctionScope, sbox: (x: Code) => Code, canonical: (x: Code) => Code): Code {
  const words = (): Local[] => Array.from({ length: WIDTH }, () => scope.local('i64'));
  const [state, lows] = [words(), words()];
  const [constants, scratch, total, upper] = [
    scope.local('i32'),
    scope.local('i64'),
    scope.local('i64'),
    scope.local('i64'),
  ];
  const roundSize = 8 * WIDTH;
  const partialFrom = ROUND_CONSTANTS_AT + HALF_FULL_ROUNDS * roundSize;
  const partialTo = partialFrom + PARTIAL_ROUNDS * roundSize;
  const inPartial = w.lessThan32(w.sub32(constants.get, w.i32(partialFrom)), w.i32(partialTo - partialFrom));
  const forEach = (body: (word: Local, index: number) => Code): Code => state.flatMap(body);
  const apply = (word: Local): Code => word.set(sbox(word.get));
  const row = (from: readonly Local[], r: number): Code => {
    const terms = MDS_CIRCULANT.map((factor, i) => w.mul(from[(i + r) % WIDTH]!.get, w.i64(factor)));
    if (r === 0) terms.push(w.mul(from[0]!.get, w.i64(MDS_DIAGONAL_FIRST)));
    return terms.reduce((sum, term) => w.add(sum, term));
  };
  // The rows are summed for the low and high halves apart: both sums stay below 2^41, so nothing overflows.
  const mix: Code = [
    forEach((word, i) => [lows[i]!.set(low(word.get)), word.set(high(word.get))]),
    lows.flatMap((_, r) => w.store(w.i32(STATE_AT), row(lows, r), 8 * r)),
    lows.flatMap((word, r) => word.set(row(state, r))),
    forEach((word, r) => [
      upper.set(lows[r]!.get),
      scratch.set(w.shl(upper.get, w.i64(32n))),
      total.set(w.add(w.load(w.i32(STATE_AT), 8 * r), scratch.get)),
      upper.set(w.add(high(upper.get), w.widen(w.lessThan(total.get, scratch.get)))),
      word.set(lazySum(scratch, total.get, w.sub(w.shl(upper.get, w.i64(32n)), upper.get))),
    ]),
  ];
  return [
    forEach((word, i) => word.set(w.load(w.i32(STATE_AT), 8 * i))),
    constants.set(w.i32(ROUND_CONSTANTS_AT)),
    w.whileLoop(w.lessThan32(constants.get, w.i32(ROUND_CONSTANTS_AT + ROUNDS * roundSize)), [
      forEach((word, i) => word.set(lazySum(scratch, word.get, w.load(constants.get, 8 * i)))),
      apply(state[0]!),
      w.when(w.equal32(inPartial, w.i32(0)), state.slice(1).flatMap(apply)),
      mix,
      constants.set(w.add32(constants.get, w.i32(roundSize))),
    ]),
    forEach((word, i) => w.store(w.i32(STATE_AT), canonical(word.get), 8 * i)),
  ];
}
