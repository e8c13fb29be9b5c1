import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Address, AssetCode, EntityId, Sha256 } from '../../src/domain/ids.ts';
import type { OwnershipFlag } from '../../src/domain/ownership.ts';
import type { ReportImport, Store } from '../../src/seams.ts';
import { openConnection } from '../../src/store/connection.ts';
import { MIGRATIONS, migrate } from '../../src/store/migrations.ts';
import { createSqliteStore } from '../../src/store/sqlite-store.ts';
import { ACME, clock, ETH, listedRow, mustOpen, report, tempFolder, tempStore, USDT_1, verdict } from './records.ts';

const OTHER = 'other' as EntityId;
const USDT = 'USDT' as AssetCode;
const DAY = 86_400_000;
const sha = (mark: string): Sha256 => mark.repeat(64).slice(0, 64) as Sha256;
const signature = (mark: string): string => `0x${mark.repeat(130).slice(0, 130)}`;

interface Signed {
  readonly address: string;
  readonly sign: string | null;
  readonly second?: string;
  readonly amount?: string;
  readonly flags?: readonly OwnershipFlag[];
  readonly of?: typeof ETH;
}

const rows = (list: readonly Signed[]): ReportImport['rows'] =>
  list.map(({ address, sign, second, amount = '1', flags = [], of = USDT_1 }, at) => {
    const row = listedRow(at + 3, of, address, amount);
    const printed = { ...row.listed.row, signature1: sign, signature2: second ?? null };
    const grade = sign === null ? 'listed' : 'address-bound';
    return { listed: { ...row.listed, row: printed }, verdict: verdict({ grade, flags }) };
  });

/** Imports a list whose snapshot was so many days after the first of all. */
const put = (store: Store, mark: string, day: number, list: readonly Signed[], entity = ACME): void => {
  const file = { sha256: sha(mark), name: `${mark}.csv`, bytes: 1, format: 'okx-csv-11' };
  expect(store.importReport(report(rows(list), { file, entity, asOfMs: day * DAY }))).toBe('stored');
};

function inMemory(): Store {
  const db = new Database(':memory:');
  migrate(db);
  return createSqliteStore(db, clock);
}

