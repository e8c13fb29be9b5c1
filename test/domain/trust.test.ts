import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AssetCode } from '../../src/domain/ids.ts';
import { GRADES, type Grade } from '../../src/domain/ownership.ts';
import { type TrustSum, trustOf } from '../../src/domain/trust.ts';

const part = (asset: string | null, grade: Grade, units: bigint, dated = false, named = false): TrustSum => ({
  label: 'L',
  asset: asset as AssetCode | null,
  grade,
  dated,
  named,
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
