import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AssetCode, EntityId } from '../../src/domain/ids.ts';
import { GRADES } from '../../src/domain/ownership.ts';
import { BASES, decidePoint, type Point, reservesOn } from '../../src/domain/solvency.ts';
import { disputedText } from '../../src/query/point-table.ts';
import { decodePoint, encodePoint } from '../../src/store/point-codec.ts';
import { type CellSpec, CHAINS, liability, NOW, pointsOf, sceneInput, USDT } from './fixtures.ts';

const COIN = 10n ** 18n;
const [BITFINEX, HTX] = ['bitfinex', 'htx'] as [EntityId, EntityId];
const scale = [12, 0, 18];
const only = (points: readonly Point[]): Point => points[0] as Point;

const spec = fc.record({
  chain: fc.constantFrom(0 as const, 1 as const, 2 as const),
  coins: fc.nat(1_000),
  grade: fc.constantFrom(...GRADES),
  foreign: fc.boolean(),
  failed: fc.integer({ min: 0, max: 9 }).map((one) => one === 0),
  with: fc.constantFrom<readonly EntityId[]>([], [], [BITFINEX], [BITFINEX, HTX]),
});
type Spec = typeof spec extends fc.Arbitrary<infer One> ? One : never;

/** The scene's point where the disputes hold, where nobody disputes, or where what is disputed is not listed at all. */
function pointOf(specs: readonly Spec[], how: 'disputed' | 'with' | 'without', owed: bigint): Point {
  const kept = how === 'without' ? specs.filter((one) => one.with.length === 0) : specs;
  const cells = kept.map(
    (one): CellSpec => ({
      chain: one.chain,
      amount: one.failed ? 'timeout' : (BigInt(one.coins) * COIN) / 10n ** BigInt(scale[one.chain] as number),
      claimed: String(one.coins),
      grade: one.grade,
      flags: [
        ...(one.foreign ? ['foreign-message' as const] : []),
        ...(how === 'disputed' && one.with.length > 0 ? ['disputed' as const] : []),
      ],
    }),
  );
  const marked = sceneInput({ cells }).rest.cells.map((cell, index) =>
    how === 'disputed' && kept[index]?.with.length ? { ...cell, disputedWith: kept[index].with } : cell,
  );
  const statements = [
    liability(owed),
    { ...liability(7n), kind: 'custody' as const, amount: { unscaled: 7n, scale: 0 }, asOfMs: NOW - 1_000 },
  ];
  return only(pointsOf({ cells, change: { cells: marked, statements } }));
}

describe('a dispute', () => {
  it('makes every basis the interval [without, with], and is never what shows a breach or a clearing', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(
        fc.array(spec, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 6_000 }),
        fc.integer({ min: 0, max: 50_000 }),
        (specs, owed, gap) => {
          const bounds = { firePpm: 1_000_000n, clearPpm: 1_000_000n + BigInt(gap) };
          const [disputed, whole, bare] = (['disputed', 'with', 'without'] as const).map((how) =>
            pointOf(specs, how, BigInt(owed)),
          ) as [Point, Point, Point];
          for (const basis of BASES) {
            const [is, upper, lower] = [disputed, whole, bare].map((point) => reservesOn(point, basis));
            if (!is || !upper) throw new Error('no reserves');
            const custody = basis === 'observed+custody' ? 7n * COIN : 0n;
            expect(is).toEqual({ lo: lower?.lo ?? custody, hi: upper.hi });
            const [now, undisputed] = [decidePoint(disputed, basis, bounds), decidePoint(whole, basis, bounds)];
            seen.add(`${undisputed} ${now}`);
            // A breach needs that even with everything disputed it is too little; a clearing that without it it is enough.
            expect(now === 'breach').toBe(undisputed === 'breach');
            if (now === 'clear') {
              expect(undisputed).toBe('clear');
              expect((lower?.lo ?? custody) >= BigInt(owed) * COIN).toBe(true);
            }
          }
          expect(disputed.quality).toBe(whole.quality);
          expect(disputed.proven).toEqual(
            specs.some((one) => one.with.length === 0) ? bare.proven : { lo: 0n, hi: 0n },
          );
        },
      ),
      { numRuns: 2_000 },
    );
    expect([...seen]).toEqual(expect.arrayContaining(['breach breach', 'clear clear', 'clear unknown']));
  });

  it('is counted by publisher, whether the cell was read or not, and survives its storage', () => {
    fc.assert(
      fc.property(fc.array(spec, { minLength: 1, maxLength: 12 }), (specs) => {
        const point = pointOf(specs, 'disputed', 1_000n);
        const own = specs.filter((one) => one.with.length > 0);
        const coins = (of: readonly Spec[]) => of.reduce((sum, one) => sum + BigInt(one.coins) * COIN, 0n);
        if (own.length === 0) expect(point).not.toHaveProperty('disputed');
        else {
          const proves = own.filter(
            ({ grade, foreign }) => !foreign && (grade === 'address-bound' || grade === 'owner-confirmed'),
          );
          const part = (entity: EntityId) => own.filter((one) => one.with.includes(entity));
          expect(point.disputed).toEqual({
            amount: coins(own),
            proven: coins(proves),
            with: [BITFINEX, HTX]
              .filter((entity) => part(entity).length > 0)
              .map((entity) => ({ entity, cells: part(entity).length, amount: coins(part(entity)) })),
          });
        }
        expect(decodePoint(encodePoint(point))).toEqual({ ok: true, value: point });
      }),
      { numRuns: 300 },
    );
  });

  it('of rows on a chain that is not read is told too, and changes no figure: they are in the upper end alone', () => {
    const row = { asset: USDT as AssetCode, label: 'USDT', claimed: '5', line: 9, reason: 'no endpoint' };
    const cells: CellSpec[] = [{ chain: 1, amount: COIN, claimed: '1' }];
    const plain = only(pointsOf({ cells, change: { unread: [row] } }));
    const point = only(pointsOf({ cells, change: { unread: [{ ...row, disputedWith: [HTX] }] } }));
    expect(point.disputed).toEqual({
      amount: 5n * COIN,
      proven: 0n,
      with: [{ entity: HTX, cells: 1, amount: 5n * COIN }],
    });
    expect({ ...point, disputed: 0 }).toEqual({ ...plain, disputed: 0 });
    expect(CHAINS).toHaveLength(3);
  });

  it('is named in words', () => {
    const one = { chain: 1 as const, coins: 12, grade: 'listed' as const, foreign: false, failed: false };
    const told = (...withs: (readonly EntityId[])[]) =>
      disputedText(
        pointOf(
          withs.map((others) => ({ ...one, with: others })),
          'disputed',
          1n,
        ),
      );
    expect(told([BITFINEX])).toBe('12 USDT disputed with bitfinex');
    expect(told([BITFINEX], [BITFINEX, HTX])).toBe('24 USDT disputed with bitfinex, 12 with htx');
    expect(told([])).toBeNull();
  });
});
