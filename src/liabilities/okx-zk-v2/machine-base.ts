import type { Code, FunctionScope, Local, ModuleBuilder } from '../../lib/wasm-assembler.ts';
import * as w from '../../lib/wasm-assembler.ts';
import { EPSILON, P } from './goldilocks.ts';

const MASK = w.i64(EPSILON);
/** The upper and lower 32 bits of a word. */
export const high = (x: Code): Code => w.shr(x, w.i64(32n));
export const low = (x: Code): Code => w.and(x, MASK);

/** Calls to the base field's arithmetic. */
export interface BaseField {
  readonly product: (a: Code, b: Code) => Code;
  readonly canonical: (a: Code) => Code;
  readonly sum: (a: Code, b: Code) => Code;
  readonly difference: (a: Code, b: Code) => Code;
  readonly power: (base: Code, exponent: Code) => Code;
}

/** Defines the base field: `product` takes and gives any representatives, the others canonical elements. */
export function defineBaseField(m: ModuleBuilder): BaseField {
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
  const power = m.define('power', ['i64', 'i64'], 'i64', (scope) => {
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

  return { product, canonical, sum, difference, power };
}

/** a + b as some representative: a carry out of 64 bits is worth EPSILON, and with b below P it happens once at most. */
export function lazySum(total: Local, a: Code, b: Code): Code {
  return [total.set(w.add(a, b)), w.add(total.get, w.select(w.lessThan(total.get, b), w.i64(EPSILON), w.i64(0n)))];
}

/** Code for a·b modulo P from 32-bit halves; the four partial products never overflow 64 bits as they are added. */
export function productOf(scope: FunctionScope): (a: Code, b: Code) => Code {
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
