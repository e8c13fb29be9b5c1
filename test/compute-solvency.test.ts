import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baseUnits } from '../src/domain/amount.ts';
import type { AssetCode } from '../src/domain/ids.ts';
import { GRADES } from '../src/domain/ownership.ts';
import { decidePoint, type Point } from '../src/domain/solvency.ts';
import { type CellSpec, CHAINS, liability, NOW, pointsOf, USDT } from './solvency/fixtures.ts';

const COIN = 10n ** 18n;
const only = (points: readonly Point[]): Point => {
  expect(points).toHaveLength(1);
  return points[0] as Point;
};
const unreadRow = (claimed: string) => ({ asset: USDT, label: 'USDT-X', claimed, line: 99, reason: 'no adapter' });

describe('figures', () => {
  const scale = [12, 0, 18];
  const cell = fc.record({
    chain: fc.constantFrom(0 as const, 1 as const, 2 as const),
    amount: fc.oneof(
      { weight: 3, arbitrary: fc.bigInt(0n, 10n ** 24n) },
      fc.constantFrom('timeout' as const, 'disagree' as const),
    ),
    claimed: fc.nat(10 ** 9).map(String),
    last: fc.option(fc.bigInt(0n, 10n ** 24n), { nil: undefined }),
    grade: fc.constantFrom(...GRADES),
    flags: fc.constantFrom([], ['foreign-message' as const], ['disputed' as const], ['static-message' as const]),
  });

  it('are what a second way of adding up gives, to the last base unit, for any mix of chains, failures and proofs', () => {
    fc.assert(
      fc.property(
        fc.array(cell, { maxLength: 25 }),
        fc.array(fc.nat(10 ** 6).map(String), { maxLength: 3 }),
        (specs, apart) => {
          const cells = specs.map(({ last, ...rest }) => (last === undefined ? rest : { ...rest, last })) as CellSpec[];
          const point = only(pointsOf({ cells, change: { unread: apart.map(unreadRow) } }));
          const up = (spec: CellSpec, units: bigint) => units * 10n ** BigInt(scale[spec.chain] as number);
          const claim = (spec: CellSpec) => BigInt(spec.claimed as string) * COIN;
          const max = (a: bigint, b: bigint) => (a > b ? a : b);
          const low = (spec: CellSpec) =>
            typeof spec.amount === 'bigint' && !spec.flags?.includes('disputed') ? up(spec, spec.amount) : 0n;
          const high = (spec: CellSpec) =>
            typeof spec.amount === 'bigint' ? up(spec, spec.amount) : max(claim(spec), up(spec, spec.last ?? 0n));
          const sum = (of: readonly CellSpec[], f: (spec: CellSpec) => bigint) =>
            of.reduce((total, one) => total + f(one), 0n);
          const proves = cells.filter(
            ({ grade, flags }) =>
              (grade === 'address-bound' || grade === 'owner-confirmed') &&
              !flags?.includes('foreign-message') &&
              !flags?.includes('disputed'),
          );
          const unread = apart.reduce((total, text) => total + BigInt(text) * COIN, 0n);
          expect(point.observed).toEqual({ lo: sum(cells, low), hi: sum(cells, high) + unread });
          expect(point.proven).toEqual({ lo: sum(proves, low), hi: sum(proves, high) });
          expect(point.claimed).toBe(sum(cells, claim) + unread);
          expect(point.claimedUnread).toBe(unread);
          const failed = cells.filter(({ amount }) => typeof amount !== 'bigint').length;
          expect(point.cells).toEqual({ asked: cells.length, read: cells.length - failed, failed });
          if (failed > 0) expect(['incomplete', 'disagree']).toContain(point.quality);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('never claim more when less was read: turning a reading into a failure only widens', () => {
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 10 }), fc.nat(), (specs, pick) => {
        const cells = specs.map((one) => ({
          ...one,
          amount: typeof one.amount === 'bigint' ? one.amount : 5n,
          last: 10n ** 30n,
        }));
        const before = only(pointsOf({ cells }));
        const after = only(
          pointsOf({
            cells: cells.map((one, index) =>
              index === pick % cells.length ? { ...one, amount: 'timeout' as const } : one,
            ),
          }),
        );
        for (const figure of ['observed', 'proven'] as const) {
          expect(after[figure].lo <= before[figure].lo).toBe(true);
          expect(after[figure].hi >= before[figure].hi).toBe(true);
        }
        expect(after.quality).toBe('incomplete');
        const bounds = { firePpm: 10n ** 6n, clearPpm: 10n ** 6n };
        const [was, is] = [decidePoint(before, 'observed', bounds), decidePoint(after, 'observed', bounds)];
        expect([was, 'unknown']).toContain(is);
      }),
    );
  });

  it('count a cell that is listed twice once', () => {
    const point = only(pointsOf({ cells: [{ chain: 0, amount: 7n, claimed: '9' }] }));
    const twice = only(
      pointsOf({
        cells: [{ chain: 0, amount: 7n, claimed: '9' }],
        change: (() => {
          const verdict = { grade: 'listed' as const, scheme: null, reason: null, flags: [] };
          const address = `0x${'0'.repeat(40)}` as never;
          const row = { address, assetId: CHAINS[0].id, asset: USDT, claimed: '9', line: 1, verdict };
          return { cells: [row, { ...row, line: 2 }] };
        })(),
      }),
    );
    expect([twice.observed, twice.claimed, twice.cells]).toEqual([point.observed, point.claimed, point.cells]);
  });

  it('have no upper end where a row that states no amount was never read: no breach can be shown then', () => {
    const bounds = { firePpm: 10n ** 6n, clearPpm: 10n ** 6n };
    const tiny: CellSpec = { chain: 1, amount: 1n, claimed: '1' };
    const silent: CellSpec = { chain: 0, amount: 'timeout', claimed: '0', unstated: true };
    const apart = { ...unreadRow('0'), unstated: true } as const;
    for (const point of [
      only(pointsOf({ cells: [tiny, silent] })),
      only(pointsOf({ cells: [tiny], change: { unread: [apart] } })),
    ]) {
      expect(point.unbounded).toBe(true);
      expect(point.quality).toBe('incomplete');
      expect(point.values).toEqual({ observed: null, proven: null, 'observed+custody': null });
      for (const basis of ['observed', 'proven'] as const) expect(decidePoint(point, basis, bounds)).toBe('unknown');
    }
    for (const cells of [
      [tiny, { ...silent, last: 5n, claimed: '0' }],
      [tiny, { ...silent, amount: 5n }],
      [tiny, { chain: 0 as const, amount: 'timeout' as const, claimed: '0' }],
    ]) {
      const point = only(pointsOf({ cells }));
      expect(point).not.toHaveProperty('unbounded');
      expect(decidePoint(point, 'observed', bounds)).toBe('breach');
    }
  });

  it('decide no level where nothing was read, or what was read is stale: claims and the past are no balances', () => {
    const bounds = { firePpm: 10n ** 6n, clearPpm: 10n ** 6n };
    const nothing = only(pointsOf({ cells: [{ chain: 0, amount: 'timeout', claimed: '1' }] }));
    expect(nothing.assurance).toBeNull();
    expect(decidePoint(nothing, 'observed', bounds)).toBe('unknown');
    const read = only(pointsOf({ cells: [{ chain: 0, amount: 1n, claimed: '1' }] }));
    expect(decidePoint(read, 'observed', bounds)).toBe('breach');
    expect(decidePoint({ ...read, quality: 'stale' }, 'observed', bounds)).toBe('unknown');
  });

  it('round claims that are finer than the asset toward the safe side', () => {
    const cells = [{ chain: 0 as const, amount: 'timeout' as const, claimed: '0.0000000000000000015' }];
    const point = only(pointsOf({ cells }));
    expect([point.claimed, point.observed.hi]).toEqual([1n, 2n]);
  });
});

describe('quality', () => {
  const good: CellSpec = { chain: 0, amount: 5n, claimed: '1' };
  const qualityOf = (cells: readonly CellSpec[], scene = {}) => only(pointsOf({ cells, ...scene })).quality;

  it('names the worst thing that is wrong', () => {
    expect(qualityOf([good])).toBe('complete');
    expect(qualityOf([good, { ...good, amount: 'timeout' }])).toBe('incomplete');
    expect(qualityOf([good, { ...good, amount: 'timeout' }, { ...good, amount: 'disagree' }])).toBe('disagree');
    expect(qualityOf([good, { ...good, amount: 'not_final' }])).toBe('not_final');
    expect(qualityOf([good], { blocks: [{ timeMs: NOW - 3_600_001 }] })).toBe('stale');
    expect(qualityOf([good], { blocks: [{ timeMs: NOW - 3_600_000 }] })).toBe('complete');
  });

  it('rows on chains without an adapter are shown apart and part of hi, and are no read failure', () => {
    const point = only(pointsOf({ cells: [good], change: { unread: [unreadRow('2.5')] } }));
    expect([point.quality, point.claimedUnread]).toEqual(['complete', (5n * COIN) / 2n]);
    expect(point.observed.hi - point.observed.lo).toBe((5n * COIN) / 2n);
  });

  it('an asset of which nothing is listed has no reading of zero and no value', () => {
    const point = only(pointsOf({ cells: [] }));
    expect([point.quality, point.assurance, point.values.observed]).toEqual(['incomplete', null, null]);
    expect(decidePoint(point, 'observed', { firePpm: 10n ** 6n, clearPpm: 10n ** 6n })).toBe('unknown');
  });

  it('a cell read at a block that is not final is not read', () => {
    const point = only(pointsOf({ cells: [good], blocks: [{ finality: 'not_final' }] }));
    expect([point.quality, point.observed.lo, point.heavyMissing]).toEqual(['not_final', 0n, ['eip155:1']]);
  });

  it('takes the weakest assurance of the cells', () => {
    expect(only(pointsOf({ cells: [good, { ...good, assurance: 'A1' }] })).assurance).toBe('A1');
  });
});

describe('evidence', () => {
  it('a chain with 5 % is heavy, one below is not, an emptied one stays so by its claim, and one without a block is named', () => {
    const cells: CellSpec[] = [
      { chain: 0, amount: 95_000_000n, claimed: '95' },
      { chain: 1, amount: 5n * COIN, claimed: '0' },
      { chain: 2, amount: 0n, claimed: '20' },
    ];
    const heavy = (point: Point) => point.evidence.filter((one) => one.heavy).map(({ chain }) => chain);
    expect(heavy(only(pointsOf({ cells })))).toEqual(['eip155:1', 'eip155:56', 'eip155:9']);
    const less = [cells[0], { ...cells[1], amount: 5n * COIN - 1n }, { ...cells[2], claimed: '5' }] as CellSpec[];
    expect(heavy(only(pointsOf({ cells: less })))).toEqual(['eip155:1', 'eip155:9']);
    const dark = only(
      pointsOf({
        cells: cells.map((one) =>
          one.chain === 1 ? { ...one, amount: 'timeout', last: 5n * COIN } : one,
        ) as CellSpec[],
        blocks: [{}, null],
      }),
    );
    expect(dark.heavyMissing).toEqual(['eip155:56']);
  });

  it('where everything is zero every chain is heavy', () => {
    const point = only(pointsOf({ cells: [{ chain: 0, amount: 0n, claimed: '0' }] }));
    expect(point.evidence.map(({ heavy }) => heavy)).toEqual([true]);
  });
});

describe('liabilities', () => {
  const cells: CellSpec[] = [{ chain: 1, amount: 990n * COIN, claimed: '990' }];
  const owed = (statements: ReturnType<typeof liability>[]) =>
    only(pointsOf({ cells, change: { statements } })).liabilities;

  it('stated ones make a coverage with their date and age, never a ratio', () => {
    const point = only(pointsOf({ cells }));
    expect([point.kind, point.liabilities?.asOfMs, point.liabilities?.ageMs]).toEqual([
      'coverage',
      NOW - 86_400_000,
      86_400_000,
    ]);
    expect(point.values.observed?.lo).toEqual({ num: 990n * COIN, den: 1_000n * COIN });
    expect(point.values['observed+custody']).toBeNull();
  });

  it('the latest as-of decides, then the strongest binding, then the larger amount; a later row of one source corrects it', () => {
    const late = { asOfMs: NOW - 1000 };
    const lo = (list: ReturnType<typeof liability>[]) => (owed(list)?.amount.lo ?? 0n) / COIN;
    expect(lo([liability(5_000n), liability(10n, late)])).toBe(10n);
    expect(
      lo([
        liability(50n, { ...late, source: 'a' }),
        liability(10n, { ...late, source: 'b', binding: 'per-asset-total' }),
      ]),
    ).toBe(10n);
    expect(lo([liability(50n, { source: 'a' }), liability(60n, { source: 'b' })])).toBe(60n);
    expect(lo([liability(60n, { source: 'b' }), liability(50n, { source: 'a' })])).toBe(60n);
    expect(lo([liability(6_000n), liability(50n, { recordedAtMs: NOW })])).toBe(50n);
    expect(lo([liability(50n, { recordedAtMs: NOW }), liability(6_000n)])).toBe(50n);
  });

  it('names what others state of the same moment with another amount, largest first, and nothing else', () => {
    const stated = [
      liability(50n, { source: 'a', binding: 'per-asset-total' }),
      liability(60n, { source: 'b' }),
      liability(70n, { source: 'c' }),
      liability(50n, { source: 'd' }),
      liability(90n, { source: 'older', asOfMs: NOW - 30 * 86_400_000 }),
    ];
    expect(owed(stated)).toMatchObject({
      source: 'a',
      conflicts: [
        { source: 'c', amount: 70n * COIN, binding: 'none' },
        { source: 'b', amount: 60n * COIN },
      ],
    });
    expect(owed(stated)?.conflicts).toHaveLength(2);
    expect(owed([liability(50n, { source: 'a' })])).not.toHaveProperty('conflicts');
  });

  it('passes over combined totals, bare percentages, other subjects and statements of the future', () => {
    const other = 'BTC' as AssetCode;
    expect(
      owed([
        liability(1n, { binding: 'combined-total' }),
        liability(1n, { amount: null }),
        liability(1n, { asset: other }),
        liability(1n, { entity: 'x' as never }),
        liability(1n, { asOfMs: NOW + 1 }),
        liability(1n, { kind: 'custody' }),
      ]),
    ).toBeNull();
  });

  it('zero and less have no ratio', () => {
    for (const amount of [0n, -5n]) {
      const point = only(pointsOf({ cells, change: { statements: [liability(amount)] } }));
      expect([point.liabilities === null, point.values.observed]).toEqual([false, null]);
      expect(decidePoint(point, 'observed', { firePpm: 1n, clearPpm: 1n })).toBe('unknown');
    }
  });

  it('custody is null while unknown or stale, the smaller amount on conflict, and never equal to observed by default', () => {
    const custody = (amount: bigint, change = {}) => liability(amount, { kind: 'custody', ...change });
    const at = (statements: ReturnType<typeof liability>[]) =>
      only(pointsOf({ cells, change: { statements: [liability(1_000n), ...statements] } }));
    expect(at([custody(20n)]).custody).toBe(20n * COIN);
    expect(at([custody(20n)]).values['observed+custody']?.lo.num).toBe(1_010n * COIN);
    expect(at([custody(20n, { source: 'a' }), custody(10n, { source: 'b' })]).custody).toBe(10n * COIN);
    const stale = at([custody(20n, { asOfMs: NOW - 30 * 86_400_000 - 1 })]);
    expect([stale.custody, stale.custodyAsOfMs, stale.values['observed+custody']]).toEqual([
      null,
      NOW - 30 * 86_400_000 - 1,
      null,
    ]);
  });
});

describe('on-chain supply', () => {
  const cells: CellSpec[] = [{ chain: 1, amount: 990n * COIN, claimed: '990' }];
  const read = (index: 0 | 1 | 2, amount: bigint) =>
    ({ asset: CHAINS[index].id, outcome: { kind: 'read', amount: baseUnits(amount), assurance: 'A2' } }) as const;
  const config = (partial = false) => new Map([[USDT, { assets: [CHAINS[0].id, CHAINS[2].id], partial }]]);
  const bounds = { firePpm: 1_000_000n, clearPpm: 1_002_000n };
  const dark = {
    asset: CHAINS[2].id,
    outcome: { kind: 'unread', failure: { code: 'timeout', message: 'm', provider: 'p', retryable: true } },
  } as const;

  it('is a ratio of one snapshot: supplies of all chains, scaled and added', () => {
    const point = only(
      pointsOf({
        cells,
        supplies: [read(0, 500_000_000n), read(2, 500n)],
        change: { supplies: config(), statements: [] },
      }),
    );
    expect([point.kind, point.liabilities?.grade, point.liabilities?.asOfMs]).toEqual(['ratio', 'supply', point.atMs]);
    expect(point.liabilities?.amount).toEqual({ lo: 1_000n * COIN, hi: 1_000n * COIN });
    expect(decidePoint(point, 'observed', bounds)).toBe('breach');
    expect(point.evidence.filter(({ heavy }) => heavy)).toHaveLength(3);
  });

  it('is a lower bound while a chain is unread: it may show a breach, never a clearing', () => {
    const at = (amount: bigint) =>
      only(pointsOf({ cells, supplies: [read(0, amount), dark], change: { supplies: config(), statements: [] } }));
    const breached = at(1_000_000_000n);
    expect([breached.liabilities?.openEnded, breached.quality]).toEqual([true, 'incomplete']);
    expect(decidePoint(breached, 'observed', bounds)).toBe('breach');
    expect(decidePoint(at(1_000_000n), 'observed', bounds)).toBe('unknown');
    expect(at(1_000_000n).values.observed?.lo).toEqual({ num: 0n, den: 1n });
    const missing = only(pointsOf({ cells, supplies: [read(0, 1n)], change: { supplies: config(), statements: [] } }));
    expect([missing.quality, missing.liabilities?.openEnded]).toEqual(['incomplete', true]);
  });

  it('on chains that the config says are not read, too, without being a read failure', () => {
    const point = only(
      pointsOf({ cells, supplies: [read(0, 1n), read(2, 1n)], change: { supplies: config(true), statements: [] } }),
    );
    expect([point.quality, point.liabilities?.openEnded]).toEqual(['complete', true]);
    expect(decidePoint(point, 'observed', bounds)).toBe('unknown');
  });

  it('stands beside a stated amount as a point of its own', () => {
    const points = pointsOf({ cells, supplies: [read(0, 1n), read(2, 1n)], change: { supplies: config() } });
    expect(points.map(({ kind }) => kind)).toEqual(['ratio', 'coverage']);
  });
});