describe('the ledger of signatures', () => {
  it('knows when a signature was first and last seen, how often, and at how many addresses, however it is spelled', () => {
    const { store } = tempStore();
    const bytes = Buffer.from('ab'.repeat(65), 'hex');
    put(store, 'a', 10, [
      { address: '0xA1', sign: bytes.toString('base64') },
      { address: '0xA1', sign: `0x${bytes.toString('hex')}`, of: ETH },
    ]);
    put(store, 'b', 30, [{ address: '0xa1', sign: bytes.toString('hex').toUpperCase() }]);
    put(store, 'c', 20, [{ address: '0xB2', sign: bytes.toString('hex') }], OTHER);
    const seen = (mark: string, day: number) => ({ report: sha(mark), atMs: day * DAY });
    expect(store.signatureHistory(`0X${bytes.toString('hex')}`.toLowerCase())).toEqual([
      { entity: ACME, first: seen('a', 10), newest: seen('b', 30), reports: 2, addresses: 1 },
      { entity: OTHER, first: seen('c', 20), newest: seen('c', 20), reports: 1, addresses: 1 },
    ]);
    expect(store.signatureHistory(signature('7'))).toEqual([]);
    expect(store.signatureHistory('0x00')).toEqual([]);
    expect(store.check().faults).toEqual([]);
  });

  it('sums a report up beside the older ones only, in whatever order they came', () => {
    const { store } = tempStore();
    const list = (marks: string, at = ''): Signed[] =>
      [...marks].map((mark) => ({ address: `0x${mark}${at}`, sign: signature(mark) }));
    put(store, 'b', 30, [...list('123'), { address: '0x9', sign: null }]);
    expect(store.signatureSummary(sha('b'), ACME)).toEqual({ fresh: 3, seenBefore: 0, oldest: null, reused: 0 });
    // Older, and imported later: what came first is told by the as-of.
    put(store, 'a', 10, list('1'));
    put(store, 'c', 40, [...list('34'), ...list('1', 'elsewhere')]);
    // The same bytes of another publisher, at another address.
    put(store, 'd', 20, list('2', 'theirs'), OTHER);
    const oldest = { report: sha('a'), atMs: 10 * DAY };
    expect(store.signatureSummary(sha('a'), ACME)).toEqual({ fresh: 1, seenBefore: 0, oldest: null, reused: 0 });
    expect(store.signatureSummary(sha('b'), ACME)).toEqual({ fresh: 2, seenBefore: 1, oldest, reused: 1 });
    expect(store.signatureSummary(sha('c'), ACME)).toEqual({ fresh: 1, seenBefore: 2, oldest, reused: 1 });
    expect(store.signatureSummary(sha('d'), OTHER)).toEqual({ fresh: 1, seenBefore: 0, oldest: null, reused: 0 });
  });

  it('says whether an older report carries a signature of a row at another address', () => {
    const { store } = tempStore();
    put(store, 'a', 10, [{ address: '0xA1', sign: signature('1'), second: signature('2') }], OTHER);
    const [row] = rows([{ address: '0xB2', sign: signature('3'), second: signature('2') }]);
    const [same] = rows([{ address: '0xa1', sign: signature('2') }]);
    if (row === undefined || same === undefined) throw new Error('no row');
    expect(store.carriedElsewhere(row.listed, 20 * DAY)).toBe(true);
    expect(store.carriedElsewhere(row.listed, 9 * DAY)).toBe(false);
    expect(store.carriedElsewhere(same.listed, 20 * DAY)).toBe(false);
    // Kept while its chain was unknown, so as printed; canonical since.
    const printed = { ...row.listed.row, addressText: 'ex1abc', signature1: signature('5'), signature2: null };
    const file = { sha256: sha('c'), name: 'c', bytes: 1, format: 'okx-csv-11' };
    const unknown = { listed: { ...row.listed, row: printed, address: null }, verdict: row.verdict };
    store.importReport(report([unknown], { file, asOfMs: 10 * DAY }));
    const known = { ...row.listed, row: printed, address: '0xcafe' as Address };
    expect(store.carriedElsewhere(known, 20 * DAY)).toBe(false);
  });

  it('gives trust with the oldest signature behind a proven row, not behind others', () => {
    const { store } = tempStore();
    put(store, 'a', 10, [
      { address: '0x1', sign: signature('1'), flags: ['foreign-message'] },
      { address: '0x2', sign: signature('2'), of: ETH },
    ]);
    put(store, 'b', 20, [{ address: '0x3', sign: signature('3') }]);
    put(store, 'c', 30, [
      { address: '0x1', sign: signature('1'), flags: ['foreign-message', 'static-message'], amount: '2' },
      { address: '0x3', sign: signature('3'), flags: ['static-message'] },
      { address: '0x4', sign: signature('4') },
      { address: '0x5', sign: null, of: ETH, amount: '0.5' },
    ]);
    expect(store.reportTrust(sha('c'), ACME)).toMatchObject([
      {
        asset: 'USDT',
        claimed: '4',
        grades: { 'address-bound': { amount: '4', ppm: 1_000_000 } },
        dated: { amount: '1', ppm: 250_000 },
        undated: { rows: 2, amount: '3' },
        foreign: { rows: 1, amount: '2' },
        oldestSeenMs: 20 * DAY,
      },
      { asset: 'ETH', claimed: '0.5', oldestSeenMs: null },
    ]);
    expect(store.reportTrust(sha('c'), ACME, USDT)).toHaveLength(1);
    expect(store.reportTrust(sha('c'), OTHER)).toEqual([]);
    // An older list with the same signature, kept later, makes it older everywhere.
    put(store, 'd', 5, [{ address: '0x3', sign: signature('3') }]);
    expect(store.reportTrust(sha('c'), ACME, USDT)).toMatchObject([{ oldestSeenMs: 5 * DAY }]);
    expect(store.check().faults).toEqual([]);
  });

  it('says the same whatever the order of the imports', () => {
    const entry = fc.record({
      address: fc.constantFrom('0x1', '0x2', '0x3'),
      sign: fc.constantFrom(...['1', '2', '3'].map(signature), null),
    });
    const list = fc.record({ day: fc.integer({ min: 0, max: 3 }), rows: fc.array(entry, { maxLength: 4 }) });
    fc.assert(
      fc.property(fc.array(list, { minLength: 1, maxLength: 5 }), fc.func(fc.integer()), (lists, shuffle) => {
        const all = lists.map((one, at) => ({ ...one, day: one.day * 10 + at, mark: 'abcde'[at] as string }));
        const tell = (order: typeof all): string => {
          const store = inMemory();
          for (const { mark, day, rows: some } of order) put(store, mark, day, some);
          expect(store.check().faults).toEqual([]);
          const said = JSON.stringify([
            ['1', '2', '3'].map((mark) => store.signatureHistory(signature(mark))),
            all.map(({ mark }) => [store.signatureSummary(sha(mark), ACME), store.reportTrust(sha(mark), ACME)]),
          ]);
          store.close();
          return said;
        };
        const shuffled = [...all].sort((a, b) => shuffle(a.mark) - shuffle(b.mark));
        expect(tell(shuffled)).toBe(tell(all));
      }),
      { numRuns: 40 },
    );
  });

  it('is filled by the migration from what was kept before, and checked against the rows', () => {
    const folder = tempFolder();
    const [path, old] = [`${folder}/new.db`, `${folder}/old.db`];
    const store = mustOpen(path);
    for (const [mark, day] of [
      ['a', 10],
      ['b', 5],
      ['c', 20],
    ] as const)
      put(store, mark, day, [
        { address: '0x1', sign: signature('1') },
        { address: `0x${mark}`, sign: signature(mark) },
      ]);
    const history = store.signatureHistory(signature('1'));
    const trust = store.reportTrust(sha('c'), ACME);
    store.close();

    const before = MIGRATIONS.filter(({ version }) => version < 5);
    const made = openConnection(old, { migrations: before });
    if (!made.ok) throw new Error(made.error);
    const db = made.value;
    db.prepare('ATTACH ? AS source').run(path);
    db.transaction(() => {
      for (const table of ['entity', 'report', 'report_row', 'report_fault', 'report_summary']) {
        db.exec(`INSERT INTO main.${table} SELECT * FROM source.${table}`);
      }
    })();
    db.close();
    const migrated = mustOpen(old);
    expect(migrated.signatureHistory(signature('1'))).toEqual(history);
    expect(migrated.reportTrust(sha('c'), ACME)).toEqual(trust);
    expect(history).toMatchObject([
      { reports: 3, addresses: 1, first: { report: sha('b') }, newest: { report: sha('c') } },
    ]);
    expect(migrated.check().faults.filter((fault) => /signature|trust/.test(fault))).toEqual([]);
    migrated.close();

    const bent = new Database(old);
    bent.exec('UPDATE signature SET first_report = newest_report, reports = 9');
    bent.exec('DELETE FROM signature_address WHERE address IN (SELECT min(address) FROM signature_address)');
    bent.close();
    const checked = mustOpen(old);
    expect(checked.check().faults).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^signature: \d rows do not follow/),
        expect.stringMatching(/^signature_address: \d rows .* are missing/),
      ]),
    );
    checked.close();
  });

  it('leaves nothing behind where an import breaks off', () => {
    const { store } = tempStore();
    function* broken() {
      yield* rows([{ address: '0x1', sign: signature('1') }]);
      throw new Error('the disk went away');
    }
    expect(() => store.importReport(report(broken()))).toThrow('went away');
    put(store, 'b', 1, [{ address: '0x2', sign: signature('2') }]);
    expect(store.signatureHistory(signature('1'))).toEqual([]);
    expect(store.signatureSummary(sha('b'), ACME)).toMatchObject({ fresh: 1, seenBefore: 0 });
    expect(store.reportTrust(sha('b'), ACME)).toMatchObject([{ claimed: '1' }]);
  });
});
