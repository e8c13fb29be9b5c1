import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EntityId } from '../../src/domain/ids.ts';
import { type Cell, cellKey } from '../../src/domain/snapshot.ts';
import {
  ACME,
  alertState,
  cell,
  clock,
  ETH,
  event,
  failed,
  HOOK,
  mustOpen,
  point,
  read,
  record,
  tempStore,
  USDT,
  USDT_1,
  USDT_56,
} from './records.ts';

const rows = (path: string, sql: string): unknown[] => {
  const db = new Database(path, { readonly: true });
  try {
    return db.prepare(sql).raw().all();
  } finally {
    db.close();
  }
};

describe('a poll', () => {
  it('adds balance rows only for what changed', () => {
    const { store, path } = tempStore();
    const before = [cell(USDT_1, '0x1', read(5n)), cell(USDT_1, '0x2', read(0n)), cell(ETH, '0x1', read(2n ** 200n))];
    store.commitPoll(record(1, before));
    store.commitPoll(record(2, before));
    store.commitPoll(record(3, [cell(USDT_1, '0x1', read(6n)), ...before.slice(1)]));
    expect(rows(path, 'SELECT poll, cell, hex(amount) FROM balance ORDER BY poll, cell')).toEqual([
      [1, 1, '05'],
      [1, 2, ''],
      [1, 3, `01${'00'.repeat(25)}`],
      [3, 1, '06'],
    ]);
    expect(rows(path, 'SELECT poll, changed FROM coverage ORDER BY poll')).toEqual([
      [1, 3],
      [2, 0],
      [3, 1],
    ]);
    expect(rows(path, `SELECT total, read, unread FROM rollup WHERE poll = 3 ORDER BY asset`)).toEqual([
      ['6', 2, 0],
      [(2n ** 200n).toString(), 1, 0],
    ]);
    expect(store.check()).toMatchObject({ polls: 3, faults: [] });
  });

  it('keeps a failure once for as long as it lasts, and never as a balance', () => {
    const { store, path } = tempStore();
    const outcomes = [read(7n), failed(), failed(), failed('disagree', 'alpha,beta'), read(7n), failed(), read(8n)];
    for (const [tick, outcome] of outcomes.entries()) store.commitPoll(record(tick, [cell(USDT_1, '0x1', outcome)]));
    expect(rows(path, 'SELECT poll, state, code, provider FROM reading ORDER BY poll')).toEqual([
      [2, 'failed', 'timeout', 'alpha'],
      [4, 'failed', 'disagree', 'alpha,beta'],
      [5, 'read', null, null],
      [6, 'failed', 'timeout', 'alpha'],
    ]);
    expect(rows(path, 'SELECT poll FROM balance')).toEqual([[1], [7]]);
    expect(rows(path, 'SELECT total, read, unread FROM rollup ORDER BY poll')).toEqual(
      outcomes.map((outcome) => (outcome.kind === 'read' ? [outcome.amount.toString(), 1, 0] : ['0', 0, 1])),
    );
    expect(store.check().faults).toEqual([]);
  });

  it('remembers the last complete reading through failures and a removal, with its block', () => {
    const { store } = tempStore();
    const key = cellKey(USDT_1.id, cell(USDT_1, '0x1', read(0n)).query.address);
    const reading = () => store.lastReadings(ACME).get(key);
    expect(reading()).toBeUndefined();
    store.commitPoll(record(1, [cell(USDT_1, '0x1', failed())]));
    expect(reading()).toBeUndefined();
    store.commitPoll(record(2, [cell(USDT_1, '0x1', read(7n))]));
    store.commitPoll(record(3, [cell(USDT_1, '0x1', read(7n))]));
    const third = { amount: 7n, poll: 3, height: 1003n, atMs: clock.now() + 3000 };
    expect(reading()).toEqual(third);
    store.commitPoll(record(4, [cell(USDT_1, '0x1', failed())]));
    store.commitPoll(record(5, [cell(USDT_1, '0x1', failed('disagree'))]));
    expect(reading()).toEqual(third);
    store.commitPoll(record(6, [cell(USDT_1, '0x2', read(1n))]));
    expect(reading()).toEqual(third);
    store.commitPoll(record(7, [cell(USDT_1, '0x1', read(7n))]));
    expect(reading()).toEqual({ amount: 7n, poll: 7, height: 1007n, atMs: clock.now() + 7000 });
    expect(store.check().faults).toEqual([]);
  });

  it('refuses a balance without a block and a cell asked twice, and leaves nothing behind', () => {
    const { store } = tempStore();
    const one = cell(USDT_1, '0x1', read(7n));
    const bare = record(1, [one]);
    expect(() => store.commitPoll({ ...bare, snapshot: { ...bare.snapshot, sources: [] } })).toThrow(/no block/);
    expect(() => store.commitPoll(record(1, [one, one]))).toThrow(/twice/);
    expect(store.latestPoll(ACME)).toBeNull();
    expect(store.commitPoll(record(1, [one]))).toBe(1);
    expect(store.check()).toMatchObject({ polls: 1, faults: [] });
  });

  it('commits all of its parts or none', () => {
    const { store } = tempStore();
    store.commitPoll(record(1, [cell(USDT_1, '0x1', read(7n))], { alertStates: [alertState({ count: 1 })] }));
    const broken = record(2, [cell(USDT_1, '0x1', read(8n)), cell(USDT_1, '0x2', read(1n))], {
      points: [point(9n * 10n ** 12n)],
      alertStates: [alertState({ count: 2 })],
      events: [event(1), event(1)],
      receivers: [HOOK],
    });
    expect(() => store.commitPoll(broken)).toThrow();
    expect(store.latestPoll(ACME)?.poll).toBe(1);
    expect(store.alertStates(ACME)).toEqual([alertState({ count: 1 })]);
    expect(store.dueDeliveries(clock.now(), 10)).toEqual([]);
    expect(store.latestPoints()).toEqual([]);
    store.commitPoll({ ...broken, events: [event(1), event(2)] });
    expect(store.alertStates(ACME)).toEqual([alertState({ count: 2 })]);
    expect(store.latestPoints(ACME)).toEqual([
      { poll: 2, startedAtMs: clock.now() + 2000, point: point(9n * 10n ** 12n) },
    ]);
    expect(store.dueDeliveries(clock.now(), 10).map(({ id }) => id)).toEqual(['evt-ffff-1-1:hook']);
    expect(store.check().faults).toEqual([]);
  });

  it('chains every header to the poll before, of any entity', () => {
    const { store } = tempStore();
    const other = 'other' as EntityId;
    store.commitPoll(record(1, [cell(USDT_1, '0x1', read(7n))]));
    const first = store.latestPoll(ACME);
    expect(first?.previousRootHash).toBe('0'.repeat(64));
    store.commitPoll(record(2, [cell(USDT_1, '0x1', read(7n))], { entity: other }));
    expect(store.latestPoll(other)).toMatchObject({ poll: 2, previousRootHash: first?.rootHash });
    expect(store.latestPoll(ACME)).toEqual(first);
    expect(store.lastReadings(other).size).toBe(1);
  });
});

