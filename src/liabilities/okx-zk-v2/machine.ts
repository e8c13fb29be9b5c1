import { EPSILON, NON_RESIDUE, P } from './goldilocks.ts';
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
import type { Code, FunctionScope, Local } from './wasm-assembler.ts';
import * as w from './wasm-assembler.ts';

/** Where the machine keeps the 360 round constants and the Poseidon state, and where free memory starts (byte addresses). */
export const ROUND_CONSTANTS_AT = 0;
export const STATE_AT = 8 * WIDTH * ROUNDS;
export const HEAP_AT = 4096;
/** 64 KiB pages of memory: 32 MiB, more than the largest proof that verifier-data.ts admits. */
export const PAGES = 512;

const MASK = w.i64(EPSILON);
const high = (x: Code): Code => w.shr(x, w.i64(32n));
const low = (x: Code): Code => w.and(x, MASK);

/**
 * The arithmetic of the verifier as one small WebAssembly module, because a 64-bit product costs a handful of machine
 * instructions there and an allocation in JavaScript. Inside a permutation a word may be any representative below 2^64 of
 * its class modulo P; whatever a function stores or returns is canonical (below P).
 */
export function assembleMachine(): Uint8Array {
  const m = w.createModule();
  const top = m.global('top', HEAP_AT);
  const permutations = m.global('permutations', 0);

  const product = m.define('product', ['i64', 'i64'], 'i64', (scope) => {
    const [a, b] = scope.parameters as [Local, Local];
    return productOf(scope)(a.get, b.get);
  });
  const canonical = m.define('canonical', ['i64'], 'i64', (scope) => {
    const [a] = scope.parameters as [Local];
    return w.select(w.atLeast(a.get, w.i64(P)), w.sub(a.get, w.i64(P)), a.get);
  });
  const sum = m.define('sum', ['i64', 'i64'], 'i64', (scope) => {
    const [a, b] = scope.parameters as [Local, Local];
    return canonical(lazySum(scope.local('i64'), a.get, b.get));
  });
  const difference = m.define('difference', ['i64', 'i64'], 'i64', (scope) => {
    const [a, b] = scope.parameters as [Local, Local];
    return w.select(w.lessThan(a.get, b.get), w.add(w.sub(a.get, b.get), w.i64(P)), w.sub(a.get, b.get));
  });
  const powerTo = m.define('power', ['i64', 'i64'], 'i64', (scope) => {
    const [base, exponent] = scope.parameters as [Local, Local];
    const result = scope.local('i64');
    return [
      result.set(w.i64(1n)),
      w.whileLoop(w.lessThan(w.i64(0n), exponent.get), [
        result.set(
          w.select(w.lessThan(w.i64(0n), w.and(exponent.get, w.i64(1n))), product(result.get, base.get), result.get),
        ),
        base.set(product(base.get, base.get)),
        exponent.set(w.shr(exponent.get, w.i64(1n))),
      ]),
      canonical(result.get),
    ];
  });

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

  // Extension elements are two words in memory; each operation puts its result on the heap and returns the address.
  const result = (first: Code, second: Code): Code => [
    w.store(top.get, first),
    w.store(top.get, second, 8),
    top.get,
    top.set(w.add32(top.get, w.i32(16))),
  ];
  const pairwise = (name: string, operation: (a: Code, b: Code) => Code): void => {
    m.define(name, ['i32', 'i32'], 'i32', (scope) => {
      const [a, b] = scope.parameters as [Local, Local];
      return result(operation(w.load(a.get), w.load(b.get)), operation(w.load(a.get, 8), w.load(b.get, 8)));
    });
  };
  pairwise('add', sum);
  pairwise('sub', difference);
  const seven = w.i64(NON_RESIDUE);
  const real = (a: Code, b: Code, c: Code, d: Code): Code =>
    sum(canonical(product(a, c)), canonical(product(seven, product(b, d))));
  const imaginary = (a: Code, b: Code, c: Code, d: Code): Code =>
    sum(canonical(product(a, d)), canonical(product(b, c)));
  m.define('mul', ['i32', 'i32'], 'i32', (scope) => {
    const [x, y] = scope.parameters as [Local, Local];
    const parts = [w.load(x.get), w.load(x.get, 8), w.load(y.get), w.load(y.get, 8)] as const;
    return result(real(...parts), imaginary(...parts));
  });
  // 1/(a + bX) = (a − bX)/(a² − 7b²); zero has no inverse and gives zero.
  m.define('inverse', ['i32'], 'i32', (scope) => {
    const [x] = scope.parameters as [Local];
    const norm = scope.local('i64');
    const [a, b] = [w.load(x.get), w.load(x.get, 8)];
    return [
      norm.set(difference(canonical(product(a, a)), canonical(product(seven, product(b, b))))),
      norm.set(powerTo(norm.get, w.i64(P - 2n))),
      result(canonical(product(a, norm.get)), canonical(product(difference(w.i64(0n), b), norm.get))),
    ];
  });
  // Σ cᵢ·xⁱ by Horner's rule, for coefficients one (base field) or two (extension) words wide.
  for (const [name, size] of [
    ['evaluateBase', 8],
    ['evaluate', 16],
  ] as const) {
    m.define(name, ['i32', 'i32', 'i32'], 'i32', (scope) => {
      const [source, length, x] = scope.parameters as [Local, Local, Local];
      const [a, b, next] = [scope.local('i64'), scope.local('i64'), scope.local('i64')];
      const at = w.add32(source.get, w.shl32(length.get, w.i32(size === 8 ? 3 : 4)));
      const parts = [a.get, b.get, w.load(x.get), w.load(x.get, 8)] as const;
      return [
        w.whileLoop(w.lessThan32(w.i32(0), length.get), [
          length.set(w.sub32(length.get, w.i32(1))),
          next.set(sum(real(...parts), w.load(at))),
          b.set(size === 8 ? imaginary(...parts) : sum(imaginary(...parts), w.load(at, 8))),
          a.set(next.get),
        ]),
        result(a.get, b.get),
      ];
    });
  }
  return m.bytes(PAGES);
}

