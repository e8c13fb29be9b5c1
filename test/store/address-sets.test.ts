import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ListDecision } from '../../src/domain/attestation.ts';
import { listInUse, listWaiting } from '../../src/domain/attestation.ts';
import type { EntityId, Sha256 } from '../../src/domain/ids.ts';
import { cellKey } from '../../src/domain/snapshot.ts';
import type { ReportImport } from '../../src/seams.ts';
import { openConnection } from '../../src/store/connection.ts';
import { MIGRATIONS } from '../../src/store/migrations.ts';
import { openStore } from '../../src/store/open-store.ts';
import {
  ACME,
  cell,
  clock,
  ETH,
  failed,
  listedRow,
  read,
  record,
  report,
  tempFolder,
  tempStore,
  USDT_1,
} from './records.ts';

const sha = (digit: string): Sha256 => digit.repeat(64) as Sha256;
let came = 0;
const list = (digit: string, addresses: readonly string[], more: Partial<ReportImport> = {}): ReportImport => {
  came += 1;
  const rows = addresses.map((address, at) => listedRow(at + 3, USDT_1, address, `${at}.5`));
  const file = { sha256: sha(digit), name: `${digit}.csv`, bytes: 1, format: 'okx-csv-11' };
  return report(rows, { file, importedAtMs: clock.now() + came, ...more });
};
const typed = (line: number, rowType: string, address: string, amount: string) => {
  const one = listedRow(line, USDT_1, address, amount);
  return { ...one, listed: { ...one.listed, row: { ...one.listed.row, rowType } } };
};
const waiting: ListDecision = { state: 'waiting', by: 'watch', atMs: 5, note: null };
const hold = (): ReturnType<NonNullable<ReportImport['judge']>> => ({ change: null, decision: waiting });

describe('the address set of a list', () => {
  it('is numbered from 1 for each entity, and the same set again has the same version', () => {
    const { store } = tempStore();
    store.importReport(list('1', ['0x1', '0x2']));
    store.importReport(list('2', ['0x2', '0x1', '0x1']));
    store.importReport(list('3', ['0x1']));
    store.importReport(list('4', ['0x1', '0x2']));
    store.importReport(list('5', ['0x9'], { entity: 'other' as EntityId }));
    const sets = store.reports(ACME).map(({ file, set }) => [file.sha256.slice(0, 1), set.version, set.cells]);
    expect(sets).toEqual([
      ['4', 1, 2],
      ['3', 2, 1],
      ['2', 1, 2],
      ['1', 1, 2],
    ]);
    expect(store.reports('other' as EntityId)[0]?.set.version).toBe(1);
    expect(store.check().faults).toEqual([]);
  });

  it('is hashed over the sorted cells that are tracked', () => {
    const { store } = tempStore();
    const rows = [
      listedRow(3, USDT_1, '0x2', '1'),
      listedRow(4, ETH, '0x1', '1'),
      listedRow(5, null, '0x3', '1'),
      listedRow(6, USDT_1, null, '1'),
      typed(7, 'owner', '0x7', '0'),
      typed(8, 'unspendable', '0x8', '1'),
      typed(9, 'owner', '0x9', '1'),
    ];
    store.importReport(report(rows));
    const [kept] = store.reports(ACME);
    const keys = store.trackedCells(sha('a'), ACME).map(({ assetId, address }) => cellKey(assetId, address));
    const text = [...keys].sort().map((key) => `${key}\n`);
    expect(kept?.set).toEqual({
      version: 1,
      cells: 3,
      hash: createHash('sha256').update(text.join('')).digest('hex'),
    });
  });

  it('is numbered for lists that are older than the numbering', () => {
    const path = `${tempFolder()}/old.db`;
    const old = openConnection(path, { migrations: MIGRATIONS.filter(({ version }) => version < 4) });
    if (!old.ok) throw new Error(old.error);
    const { value: db } = old;
    db.exec("INSERT INTO entity (id, code) VALUES (1, 'acme')");
    for (const [id, digit, addresses] of [
      [1, '1', ['0x1', '0x2']],
      [2, '2', ['0x1']],
      [3, '3', ['0x2', '0x1']],
    ] as const) {
      db.prepare(
        `INSERT INTO report (id, entity, sha256, name, bytes, format, imported_at_ms, rows, faults, content_root)
         VALUES (?, 1, ?, 'x', 1, 'x', ?, ?, 0, ?)`,
      ).run(id, digit.repeat(64), id, addresses.length, '0'.repeat(64));
      addresses.forEach((address, at) => {
        db.prepare(
          `INSERT INTO report_row (report, line, label, address_text, amount, chain, caip19, asset, address, grade, flags)
           VALUES (?, ?, 'USDT', ?, '1', ?, ?, 'USDT', ?, 'listed', '[]')`,
        ).run(id, at + 1, address, USDT_1.chain, USDT_1.id, address);
      });
    }
    db.close();
    const opened = openStore(path, { clock });
    if (!opened.ok) throw new Error(opened.error);
    expect(opened.value.reports(ACME).map(({ set }) => [set.version, set.cells])).toEqual([
      [1, 2],
      [2, 1],
      [1, 2],
    ]);
    expect(listInUse(opened.value.reports(ACME))?.file.sha256).toBe(sha('3'));
    // The rows were written by hand: their content root is not, but the sets are as the check numbers them.
    expect(opened.value.check().faults.filter((fault) => !fault.includes('content root'))).toEqual([]);
    opened.value.close();
  });

  it('that was changed by hand is told', () => {
    const { store, path } = tempStore();
    store.importReport(list('1', ['0x1']));
    store.importReport(list('2', ['0x2'], { judge: hold, origin: 'acme.example/por.csv' }));
    const db = openConnection(path);
    if (!db.ok) throw new Error(db.error);
    db.value.exec('DROP TRIGGER report_arrival_no_update; DROP TRIGGER report_decision_no_update');
    const faultsAfter = (sql: string) => {
      db.value.exec(sql);
      return store.check().faults;
    };
    expect(faultsAfter("UPDATE report_arrival SET origin = 'evil.example' WHERE report = 2")).toEqual([
      expect.stringContaining('arrival is not as it was kept'),
    ]);
    expect(faultsAfter("UPDATE report_decision SET state = 'approved'")).toContainEqual(
      expect.stringContaining('decision 1 of report 2222'),
    );
    expect(faultsAfter('UPDATE report_arrival SET set_version = 1')).toContainEqual(
      expect.stringContaining('is not version 1 as kept, its rows make version 2'),
    );
    db.value.close();
  });
});

