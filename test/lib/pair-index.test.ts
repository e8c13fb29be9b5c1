import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPairIndex } from '../../src/lib/pair-index.ts';

describe('createPairIndex', () => {
  it('says of every key what a map of sets says', () => {
    const word = fc.oneof(fc.constantFrom('', 'a', 'b', 'ab'), fc.string({ maxLength: 4 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(word, word), { maxLength: 60 }), fc.string(), (pairs, salt) => {
        const index = createPairIndex(salt);
        const model = new Map<string, Set<string>>();
        for (const [key, value] of pairs) {
          index.add(key, value);
          model.set(key, (model.get(key) ?? new Set()).add(value));
        }
        for (const [key, values] of model) expect(index.isShared(key)).toBe(values.size > 1);
        expect(index.anyShared).toBe([...model.values()].some(({ size }) => size > 1));
        expect(index.isShared('never added')).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('tells a hundred thousand keys apart', () => {
    const index = createPairIndex('salt');
    for (let key = 0; key < 100_000; key += 1) index.add(`key ${key}`, `value ${key}`);
    expect(index.anyShared).toBe(false);
    index.add('key 77', 'another value');
    for (let key = 0; key < 100_000; key += 1)
      if (index.isShared(`key ${key}`) !== (key === 77)) throw new Error(`key ${key}`);
  });
});
