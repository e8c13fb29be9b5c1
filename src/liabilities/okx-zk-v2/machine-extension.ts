import type { Code, Local, ModuleBuilder } from '../../lib/wasm-assembler.ts';
import * as w from '../../lib/wasm-assembler.ts';
import { NON_RESIDUE, P } from './goldilocks.ts';
import type { BaseField } from './machine-base.ts';

/**
 * Defines the quadratic extension. Elements are two words in memory; each operation puts its result on the heap, whose top
 * is the exported global `top`, and returns the address.
 */
export function defineExtension(m: ModuleBuilder, base: BaseField, heapAt: number): void {
  const { product, canonical, sum, difference, power } = base;
  const top = m.global('top', heapAt);
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
      norm.set(power(norm.get, w.i64(P - 2n))),
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
}
