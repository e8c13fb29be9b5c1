import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { EntityId, Sha256 } from '../../src/domain/ids.ts';
import type { ReportImport } from '../../src/seams.ts';
import { openConnection } from '../../src/store/connection.ts';
import { MIGRATIONS } from '../../src/store/migrations.ts';
import {
  ACME,
  clock,
  ETH,
  listedRow,
  mustOpen,
  REPORT,
  report,
  tempFolder,
  tempStore,
  USDT_1,
  USDT_56,
  verdict,
} from './records.ts';

const OTHER = 'other' as EntityId;
const THEIRS = 'b'.repeat(64) as Sha256;
const mine = { report: REPORT, entity: ACME };
const theirs = { report: THEIRS, entity: OTHER };
type Row = ReportImport['rows'] extends Iterable<infer One> ? One : never;
const unproven = (row: Row): Row => ({ ...row, verdict: verdict({ grade: 'listed' }) });
const signed = (row: Row, signature1: string): Row => ({
  ...row,
  listed: { ...row.listed, row: { ...row.listed.row, signature1 } },
});
const other = (rows: Iterable<Row>, more: Partial<ReportImport> = {}): ReportImport =>
  report(rows, { entity: OTHER, file: { sha256: THEIRS, name: 'o.csv', bytes: 1, format: 'list' }, ...more });

describe('accounts that two lists claim', () => {
  it('are found whatever the asset and the chain of one kind, once each, and in either direction', () => {
    const { store } = tempStore();
    store.importReport(
      report([listedRow(3, ETH, '0x2', '1'), listedRow(4, USDT_1, '0x1', '1'), listedRow(5, ETH, '0x1', '1')]),
    );
    store.importReport(other([unproven(listedRow(7, USDT_56, '0x1', '1')), listedRow(8, ETH, '0x9', '1')]));
    const found = store.sharedAccounts(mine, theirs);
    expect(found).toEqual([
      {
        namespace: 'eip155',
        address: '0x1',
        own: { rows: 2, line: 4, proven: true },
        other: { rows: 1, line: 7, proven: false },
        sameSignature: false,
      },
    ]);
    expect(store.sharedAccounts(theirs, mine)).toMatchObject([{ own: { line: 7 }, other: { line: 4 } }]);
    expect(store.sharedAccounts(mine, mine)).toHaveLength(2);
  });

  it('are not those of another kind of chain, of rows without an address, or of rows that name an owner', () => {
    const { store } = tempStore();
    const elsewhere = listedRow(3, ETH, '0x1', '1');
    const moved = { ...elsewhere.listed.resolved, chain: 'tron:mainnet' as never };
    const owner = listedRow(5, ETH, '0x5', '0');
    store.importReport(
      report([
        { ...elsewhere, listed: { ...elsewhere.listed, resolved: moved } },
        listedRow(4, ETH, null, '1'),
        { ...owner, listed: { ...owner.listed, row: { ...owner.listed.row, rowType: 'owner' } } },
      ]),
    );
    store.importReport(
      other([listedRow(3, ETH, '0x1', '1'), listedRow(4, ETH, null, '1'), listedRow(5, ETH, '0x5', '1')]),
    );
    expect(store.sharedAccounts(mine, theirs)).toEqual([]);
    expect(store.sharedAccounts(mine, { ...theirs, entity: ACME })).toEqual([]);
  });

  it('say whether the rows carry one signature, in whatever spelling, and whether any row proves it', () => {
    const { store } = tempStore();
    const bytes = Buffer.from(Array.from({ length: 65 }, (_, index) => index + 1));
    store.importReport(
      report([
        signed(listedRow(3, ETH, '0x1', '1'), bytes.toString('base64')),
        signed(listedRow(4, ETH, '0x2', '1'), '0x00'),
      ]),
    );
    const foreign = { ...listedRow(3, ETH, '0x1', '1'), verdict: verdict({ flags: ['foreign-message'] }) };
    store.importReport(
      other([
        signed(foreign, `0x${bytes.toString('hex').toUpperCase()}`),
        signed(listedRow(4, ETH, '0x2', '1'), '0x00'),
      ]),
    );
    expect(store.sharedAccounts(mine, theirs)).toMatchObject([
      { address: '0x1', own: { proven: true }, other: { proven: false }, sameSignature: true },
      { address: '0x2', sameSignature: false },
    ]);
  });

  it('of rows repeated many times cost one pass over them, not their product', () => {
    const { store } = tempStore();
    const many = (first: number) =>
      Array.from({ length: 3_000 }, (_, index) => listedRow(first + index, ETH, '0x1', '1'));
    store.importReport(report(many(1)));
    store.importReport(other(many(1)));
    expect(store.sharedAccounts(mine, theirs)).toMatchObject([{ own: { rows: 3_000 }, other: { rows: 3_000 } }]);
  });
});