/** a + b as some representative: a carry out of 64 bits is worth EPSILON, and with b below P it happens once at most. */
function lazySum(total: Local, a: Code, b: Code): Code {
  return [total.set(w.add(a, b)), w.add(total.get, w.select(w.lessThan(total.get, b), w.i64(EPSILON), w.i64(0n)))];
}

/** Code for a·b modulo P from 32-bit halves; the four partial products never overflow 64 bits as they are added. */
function productOf(scope: FunctionScope): (a: Code, b: Code) => Code {
  const [al, ah, bl, bh, lower, cross, middle, carry] = Array.from({ length: 8 }, () => scope.local('i64')) as [
    ...[Local, Local, Local, Local, Local, Local, Local, Local],
  ];
  return (a, b) => [
    ah.set(a),
    al.set(low(ah.get)),
    ah.set(high(ah.get)),
    bh.set(b),
    bl.set(low(bh.get)),
    bh.set(high(bh.get)),
    lower.set(w.mul(al.get, bl.get)),
    cross.set(w.mul(al.get, bh.get)),
    middle.set(w.add(w.add(high(lower.get), low(cross.get)), w.mul(ah.get, bl.get))),
    carry.set(w.add(w.add(w.mul(ah.get, bh.get), high(cross.get)), high(middle.get))),
    lower.set(w.or(w.shl(middle.get, w.i64(32n)), low(lower.get))),
    reduce(lower, carry, al),
  ];
}

/** lower + 2^64·upper modulo P, by 2^64 ≡ 2^32 − 1 and 2^96 ≡ −1. */
function reduce(lower: Local, upper: Local, scratch: Local): Code {
  return [
    scratch.set(w.sub(lower.get, high(upper.get))),
    scratch.set(w.sub(scratch.get, w.select(w.lessThan(lower.get, high(upper.get)), w.i64(EPSILON), w.i64(0n)))),
    lower.set(w.sub(w.shl(upper.get, w.i64(32n)), low(upper.get))),
    scratch.set(w.add(scratch.get, lower.get)),
    w.add(scratch.get, w.select(w.lessThan(scratch.get, lower.get), w.i64(EPSILON), w.i64(0n))),
  ];
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
