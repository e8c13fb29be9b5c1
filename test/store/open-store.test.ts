import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { isOlder, openConnection, StoreFault } from '../../src/store/connection.ts';
import { MIGRATIONS } from '../../src/store/migrations.ts';
import { openStore } from '../../src/store/open-store.ts';
import { createSqliteStore } from '../../src/store/sqlite-store.ts';
import {
  ACME,
  cell,
  clock,
  delivery,
  event,
  HOOK,
  listedRow,
  mustOpen,
  point,
  REPORT,
  read,
  record,
  report,
  tempFolder,
  tempStore,
  USDT_1,
  verdict,
} from './records.ts';

const compiled = (name: string) => fileURLToPath(new URL(`../../dist/src/store/${name}.js`, import.meta.url));
const isCompiled = existsSync(compiled('connection'));
if (!isCompiled) console.log('skipped: kill -9 inside a migration, because dist/ is missing; npm test builds it');
const newest = MIGRATIONS.at(-1)?.version ?? 0;

/** A database as sqlite3 would open it: none of our settings. */
function raw<T>(path: string, use: (db: Database.Database) => T): T {
  const db = new Database(path);
  try {
    return use(db);
  } finally {
    db.close();
  }
}

describe('opening', () => {
  it('makes the folder and the file, and sets what durability needs', () => {
    const path = join(tempFolder(), 'data', 'store.db');
    const opened = openConnection(path);
    if (!opened.ok) throw new Error(opened.error);
    const value = (name: string) => opened.value.pragma(name, { simple: true });
    expect([value('journal_mode'), value('synchronous'), value('foreign_keys')]).toEqual(['wal', 2, 1]);
    expect([value('busy_timeout'), value('recursive_triggers'), value('user_version')]).toEqual([5000, 1, newest]);
    opened.value.close();
  });

  it('makes nothing where a file must exist', () => {
    const path = join(tempFolder(), 'store.db');
    const opened = openStore(path, { clock, mustExist: true });
    expect(opened).toMatchObject({ ok: false, error: expect.stringContaining('does not exist') });
    expect(existsSync(path)).toBe(false);
  });

  it('says what is wrong with a file that is not ours, and leaves it as it is', () => {
    const path = join(tempFolder(), 'store.db');
    raw(path, (db) => db.exec('CREATE TABLE theirs (x)'));
    const before = readFileSync(path);
    expect(openStore(path, { clock })).toMatchObject({
      ok: false,
      error: expect.stringContaining('not one of reservewatch'),
    });
    expect(raw(path, (db) => db.prepare('SELECT name FROM sqlite_schema').pluck().all())).toEqual(['theirs']);
    expect(before.length).toBeGreaterThan(0);
    const text = join(tempFolder(), 'notes.txt');
    writeFileSync(text, 'these are notes\n'.repeat(100));
    expect(openStore(text, { clock })).toMatchObject({
      ok: false,
      error: expect.stringContaining('not a SQLite database'),
    });
    expect(openStore('/dev/null/store.db', { clock }).ok).toBe(false);
  });

  it('refuses a database whose triggers were taken away', () => {
    const { store, path } = tempStore();
    store.close();
    raw(path, (db) => db.exec('DROP TRIGGER balance_no_update'));
    expect(openStore(path, { clock })).toMatchObject({
      ok: false,
      error: expect.stringContaining('schema was changed'),
    });
  });

  it('compares releases number by number', () => {
    expect(isOlder('3.51.2', '3.51.3')).toBe(true);
    expect(isOlder('3.9.0', '3.51.3')).toBe(true);
    expect(isOlder('3.51.3', '3.51.3')).toBe(false);
    expect(isOlder('3.100', '3.51.3')).toBe(false);
    expect(isOlder('4.0.0', '3.51.3')).toBe(false);
  });
});

describe('migrations', () => {
  it('refuse a schema of newer code, with the remedy', () => {
    const { store, path } = tempStore();
    store.close();
    raw(path, (db) => db.pragma(`user_version = ${newest + 1}`));
    const opened = openStore(path, { clock });
    expect(opened).toMatchObject({ ok: false, error: expect.stringContaining('run the newer release') });
  });

  it('leave the old schema when a step fails halfway', () => {
    const { store, path } = tempStore();
    store.commitPoll(record(1, [cell(USDT_1, '0x1', read(5n))]));
    store.close();
    const broken = {
      version: newest + 1,
      up: (db: Database.Database) =>
        db.exec('CREATE TABLE half (x TEXT) STRICT; ALTER TABLE pin ADD COLUMN y TEXT; SELECT nonsense()'),
    };
    expect(openConnection(path, { migrations: [...MIGRATIONS, broken] })).toMatchObject({
      ok: false,
      error: expect.stringContaining('nonsense'),
    });
    const again = mustOpen(path);
    expect(again.check()).toMatchObject({ polls: 1, faults: [] });
    expect(again.stats().schema).toBe(newest);
    expect(again.stats().rows).not.toHaveProperty('half');
    again.close();
  });

  it.skipIf(!isCompiled)('leave the old schema when the process is killed halfway', () => {
    const { store, path } = tempStore();
    store.commitPoll(record(1, [cell(USDT_1, '0x1', read(5n))]));
    store.close();
    const script = fileURLToPath(new URL('./kill-migration.mjs', import.meta.url));
    const child = spawnSync(process.execPath, [script, compiled('connection'), compiled('migrations'), path]);
    expect(child.signal, child.stderr.toString()).toBe('SIGKILL');
    const again = mustOpen(path);
    expect(again.check()).toMatchObject({ polls: 1, faults: [] });
    expect(again.stats()).toMatchObject({ schema: newest });
    expect(again.stats().rows).not.toHaveProperty('half');
    again.close();
  });

  it('are not run twice by two openers', () => {
    const path = join(tempFolder(), 'store.db');
    const [one, two] = [mustOpen(path), mustOpen(path)];
    one.commitPoll(record(1, [cell(USDT_1, '0x1', read(5n))]));
    expect(two.latestPoll(ACME)?.poll).toBe(1);
    // The second notices that the first has polled, and does not build on a stale state tree.
    two.commitPoll(record(2, [cell(USDT_1, '0x1', read(6n)), cell(USDT_1, '0x2', read(6n))]));
    one.commitPoll(record(3, [cell(USDT_1, '0x1', read(7n)), cell(USDT_1, '0x2', read(6n))]));
    expect(two.check()).toMatchObject({ polls: 3, faults: [] });
    one.close();
    two.close();
  });
});