describe('who issued a list', () => {
  it('is its publisher unless the import says otherwise, and can be corrected', () => {
    const { store, path } = tempStore();
    const issuers = () => store.reports().map(({ entity, issuedBy }) => [entity, issuedBy]);
    store.importReport(report([]));
    store.importReport(other([], { issuedBy: 'third-party', importedAtMs: clock.now() + 1 }));
    expect(issuers()).toEqual([
      [OTHER, 'third-party'],
      [ACME, 'publisher'],
    ]);
    for (const say of ['publisher', 'publisher', 'third-party', 'publisher'] as const)
      store.recordIssuer(THEIRS, OTHER, say, clock.now() + 2);
    expect(issuers()).toEqual([
      [OTHER, 'publisher'],
      [ACME, 'publisher'],
    ]);
    expect(store.stats().rows['report_issuer']).toBe(4);
    expect(() => store.recordIssuer(THEIRS, ACME, 'publisher', 1)).toThrow(/no report/);
    expect(store.check().faults).toEqual([]);
    store.close();
    const raw = new Database(path);
    expect(() => raw.exec("UPDATE report_issuer SET issued_by = 'third-party'")).toThrow(/append-only/);
    raw.exec('DROP TRIGGER report_issuer_no_update');
    raw.exec("UPDATE report_issuer SET issued_by = 'third-party' WHERE id = 4");
    raw.exec(
      "CREATE TRIGGER report_issuer_no_update BEFORE UPDATE ON report_issuer\nBEGIN SELECT RAISE(ABORT, 'report_issuer is append-only: correct it with a new row'); END",
    );
    raw.close();
    const again = mustOpen(path);
    expect(again.check().faults).toEqual([expect.stringContaining('who issued report')]);
    again.close();
  });

  it('is the publisher in a database from before anybody could say, and its rows are compared', () => {
    const path = join(tempFolder(), 'old.db');
    const old = openConnection(path, { migrations: MIGRATIONS.slice(0, 1) });
    if (!old.ok) throw new Error(old.error);
    old.value.exec(`INSERT INTO entity (id, code) VALUES (1, '${ACME}'), (2, '${OTHER}')`);
    for (const [id, sha256] of [REPORT, THEIRS].entries()) {
      old.value.exec(
        `INSERT INTO report VALUES (${id + 1}, ${id + 1}, '${sha256}', 'n.csv', 1, 'list', NULL, ${id + 1}, 1, 0, '${'0'.repeat(64)}')`,
      );
      old.value.exec(
        `INSERT INTO report_row (report, line, label, address_text, amount, chain, caip19, asset, address, grade, flags)
         VALUES (${id + 1}, 2, 'ETH', '0x1', '1', 'eip155:1', '${ETH.id}', 'ETH', '0x1', 'listed', '[]')`,
      );
    }
    old.value.close();
    const store = mustOpen(path);
    expect(store.reports().map(({ issuedBy }) => issuedBy)).toEqual(['publisher', 'publisher']);
    expect(store.sharedAccounts(mine, theirs)).toMatchObject([{ address: '0x1', own: { proven: false } }]);
    store.close();
  });
});