describe('a list that waits', () => {
  it('is not in use until it is approved; decisions are added, the newest holds', () => {
    const { store } = tempStore();
    const inUse = () => listInUse(store.reports(ACME))?.file.sha256.slice(0, 1) ?? null;
    const held = () => listWaiting(store.reports(ACME))?.file.sha256.slice(0, 1) ?? null;
    const decide = (digit: string, state: ListDecision['state']) =>
      store.decideReport(sha(digit), ACME, { state, by: 'operator', atMs: 6, note: 'looked at it' });
    store.importReport(list('1', ['0x1']));
    store.importReport(list('2', ['0x2'], { judge: hold }));
    expect([inUse(), held()]).toEqual(['1', '2']);
    expect(decide('2', 'approved')).toBe(true);
    expect([inUse(), held()]).toEqual(['2', null]);
    expect(store.reports(ACME)[0]?.decision).toEqual({
      state: 'approved',
      by: 'operator',
      atMs: 6,
      note: 'looked at it',
    });
    decide('2', 'rejected');
    expect([inUse(), held()]).toEqual(['1', null]);
    store.importReport(list('3', ['0x3'], { judge: hold }));
    store.importReport(list('4', ['0x1']));
    // What came after it stands: it is passed over, not waited for.
    expect([inUse(), held()]).toEqual(['4', null]);
    expect(decide('9', 'approved')).toBe(false);
    expect(store.reports(ACME).map(({ file }) => file.sha256.slice(0, 1))).toEqual(['4', '3', '2', '1']);
    expect(store.check().faults).toEqual([]);
  });

  it('is judged with its own rows in the store, and all of it is kept or nothing', () => {
    const { store } = tempStore();
    store.importReport(list('1', ['0x1']));
    store.commitPoll(record(1, [cell(USDT_1, '0x1', read(5n))], { report: sha('1') }));
    let seen: readonly unknown[] = [];
    const judge: ReportImport['judge'] = (set) => {
      seen = [set.version, store.trackedCells(sha('2'), ACME).length, store.lastReadings(ACME).size];
      throw new Error('the disk went away');
    };
    expect(() => store.importReport(list('2', ['0x2', '0x3'], { judge }))).toThrow('the disk went away');
    expect(seen).toEqual([2, 2, 1]);
    expect(store.reports(ACME)).toHaveLength(1);
    expect(store.importReport(list('2', ['0x2', '0x3'], { judge: hold }))).toBe('stored');
    expect(store.check().faults).toEqual([]);
  });
});

describe('what cells held when a list came into use', () => {
  it('is their last reading up to the first poll of its newest run, else the first one in that run', () => {
    const { store } = tempStore();
    const [one, two] = [sha('1'), sha('2')];
    store.importReport(list('1', ['0x1']));
    store.importReport(list('2', ['0x1']));
    const poll = (tick: number, report: Sha256, ...cells: ReturnType<typeof cell>[]) =>
      store.commitPoll(record(tick, cells, { report }));
    const at = (report: Sha256) =>
      Object.fromEntries([...store.readingsAtStart(report, ACME)].map(([key, amount]) => [key.split(' ')[1], amount]));
    expect(at(one)).toEqual({});
    poll(1, one, cell(USDT_1, '0x1', read(5n)), cell(USDT_1, '0x2', read(8n)));
    poll(2, one, cell(USDT_1, '0x1', read(6n)), cell(USDT_1, '0x2', failed()), cell(USDT_1, '0x3', failed()));
    poll(3, one, cell(USDT_1, '0x1', read(7n)), cell(USDT_1, '0x3', read(1n)));
    expect(at(one)).toEqual({ '0x1': 5n, '0x2': 8n, '0x3': 1n });
    poll(4, two, cell(USDT_1, '0x1', read(9n)), cell(USDT_1, '0x4', read(4n)));
    // The first list's run is over: what came later is not of it.
    expect(at(one)).toEqual({ '0x1': 5n, '0x2': 8n, '0x3': 1n });
    expect(at(two)).toEqual({ '0x1': 9n, '0x2': 8n, '0x3': 1n, '0x4': 4n });
    poll(5, one, cell(USDT_1, '0x1', read(2n)));
    poll(6, one, cell(USDT_1, '0x1', read(3n)));
    expect(at(one)).toEqual({ '0x1': 2n, '0x2': 8n, '0x3': 1n, '0x4': 4n });
    expect(store.readingsAtStart(one, 'other' as EntityId)).toEqual(new Map());
  });
});
