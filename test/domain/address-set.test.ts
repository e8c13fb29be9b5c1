import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAbove, type SetCell, weighChange } from '../../src/domain/address-set.ts';
import { addDecimals, type Decimal, formatDecimal, parseDecimal } from '../../src/domain/amount.ts';
import type { Address, AssetCode, AssetId, Sha256 } from '../../src/domain/ids.ts';

const FORMER = 'a'.repeat(64) as Sha256;
const USDT = 'USDT' as AssetCode;
const decimal = (text: string): Decimal => {
  const value = parseDecimal(text);
  if (!value.ok) throw new Error(value.error);
  return value.value;
};
const cell = (address: string, amount: string | null, asset: string = USDT, chain = '1'): SetCell => ({
  assetId: `eip155:${chain}/erc20:0x${asset.toLowerCase()}` as AssetId,
  asset: asset as AssetCode,
  address: address as Address,
  amount: amount === null ? null : decimal(amount),
  by: 'claimed',
});
const weigh = (before: readonly SetCell[], after: readonly SetCell[], watched: readonly string[] | null = null) =>
  weighChange(
    { sha256: FORMER, version: 1, cells: before },
    { version: 2, cells: after },
    watched as readonly AssetCode[] | null,
  );
const PPM = 10_000n;

describe('a change of the set', () => {
  it('is the larger of what vanished and what came over what the set before held, strictly above the share', () => {
    const before = [cell('a', '90'), cell('b', '10')];
    const after = [cell('a', '90'), cell('c', '7.5'), cell('d', '2')];
    const { change, exceeds } = weigh(before, after);
    expect(change).toMatchObject({ former: FORMER, formerVersion: 1, version: 2, added: 2, vanished: 1 });
    expect(change.assets).toEqual([{ asset: USDT, held: '100', vanished: '10', added: '9.5', unknown: 0 }]);
    expect([exceeds(10n * PPM), exceeds(10n * PPM - 1n)]).toEqual([false, true]);
    expect(change.cells.map((one) => [one.change, one.address, one.amount])).toEqual([
      ['vanished', 'b', '10'],
      ['added', 'c', '7.5'],
      ['added', 'd', '2'],
    ]);
  });

  it('is decided by the worst watched asset', () => {
    const before = [cell('a', '100'), cell('a', '100', 'ETH')];
    const after = [cell('a', '100'), cell('b', '1'), cell('c', '50', 'ETH')];
    expect(weigh(before, after).change.assets.map(({ asset }) => asset)).toEqual(['ETH', 'USDT']);
    expect(weigh(before, after).exceeds(99n * PPM)).toBe(true);
    expect(weigh(before, after, ['USDT']).exceeds(1n * PPM)).toBe(false);
    expect(weigh(before, after, ['USDT']).exceeds(1n * PPM - 1n)).toBe(true);
    expect([weigh(before, after).change.largeRemovals, weigh(before, after, ['USDT']).change.largeRemovals]).toEqual([
      1, 0,
    ]);
  });

  it('of an amount that nobody states, or from nothing, is above every share', () => {
    const everything = 1_000_000n * PPM;
    expect(weigh([cell('a', '100')], [cell('a', '100'), cell('b', null)]).exceeds(everything)).toBe(true);
    expect(weigh([cell('a', '100')], [cell('a', '100'), cell('b', '1', 'ETH')]).exceeds(everything)).toBe(true);
    expect(weigh([cell('a', '100')], [cell('a', '100'), cell('b', '0')]).exceeds(0n)).toBe(false);
  });

  it('is none where the cells are the same, whatever they claim; the same address on another chain is another cell', () => {
    const same = weigh([cell('a', '100')], [cell('a', '5')]);
    expect([same.change.added, same.change.vanished, same.change.assets, same.exceeds(0n)]).toEqual([0, 0, [], false]);
    expect(weigh([cell('a', '100')], [cell('a', '100', USDT, '56')]).change).toMatchObject({ added: 1, vanished: 1 });
  });

  it('warns of a removal of more than a twentieth, not of a twentieth', () => {
    const before = [cell('a', '95'), cell('b', '5')];
    expect(weigh(before, [cell('a', '95')]).change.largeRemovals).toBe(0);
    expect(weigh([...before, cell('c', '0.000001')], [cell('a', '95')]).change.largeRemovals).toBe(1);
  });

  it('shows 20 cells and assets and counts the rest', () => {
    const many = Array.from({ length: 50 }, (_, index) => cell(`x${index}`, `${index + 1}`, `A${index % 25}`));
    const { change } = weigh([cell('a', '1')], [cell('a', '1'), ...many]);
    expect([change.added, change.cells.length, change.assets.length, change.truncated]).toEqual([
      50,
      20,
      20,
      { assets: 5, cells: 30 },
    ]);
  });

  it('adds up exactly, for any sets', () => {
    const cells = fc.uniqueArray(
      fc.record({ at: fc.integer({ min: 0, max: 30 }), amount: fc.bigInt({ min: 0n, max: 10n ** 40n }) }),
      { selector: ({ at }) => at, maxLength: 20 },
    );
    fc.assert(
      fc.property(cells, cells, fc.bigInt({ min: 0n, max: 2_000_000n }), (a, b, share) => {
        const set = (rows: typeof a) => rows.map(({ at, amount }) => cell(`${at}`, `${amount}.5`));
        const { change, exceeds } = weigh(set(a), set(b));
        const sum = (rows: typeof a) => rows.reduce((total, { amount }) => total + 10n * amount + 5n, 0n);
        const gone = sum(a.filter(({ at }) => !b.some((other) => other.at === at)));
        const come = sum(b.filter(({ at }) => !a.some((other) => other.at === at)));
        const moved = gone > come ? gone : come;
        expect(exceeds(share)).toBe(moved * 1_000_000n > sum(a) * share);
        const [one] = change.assets;
        if (one) {
          const zero = { unscaled: 0n, scale: 0 };
          const tenths = (value: bigint) => formatDecimal(addDecimals({ unscaled: value, scale: 1 }, zero));
          expect([one.held, one.vanished, one.added]).toEqual([sum(a), gone, come].map(tenths));
        }
      }),
    );
  });
});

describe('isAbove', () => {
  it('compares by cross-multiplication across scales', () => {
    expect(isAbove(decimal('0.1'), decimal('1'), 100_000n)).toBe(false);
    expect(isAbove(decimal('0.1000000000000000000000001'), decimal('1'), 100_000n)).toBe(true);
    expect(isAbove(decimal('0'), decimal('0'), 0n)).toBe(false);
    expect(isAbove(decimal('0.1'), decimal('0'), 1_000_000n)).toBe(true);
  });
});