describe('the largest moves', () => {
  it('compare across decimals, from a chosen moment, without the new, the gone and the unread', () => {
    const { store } = tempStore();
    const e18 = 10n ** 18n;
    const poll = (tick: number, amounts: readonly (bigint | null)[]) =>
      store.commitPoll(
        record(tick, [
          cell(USDT_1, '0xa', amounts[0] === null ? failed() : read(amounts[0] as bigint)),
          cell(USDT_56, '0xb', read(amounts[1] as bigint)),
          cell(USDT_56, '0xc', read(amounts[2] as bigint)),
          cell(ETH, '0xa', read(BigInt(tick))),
          ...(amounts.length > 3 ? [cell(USDT_1, '0xd', read(amounts[3] as bigint))] : []),
        ]),
      );
    poll(1, [100_000_000n, 10n * e18, 5n * e18]);
    expect(store.largestMoves(ACME, USDT, 9)).toEqual([]);
    poll(2, [40_000_000n, 80n * e18, 5n * e18, 9_000_000_000n]);
    const moves = (limit: number, sinceMs?: number) =>
      store.largestMoves(ACME, USDT, limit, sinceMs).map(({ address, before, after }) => [address, before, after]);
    expect(moves(9)).toEqual([
      ['0xb', 10n * e18, 80n * e18],
      ['0xa', 100_000_000n, 40_000_000n],
    ]);
    expect(moves(1)).toHaveLength(1);
    poll(3, [40_000_000n, 80n * e18, 4n * e18, 9_000_000_000n]);
    expect(moves(9)).toEqual([['0xc', 5n * e18, 4n * e18]]);
    expect(moves(9, clock.now() + 1500).map(([address]) => address)).toEqual(['0xb', '0xa', '0xc']);
    expect(moves(9, clock.now())).toEqual([]);
    poll(4, [null, 10n * e18, 5n * e18, 9_000_000_000n]);
    expect(moves(9, clock.now() + 1000)).toEqual([]);
  });
});

