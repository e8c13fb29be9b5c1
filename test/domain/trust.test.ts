import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AssetCode } from '../../src/domain/ids.ts';
import { GRADES, type Grade, type OwnershipFlag } from '../../src/domain/ownership.ts';
import { createTrustSums, type TrustRow, type TrustSum, trustOf } from '../../src/domain/trust.ts';

const part = (asset: string | null, grade: Grade, units: bigint, dated = false, named = false): TrustSum => ({
  label: 'L',
  asset: asset as AssetCode | null,
  grade,
  proven: grade === 'address-bound' && named,
  signed: grade === 'address-bound',
  dated,
  named,
  rows: 1,
  messageDate: null,
  sum: { unscaled: units, scale: 2 },
});

describe('trustOf', () => {
  it('gives the share of each grade, rounded down, and of dated messages and those that name the publisher', () => {
    const [btc, unknown] = trustOf([
      part('BTC', 'address-bound', 100n, true, true),
      part('BTC', 'address-bound', 100n, false, true),
      part('BTC', 'listed', 100n),
      part(null, 'listed', 0n),
    ]);
    expect(btc).toMatchObject({
      asset: 'BTC',
      claimed: '3',
      grades: { 'address-bound': { amount: '2', ppm: 666_666 }, listed: { amount: '1', ppm: 333_333 } },
      dated: { amount: '1', ppm: 333_333 },
      named: { amount: '2', ppm: 666_666 },
    });
    expect(btc?.grades.invalid).toEqual({ amount: '0', ppm: 0 });
    // Of nothing there is no share.
    expect(unknown).toMatchObject({ asset: 'L', claimed: '0', grades: { listed: { amount: '0', ppm: null } } });
  });

  it('shares never add up to more than all, and miss it by rounding only', () => {
    const sums = fc.array(
      fc.tuple(fc.constantFrom('A', 'B'), fc.constantFrom(...GRADES), fc.bigInt({ min: 0n, max: 10n ** 30n })),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(sums, (list) => {
        for (const one of trustOf(list.map(([asset, grade, units]) => part(asset, grade, units)))) {
          const total = GRADES.reduce((sum, grade) => sum + (one.grades[grade].ppm ?? 0), 0);
          if (one.claimed === '0') expect(total).toBe(0);
          else expect(total > 1_000_000 - GRADES.length && total <= 1_000_000).toBe(true);
        }
      }),
    );
  });
});

describe('createTrustSums', () => {
  const BTC = 'BTC' as AssetCode;
  const row = (message: string | null, more: Partial<TrustRow> = {}): TrustRow => ({
    label: 'BTC',
    message,
    addressText: 'bc1q',
    rowType: null,
    ...more,
  });
  const one = (unscaled: bigint) => ({ unscaled, scale: 0 });

  it('counts undated and foreign messages where the signature fits something, and keeps the earliest date behind a proven row', () => {
    const sums = createTrustSums();
    const bound = (flags: readonly OwnershipFlag[]) => ({ grade: 'address-bound', flags }) as const;
    sums.add(row('Acme'), BTC, bound(['static-message']), one(5n));
    sums.add(row('somebody'), BTC, bound(['static-message', 'foreign-message']), one(2n));
    sums.add(row('Acme 2026-11-22'), BTC, bound([]), one(1n));
    sums.add(row('Acme 2026-03'), BTC, bound([]), one(1n));
    // Neither of these is behind a proven row, whatever its date.
    sums.add(row('Acme 2020-01-01'), BTC, { grade: 'key-only', flags: [] }, one(1n));
    sums.add(row('other 2019-01-01'), BTC, bound(['foreign-message']), one(1n));
    sums.add(row('Acme 2018-01-01', { rowType: 'owner' }), BTC, bound([]), one(0n));
    // A signature that does not fit says nothing, nor does a row without one.
    sums.add(row('Acme'), BTC, { grade: 'invalid', flags: ['static-message'] }, one(4n));
    sums.add(row(null), BTC, { grade: 'listed', flags: [] }, one(5n));
    expect(trustOf(sums.sums())).toMatchObject([
      {
        asset: 'BTC',
        claimed: '20',
        undated: { rows: 2, amount: '7', ppm: 350_000 },
        foreign: { rows: 2, amount: '3', ppm: 150_000 },
        dated: { amount: '4' },
        messageDate: '2026-03',
      },
    ]);
  });

  it('numbers its sums as it lists them', () => {
    const sums = createTrustSums();
    const listed = { grade: 'listed', flags: [] } as const;
    const places = ['A', 'B', 'A'].map((label) => sums.add(row(null, { label }), null, listed, one(1n)));
    expect(places).toEqual([0, 1, 0]);
    expect(sums.sums().map(({ label, rows }) => [label, rows])).toEqual([
      ['A', 2],
      ['B', 1],
    ]);
  });
});
