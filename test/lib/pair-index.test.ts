import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPairIndex } from '../../src/lib/pair-index.ts';

describe('createPairIndex', () => {
  it('says of every key and entry what a map of sets says', () => {
    const word = fc.oneof(fc.constantFrom('', 'a', 'b', 'ab'), fc.string({ maxLength: 4 }));
    const keys = fc.array(word, { maxLength: 2 });
    fc.assert(
      fc.property(fc.array(fc.tuple(keys, word), { maxLength: 60 }), fc.string(), (entries, salt) => {
        const index = createPairIndex(salt);
        const model = new Map<string, Set<string>>();
        for (const [names, value] of entries) {
          index.add(names, value);
          for (const name of names) model.set(name, (model.get(name) ?? new Set()).add(value));
        }
        const isShared = (name: string) => (model.get(name)?.size ?? 0) > 1;
        for (const [names] of entries) expect(index.isShared(names)).toBe(names.some(isShared));
        expect(index.sharedEntries()).toBe(entries.filter(([names]) => names.some(isShared)).length);
        expect(index.isShared(['never added'])).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('tells a hundred thousand keys apart, with one key an entry and with two', () => {
    const index = createPairIndex('salt');
    for (let key = 0; key < 100_000; key += 1) {
      index.add(key % 3 === 0 ? [`key ${key}`, `second ${key}`] : [`key ${key}`], `value ${key}`);
    }
    expect(index.sharedEntries()).toBe(0);
    index.add(['key 77'], 'another value');
    index.add(['second 78'], 'another value');
    expect(index.sharedEntries()).toBe(4);
    for (let key = 0; key < 100_000; key += 1) {
      if (index.isShared([`key ${key}`]) !== (key === 77)) throw new Error(`key ${key}`);
    }
  });
});
