import { createHash } from 'node:crypto';
import { base58, bech32 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import { CHANCE, findLookalikes, type ListedText } from '../src/find-lookalikes.ts';

/** Addresses that are as random as hashes are, the same in every run. */
const bytesOf = (kind: string, index: number): Uint8Array =>
  Uint8Array.from(createHash('sha256').update(`${kind} ${index}`).digest());
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const evm = (index: number, kind = 'evm'): string => `0x${hex(bytesOf(kind, index).subarray(0, 20))}`;
const tron = (index: number): string => base58.encode(Uint8Array.of(0x41, ...bytesOf('tron', index).subarray(0, 24)));
const segwit = (index: number): string =>
  bech32.encode('bc', [0, ...bech32.toWords(bytesOf('segwit', index).subarray(0, 20))]);
const cosmos = (index: number): string =>
  bech32.encode('cosmos', bech32.toWords(bytesOf('cosmos', index).subarray(0, 20)));

const listed = (place: string, addresses: Iterable<string>, by = 'okx'): ListedText[] =>
  [...addresses].map((address) => ({ place, address, by }));
const many = (count: number, make: (index: number) => string): string[] =>
  Array.from({ length: count }, (_, index) => make(index));
const found = (texts: readonly ListedText[]) => findLookalikes(texts).lookalikes;

/** The same beginning and end, and another character in every place between. */
const poisoned = (address: string, first: number, last: number, start = 2): string => {
  const digits = start === 2 ? '0123456789abcdef' : '23456789acdefghj';
  const middle = [...address.slice(start + first, address.length - last)];
  const changed = middle.map((digit) => digits[(digits.indexOf(digit) + 1) % 16]).join('');
  return address.slice(0, start + first) + changed + address.slice(address.length - last);
};

describe('look-alikes', () => {
  it('are found by four characters at both ends among a few addresses, with whose they are', () => {
    const own = evm(1);
    const other = poisoned(own, 4, 4);
    const texts = [
      ...listed('eip155', many(500, evm)),
      ...listed('eip155', [other], 'htx'),
      ...listed('eip155', [own], 'htx'),
    ];
    const [pair, ...more] = found(texts);
    expect(more).toEqual([]);
    expect(pair?.addresses).toEqual([
      { address: own, by: ['okx', 'htx'] },
      { address: other, by: ['htx'] },
    ]);
    expect(pair).toMatchObject({ place: 'eip155', first: 4, last: 4 });
    expect(pair?.expected).toBeLessThan(CHANCE);
  });

  it('are not addresses that share fewer at one end, that are the same, or that stand on another kind of chain', () => {
    const own = evm(1);
    expect(found(listed('eip155', [own, poisoned(own, 3, 8)]))).toEqual([]);
    expect(found(listed('eip155', [own, poisoned(own, 8, 3)]))).toEqual([]);
    expect(found([...listed('eip155', [own]), ...listed('eip155', [own], 'htx')])).toEqual([]);
    expect(found([...listed('eip155', [own]), ...listed('aptos', [poisoned(own, 5, 5)])])).toEqual([]);
  });

  it('of 200,000 random addresses there are none, though several share four characters at both ends', () => {
    for (const [place, make, count] of [
      ['eip155', evm, 200_000],
      // Slower to make, and with more characters to choose from.
      ['tron', tron, 60_000],
      ['bip122', segwit, 60_000],
      ['cosmos', cosmos, 60_000],
    ] as const) {
      const { lookalikes, compared } = findLookalikes(listed(place, many(count, make)));
      expect([place, lookalikes]).toEqual([place, []]);
      expect(compared).toMatchObject([{ addresses: count }]);
      // 2·10¹⁰ pairs over 16⁸.
      if (place === 'eip155') expect(compared[0]?.expectedPairs).toBeCloseTo(4.66, 0);
    }
    const shared = new Map<string, number>();
    for (const address of many(200_000, evm)) {
      const key = address.slice(2, 6) + address.slice(-4);
      shared.set(key, (shared.get(key) ?? 0) + 1);
    }
    expect([...shared.values()].filter((count) => count > 1).length).toBeGreaterThan(0);
  });

  it('are found among 200,000 by as many characters as chance does not make', () => {
    const own = evm(77);
    const texts = many(200_000, evm);
    expect(found(listed('eip155', [...texts, poisoned(own, 4, 4)]))).toEqual([]);
    expect(found(listed('eip155', [...texts, poisoned(own, 7, 7)]))).toMatchObject([
      { addresses: [{ address: own }, { address: poisoned(own, 7, 7) }] },
    ]);
  });

  it('count no fixed beginning: version letters, prefixes and what all addresses of a form share', () => {
    const alike = (make: (index: number) => string, start: number, few: number): readonly number[] => {
      const own = make(3);
      const other = poisoned(own, 5, 5, start);
      const texts = [...many(few, make), other];
      return found(listed('x', texts)).map(({ first }) => first);
    };
    for (const few of [5, 1000]) {
      expect(alike(segwit, 4, few)).toEqual([5]);
      expect(alike(cosmos, 7, few)).toEqual([5]);
      expect(alike(tron, 1, few)).toEqual([5]);
    }
    // Ten characters in common at the front prove nothing where every address has them.
    const padded = (index: number): string => `0x${'0'.repeat(10)}${hex(bytesOf('pad', index).subarray(0, 15))}`;
    expect(found(listed('x', many(3000, padded)))).toEqual([]);
    const own = padded(5);
    expect(found(listed('x', [...many(3000, padded), poisoned(own, 15, 5)]))).toHaveLength(1);
  });

  it('are no names or numbers', () => {
    const names = many(2000, (index) => `exchange-hot-wallet-number-${index}.near`);
    expect(found(listed('near', names))).toEqual([]);
    expect(
      found(
        listed(
          'hedera',
          many(2000, (index) => `0.0.1234${index}`),
        ),
      ),
    ).toEqual([]);
  });

  it('stay a list where somebody makes thousands alike', () => {
    const own = evm(9);
    const crafted = many(
      5000,
      (index) => own.slice(0, 6) + hex(bytesOf('crafted', index)).slice(0, 32) + own.slice(-4),
    );
    const groups = found(listed('eip155', [...many(100_000, evm), ...crafted]));
    expect(groups).toHaveLength(1);
    expect(groups[0]?.addresses.length).toBe(5001);
  });
});