describe('any history', () => {
  const outcomes = fc.oneof(
    { weight: 5, arbitrary: fc.bigInt({ min: 0n, max: 3n }).map(read) },
    { weight: 1, arbitrary: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }).map(read) },
    { weight: 2, arbitrary: fc.constantFrom(failed(), failed('disagree', 'alpha,beta')) },
    { weight: 1, arbitrary: fc.constant(null) },
  );
  const assets = [USDT_1, USDT_56, ETH];
  const polls = fc.array(
    fc.record({
      entity: fc.constantFrom('acme' as EntityId, 'other' as EntityId),
      table: fc.array(outcomes, { minLength: 9, maxLength: 9 }),
      reopen: fc.boolean(),
    }),
    { minLength: 1, maxLength: 12 },
  );
  const toCells = (table: readonly ReturnType<typeof read>[]): Cell[] =>
    table.flatMap((outcome, at) =>
      outcome ? [cell(assets[at % 3] as typeof ETH, `0x${Math.floor(at / 3)}`, outcome)] : [],
    );

  it('has the totals and last readings of its full tables, also across restarts, and checks clean', () => {
    fc.assert(
      fc.property(polls, (history) => {
        const { store: first, path } = tempStore();
        let store = first;
        const expected: unknown[] = [];
        const last = new Map<string, Map<string, [bigint, number]>>();
        for (const [at, { entity, table, reopen }] of history.entries()) {
          const cells = toCells(table as never);
          const poll = store.commitPoll(record(at, cells, { entity }));
          for (const asset of assets) {
            const own = cells.filter(({ query }) => query.asset.id === asset.id);
            if (own.length === 0) continue;
            const amounts = own.flatMap(({ outcome }) => (outcome.kind === 'read' ? [outcome.amount] : []));
            const total = amounts.reduce<bigint>((sum, amount) => sum + amount, 0n);
            expected.push([poll, asset.id, total.toString(), amounts.length, own.length - amounts.length]);
          }
          const readings = last.get(entity) ?? new Map();
          last.set(entity, readings);
          for (const { query, outcome } of cells) {
            if (outcome.kind === 'read') readings.set(cellKey(query.asset.id, query.address), [outcome.amount, poll]);
          }
          if (reopen) {
            store.close();
            store = mustOpen(path);
          }
        }
        const kept = rows(
          path,
          'SELECT poll, caip19, total, read, unread FROM rollup JOIN asset ON asset.id = asset ORDER BY poll, asset.id',
        ) as [number, string][];
        const sorted = (list: unknown[]) => list.map((row) => JSON.stringify(row)).sort();
        expect(sorted(kept)).toEqual(sorted(expected));
        for (const [entity, readings] of last) {
          const now = [...store.lastReadings(entity as EntityId)].map(([key, { amount, poll }]) => [
            key,
            [amount, poll],
          ]);
          expect(new Map(now as [string, unknown][])).toEqual(readings);
        }
        expect(store.check()).toMatchObject({ polls: history.length, faults: [] });
        store.close();
      }),
      { numRuns: 60 },
    );
  });
});
