import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createField, type Ext } from '../../../src/liabilities/okx-zk-v2/field.ts';
import {
  GENERATOR,
  inverse,
  P,
  power,
  reverseBits,
  rootOfUnity,
  TWO_ADIC_ROOT,
} from '../../../src/liabilities/okx-zk-v2/goldilocks.ts';
import { opensTo } from '../../../src/liabilities/okx-zk-v2/merkle-path.ts';
import { referenceHash, referenceOps, referencePermutation } from './reference.ts';

const field = createField();
const edge = [
  0n,
  1n,
  2n,
  0xffff_fffen,
  0xffff_ffffn,
  0x1_0000_0000n,
  0x1_0000_0001n,
  P - 2n,
  P - 1n,
  P >> 1n,
  (1n << 63n) - 1n,
];
const element = fc.oneof(fc.constantFrom(...edge), fc.bigInt({ min: 0n, max: P - 1n }));
const pair = fc.tuple(element, element);

function load([a, b]: readonly [bigint, bigint]): Ext {
  const words = field.reserve(2);
  field.write(words, 0, a);
  field.write(words, 1, b);
  return field.element(words, 0);
}
const show = (e: Ext): bigint[] => [field.read(e as never, 0), field.read(e as never, 1)];
const fill = (values: readonly bigint[]) => {
  const words = field.reserve(Math.max(1, values.length));
  values.forEach((value, i) => {
    field.write(words, i, value);
  });
  return words;
};

describe('the Goldilocks field', () => {
  it('has the generator and root of okx/plonky2', () => {
    expect(power(GENERATOR, (P - 1n) >> 32n)).toBe(TWO_ADIC_ROOT);
    expect(power(TWO_ADIC_ROOT, 1n << 31n)).toBe(P - 1n);
    expect(power(rootOfUnity(4), 8n)).toBe(P - 1n);
    expect((inverse(12345n) * 12345n) % P).toBe(1n);
    expect(reverseBits(0b0010110, 7)).toBe(0b0110100);
  });

  it('reads only canonical text', () => {
    const words = field.reserve(1);
    fc.assert(
      fc.property(element, (value) => {
        expect(field.writeText(words, 0, value.toString())).toBe(true);
        expect(field.read(words, 0)).toBe(value);
      }),
      { numRuns: 2000 },
    );
    field.write(words, 0, 77n);
    const large = [P, P + 1n, P + 5n, (1n << 64n) - 1n, 1n << 64n, 10n ** 20n - 1n, 10n ** 20n].map(String);
    for (const bad of ['', '-0', '-1', '+1', '01', '00', '1e3', '1.0', ' 1', '1/', '1:', ...large, '9'.repeat(21)])
      expect(field.writeText(words, 0, bad), bad).toBe(false);
    expect(field.read(words, 0)).toBe(77n);
  });
});

describe('the field machine against BigInt', () => {
  it('adds, subtracts, multiplies and inverts in the extension', () => {
    fc.assert(
      fc.property(pair, pair, (x, y) => {
        const mark = field.mark();
        const r = referenceOps();
        const [a, b, c, d] = [load(x), load(y), r.make(...x), r.make(...y)];
        expect(show(field.add(a, b))).toEqual(r.value(r.add(c, d)));
        expect(show(field.sub(a, b))).toEqual(r.value(r.sub(c, d)));
        expect(show(field.mul(a, b))).toEqual(r.value(r.mul(c, d)));
        const one = field.mul(a, field.inverse(a));
        expect(field.equal(one, x[0] === 0n && x[1] === 0n ? field.zero : field.one)).toBe(true);
        field.rewind(mark);
      }),
      { numRuns: 1000 },
    );
  });

  it('evaluates polynomials with base and extension coefficients', () => {
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 9 }), pair, (coefficients, at) => {
        const mark = field.mark();
        const r = referenceOps();
        const horner = (values: readonly (readonly [bigint, bigint])[]) =>
          r.value(values.reduceRight((sum, c) => r.add(r.mul(sum, r.make(...at)), r.make(...c)), r.zero));
        const x = load(at);
        expect(show(field.evaluate(fill(coefficients.flat()), coefficients.length, x))).toEqual(horner(coefficients));
        const base = coefficients.map(([first]) => first);
        expect(show(field.evaluateBase(fill(base), base.length, x))).toEqual(horner(base.map((c) => [c, 0n] as const)));
        field.rewind(mark);
      }),
    );
  });

  it('keeps constants over a rewind', () => {
    const mark = field.mark();
    const seven = field.constant(7n);
    field.rewind(mark);
    load([9n, 9n]);
    expect(show(seven)).toEqual([7n, 0n]);
    expect(field.constant(7n)).toBe(seven);
  });
});

describe('Poseidon', () => {
  it('has the published image of the zero state (plonky2 test vector)', () => {
    const image = referencePermutation(new Array(12).fill(0n));
    expect(image.slice(0, 2).map((word) => word.toString(16))).toEqual(['3c18a9786cb0b359', 'c4055e3364a246c3']);
  });

  it('permutes as the definition does, edges included', () => {
    fc.assert(
      fc.property(fc.array(element, { minLength: 12, maxLength: 12 }), (state) => {
        const words = fill(state);
        field.permute(words);
        expect(Array.from({ length: 12 }, (_, i) => field.read(words, i))).toEqual(referencePermutation(state));
      }),
      { numRuns: 150 },
    );
  });

  it('hashes any length, compresses pairs, and counts its permutations', () => {
    fc.assert(
      fc.property(fc.array(element, { maxLength: 40 }), (input) => {
        const mark = field.mark();
        const before = field.permutations();
        const out = field.reserve(4);
        field.hash(fill(input), input.length, out);
        expect(Array.from({ length: 4 }, (_, i) => field.read(out, i))).toEqual(referenceHash(input));
        expect(field.permutations() - before).toBe(Math.ceil(input.length / 8));
        field.rewind(mark);
      }),
      { numRuns: 60 },
    );
    const [left, right] = [fill([1n, 2n, 3n, P - 1n]), fill([5n, 6n, 7n, 8n])];
    field.compress(left, right, right);
    expect(Array.from({ length: 4 }, (_, i) => field.read(right, i))).toEqual(
      referenceHash([1n, 2n, 3n, P - 1n, 5n, 6n, 7n, 8n]),
    );
  });
});

it('a leaf of at most four words stands for itself in the tree, filled up with zeros', () => {
  const mark = field.mark();
  const siblings = fill([9n, 8n, 7n, 6n]);
  for (const leaf of [[3n], [3n, 4n], [3n, 4n, 5n, 6n]]) {
    // What lies behind a leaf is no part of it.
    const opening = { leaf: fill([...leaf, 77n, 77n, 77n]), leafWords: leaf.length, siblings, depth: 1 };
    const digest = [...leaf, 0n, 0n, 0n].slice(0, 4);
    expect(opensTo(field, opening, 1, fill([1n, 1n, 1n, 1n, 1n, 1n, 1n, 1n]))).toBe(false);
    expect(opensTo(field, opening, 0, fill(referenceHash([...digest, 9n, 8n, 7n, 6n])))).toBe(true);
  }
  field.rewind(mark);
});