describe('the history', () => {
  it('refuses every UPDATE, DELETE and REPLACE of every table that is history', () => {
    const { store, path } = tempStore();
    const { listed, verdict: bound } = listedRow(3, USDT_1, '0x1', '1');
    const row = { ...listed.row, signature1: `0x${'ab'.repeat(65)}` };
    store.importReport(report([{ listed: { ...listed, row }, verdict: bound }], { issuedBy: 'third-party' }));
    store.putVerdicts(new Map([['k', verdict()]]));
    store.addStatement({
      kind: 'custody',
      entity: ACME,
      asset: point(0n).asset,
      amount: null,
      asOfMs: 1,
      source: 's',
      documentSha256: null,
      grade: 'stated',
      binding: 'none',
      recordedAtMs: 1,
    });
    store.addClaims([
      {
        entity: ACME,
        report: null,
        subject: 'USDT',
        asset: point(0n).asset,
        metric: 'ratio',
        figure: { digits: '102', qualifier: null, word: null },
        rounding: 'unknown',
        date: { text: '2026', precision: 'year', precisionText: null },
        source: 's',
        note: null,
        documentSha256: REPORT,
        line: 1,
        recordedAtMs: 1,
      },
    ]);
    store.decideReport(REPORT, ACME, { state: 'approved', by: 'operator', atMs: 1, note: null });
    const supply = { asset: USDT_1.id, outcome: read(5n) };
    const fault = {
      code: 'lagging',
      message: 'm',
      provider: 'p',
      retryable: true,
      chain: USDT_1.chain,
      group: 'g',
    } as const;
    const base = record(1, [cell(USDT_1, '0x1', read(5n))], { points: [point(5n * 10n ** 12n)], report: REPORT });
    store.commitPoll({ ...base, snapshot: { ...base.snapshot, supplies: [supply], providerFaults: [fault] } });
    store.commitPoll(record(2, [], { events: [event(1)], receivers: [HOOK] }));
    expect(store.check().faults).toEqual([]);
    const mutable = new Set([
      'current_balance',
      'alert_state',
      'pin',
      'poller',
      'outbox',
      'signature',
      'signature_address',
    ]);
    const history = Object.entries(store.stats().rows).filter(([table]) => !mutable.has(table));
    expect(history).toHaveLength(26);
    const db = openConnection(path);
    if (!db.ok) throw new Error(db.error);
    for (const [table, rows] of history) {
      expect(rows, table).toBeGreaterThan(0);
      const column = (db.value.pragma(`table_info(${table})`) as { name: string }[])[0]?.name as string;
      for (const change of [
        `UPDATE ${table} SET ${column} = ${column}`,
        `DELETE FROM ${table}`,
        `INSERT OR REPLACE INTO ${table} SELECT * FROM ${table} LIMIT 1`,
      ]) {
        expect(() => db.value.exec(change), change).toThrow(`${table} is append-only`);
      }
    }
    expect(() => db.value.exec("UPDATE outbox SET body = '{}'")).toThrow('frozen');
    expect(() => db.value.exec('DELETE FROM outbox')).toThrow('append-only');
    db.value.exec("UPDATE outbox SET state = 'sent'");
    db.value.close();
    expect(store.check().faults).toEqual([]);
  });

  it('goes on being written while a reader holds an old view', () => {
    const { store, path } = tempStore();
    store.commitPoll(record(1, [cell(USDT_1, '0x1', read(5n))]));
    raw(path, (reader) => {
      reader.exec('BEGIN');
      const polls = () => reader.prepare('SELECT count(*) FROM poll').pluck().get();
      expect(polls()).toBe(1);
      store.commitPoll(record(2, [cell(USDT_1, '0x1', read(6n))]));
      store.enqueueDelivery(delivery('x'));
      expect(polls()).toBe(1);
      reader.exec('COMMIT');
      expect(polls()).toBe(2);
    });
  });

  it('gives up on a disk that is full without leaving half, and goes on when there is room', () => {
    const opened = openConnection(join(tempFolder(), 'store.db'));
    if (!opened.ok) throw new Error(opened.error);
    const db = opened.value;
    const store = createSqliteStore(db, clock);
    const big = Array.from({ length: 4000 }, (_, at) => cell(USDT_1, `0x${at}`, read(2n ** 255n + BigInt(at))));
    db.pragma(`max_page_count = ${(db.pragma('page_count', { simple: true }) as number) + 20}`);
    expect(() => store.commitPoll(record(1, big))).toThrow(StoreFault);
    expect(() => store.commitPoll(record(1, big))).toThrow(/disk is full/);
    expect(store.latestPoll(ACME)).toBeNull();
    db.pragma('max_page_count = 1000000');
    expect(store.commitPoll(record(1, big))).toBe(1);
    expect(store.check()).toMatchObject({ polls: 1, faults: [] });
    store.close();
  });
});
