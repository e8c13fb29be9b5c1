import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baseUnits } from '../../src/domain/amount.ts';
import { addIntervals, interval } from '../../src/domain/interval.ts';
import { decideLevel, formatPercent, ratioInterval, reservesNeeded, toPpm } from '../../src/domain/ratio.ts';
import { decidePoint } from '../../src/domain/solvency.ts';

const units = fc.oneof(fc.bigInt(0n, 60n), fc.bigInt(0n, 10n ** 30n)).map(baseUnits);
const anInterval = fc.tuple(units, units).map(([a, b]) => (a <= b ? interval(a, b) : interval(b, a)));
const bounds = fc
  .tuple(fc.bigInt(1n, 3_000_000n), fc.bigInt(0n, 500_000n))
  .map(([firePpm, band]) => ({ firePpm, clearPpm: firePpm + band }));

/** Every pair of corners as a quotient of bigints reduced to a common denominator: no shortcut shared with the code. */
function naive(
  r: { lo: bigint; hi: bigint },
  l: { lo: bigint; hi: bigint },
  { firePpm, clearPpm }: { firePpm: bigint; clearPpm: bigint },
) {
  if (l.lo <= 0n) return 'unknown';
  const corners = [r.lo, r.hi].flatMap((num) => [l.lo, l.hi].map((den) => ({ num, den })));
  const below = (c: { num: bigint; den: bigint }, ppm: bigint) => c.num * 1_000_000n * 1n - ppm * c.den < 0n;
  if (corners.every((corner) => below(corner, firePpm))) return 'breach';
  if (corners.every((corner) => !below(corner, clearPpm))) return 'clear';
  return corners.every((c) => c.num === r.lo && c.den === l.lo) ? 'hold' : 'unknown';
}

describe('the level decision', () => {
  it('agrees with a naive model that tries every corner of both intervals', () => {
    fc.assert(
      fc.property(anInterval, anInterval, bounds, (r, l, b) => {
        expect(decideLevel(r, l, b)).toBe(naive(r, l, b));
      }),
      { numRuns: 50_000 },
    );
  });

  it('sits exactly on the threshold: at it is no breach, one unit below is; at clear is clear, one below is hold', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 40n), bounds, (amount, b) => {
        const l = interval(baseUnits(amount), baseUnits(amount));
        const needed = reservesNeeded(baseUnits(amount), b.firePpm);
        const at = interval(needed, needed);
        const under = interval(baseUnits(needed - 1n), baseUnits(needed - 1n));
        expect(decideLevel(at, l, b)).not.toBe('breach');
        expect(decideLevel(under, l, b)).toBe('breach');
      }),
    );
  });

  it('never turns known by widening: what a wider interval decides, every narrower one inside it decides alike', () => {
    fc.assert(
      fc.property(anInterval, anInterval, units, units, bounds, (r, l, below, above, b) => {
        const wide = { lo: baseUnits(r.lo > below ? r.lo - below : 0n), hi: baseUnits(r.hi + above) };
        const decision = decideLevel(wide, l, b);
        if (decision !== 'unknown') expect(decideLevel(r, l, b)).toBe(decision);
      }),
      { numRuns: 20_000 },
    );
  });

  it('rises with reserves and falls with liabilities', () => {
    const order = ['breach', 'hold', 'clear'];
    const exact = (value: bigint) => interval(baseUnits(value), baseUnits(value));
    fc.assert(
      fc.property(
        fc.bigInt(0n, 10n ** 20n),
        fc.bigInt(1n, 10n ** 20n),
        fc.bigInt(0n, 10n ** 20n),
        bounds,
        (r, l, more, b) => {
          const of = (x: bigint, y: bigint) => order.indexOf(decideLevel(exact(x), exact(y), b));
          expect(of(r + more, l)).toBeGreaterThanOrEqual(of(r, l));
          expect(of(r, l + more)).toBeLessThanOrEqual(of(r, l));
        },
      ),
    );
  });

  it('shows no more than there is: ppm and percent are floors, so that 100 % is never printed below it', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 30n), fc.bigInt(1n, 10n ** 30n), (num, den) => {
        const ppm = toPpm({ num, den });
        expect(ppm * den <= num * 1_000_000n && (ppm + 1n) * den > num * 1_000_000n).toBe(true);
        if (num < den) expect(formatPercent({ num, den }).startsWith('100')).toBe(false);
      }),
    );
    expect(formatPercent({ num: 9_999_999n, den: 10_000_000n })).toBe('99.99 %');
  });

  it('says unknown for liabilities of zero, and gives them no ratio', () => {
    const zero = interval(baseUnits(0n), baseUnits(5n));
    const some = interval(baseUnits(3n), baseUnits(3n));
    expect(decideLevel(some, zero, { firePpm: 1n, clearPpm: 1n })).toBe('unknown');
    expect(ratioInterval(some, zero)).toBeNull();
  });
});

describe('intervals', () => {
  it('a sum of intervals holds every sum of members, and its ends are reached', () => {
    fc.assert(
      fc.property(anInterval, anInterval, fc.nat(100), fc.nat(100), (a, b, x, y) => {
        const inside = (v: typeof a, part: number) => v.lo + ((v.hi - v.lo) * BigInt(part)) / 100n;
        const sum = addIntervals(a, b);
        const member = inside(a, x) + inside(b, y);
        expect(sum.lo <= member && member <= sum.hi).toBe(true);
        expect([sum.lo, sum.hi]).toEqual([a.lo + b.lo, a.hi + b.hi]);
      }),
    );
  });

  it('an open-ended liability may show a breach and nothing else', () => {
    fc.assert(
      fc.property(anInterval, fc.bigInt(1n, 10n ** 30n), bounds, (observed, amount, b) => {
        const view = { asOfMs: 0, ageMs: 0, source: 's', grade: 'supply', binding: 'per-asset-total' } as const;
        const l = interval(baseUnits(amount), baseUnits(amount));
        const point = {
          observed,
          proven: observed,
          custody: null,
          assurance: 'A2' as const,
          quality: 'complete' as const,
          claimedUnread: baseUnits(0n),
          cells: { asked: 1, read: 1, failed: 0 },
          liabilities: { ...view, amount: l, openEnded: true },
        };
        const closed = decideLevel(observed, l, b);
        expect(decidePoint(point, 'observed', b)).toBe(closed === 'breach' ? 'breach' : 'unknown');
      }),
    );
  });
});
