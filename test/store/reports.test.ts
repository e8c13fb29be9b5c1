import { describe, expect, it } from 'vitest';
import type { AssetCode, EntityId, Sha256 } from '../../src/domain/ids.ts';
import type { Statement } from '../../src/domain/liability.ts';
import {
  ACME,
  clock,
  ETH,
  listedRow,
  mustOpen,
  REPORT,
  record,
  report,
  tempStore,
  USDT_1,
  verdict,
} from './records.ts';

const other = 'other' as EntityId;

describe('a report', () => {
  it('is kept whole and once for each entity', () => {
    const { store } = tempStore();
    const rows = [listedRow(3, USDT_1, '0x1', '1.5'), listedRow(4, ETH, '0x2', '2')];
    expect(store.importReport(report(rows))).toBe('stored');
    expect(store.importReport(report([]))).toBe('known');
    expect(store.importReport(report(rows, { entity: other, importedAtMs: clock.now() + 1 }))).toBe('stored');
    expect(store.reports(ACME)).toEqual([
      {
        file: { sha256: REPORT, name: 'acme.csv', bytes: 1234, format: 'okx-csv-11' },
        entity: ACME,
        issuedBy: 'publisher',
        asOfMs: 1_690_000_000_000,
        importedAtMs: clock.now(),
        rows: 2,
        faults: 1,
        set: { version: 1, hash: expect.stringMatching(/^[0-9a-f]{64}$/), cells: 2 },
      },
    ]);
    expect(store.reports().map(({ entity }) => entity)).toEqual([other, ACME]);
    expect(store.check().faults).toEqual([]);
  });

  it('leaves nothing behind when its rows break off', () => {
    const { store } = tempStore();
    function* broken() {
      yield listedRow(3, USDT_1, '0x1', '1.5');
      throw new Error('the disk went away');
    }
    expect(() => store.importReport(report(broken()))).toThrow('the disk went away');
    expect(store.reports()).toEqual([]);
    expect(store.stats().rows).toMatchObject({ report_row: 0, report_summary: 0, report_fault: 0, entity: 0 });
    expect(() => store.importReport(report([listedRow(4, ETH, '0x1', '1'), listedRow(3, ETH, '0x2', '1')]))).toThrow(
      /file order/,
    );
  });

  it('tracks each cell once, with its largest claim and the lines that repeat it', () => {
    const { store } = tempStore();
    store.importReport(
      report([
        listedRow(3, USDT_1, '0x1', '1.5'),
        listedRow(4, ETH, '0x1', '2'),
        listedRow(5, USDT_1, '0x1', '9'),
        { ...listedRow(6, USDT_1, '0x2', '7'), verdict: verdict({ grade: 'listed', flags: ['static-message'] }) },
        listedRow(7, null, '0x3', '8'),
        listedRow(8, ETH, null, '4'),
      ]),
    );
    expect(store.trackedCells(REPORT, ACME)).toEqual([
      {
        address: '0x1',
        assetId: USDT_1.id,
        asset: 'USDT',
        claimed: '9',
        line: 3,
        verdict: verdict(),
        repeatedAt: [5],
      },
      { address: '0x1', assetId: ETH.id, asset: 'ETH', claimed: '2', line: 4, verdict: verdict(), repeatedAt: [] },
      {
        address: '0x2',
        assetId: USDT_1.id,
        asset: 'USDT',
        claimed: '7',
        line: 6,
        verdict: verdict({ grade: 'listed', flags: ['static-message'] }),
        repeatedAt: [],
      },
    ]);
    expect(store.unreadRows(REPORT, ACME)).toEqual([
      { asset: null, label: 'XYZ', claimed: '8', line: 7, reason: 'label "XYZ" is in no label book' },
      { asset: 'ETH', label: 'ETH', claimed: '4', line: 8, reason: 'address "nowhere" has no checksum' },
    ]);
    expect(store.trackedCells(REPORT, other)).toEqual([]);
  });

  it('says which rows state no amount: that is not a claim of zero', () => {
    const { store } = tempStore();
    const silent = (row: ReturnType<typeof listedRow>) => ({
      ...row,
      listed: { ...row.listed, row: { ...row.listed.row, unstated: true as const } },
    });
    const owner = silent(listedRow(6, ETH, '0x3', '0'));
    store.importReport(
      report([
        silent(listedRow(3, USDT_1, '0x1', '0')),
        listedRow(4, USDT_1, '0x2', '0'),
        silent(listedRow(5, ETH, null, '0')),
        { ...owner, listed: { ...owner.listed, row: { ...owner.listed.row, rowType: 'owner' } } },
        silent(listedRow(7, ETH, '0x4', '0')),
        listedRow(8, ETH, '0x4', '2'),
      ]),
    );
    const cells = store.trackedCells(REPORT, ACME);
    expect(cells.map(({ address, claimed, unstated }) => [address, claimed, unstated])).toEqual([
      ['0x1', '0', true],
      ['0x2', '0', undefined],
      ['0x4', '2', undefined],
    ]);
    expect(store.unreadRows(REPORT, ACME)).toMatchObject([{ line: 5, claimed: '0', unstated: true }]);
  });

  it('must be there before a poll names it', () => {
    const { store } = tempStore();
    expect(() => store.commitPoll(record(1, [], { report: REPORT }))).toThrow(/FOREIGN KEY/);
    store.importReport(report([]));
    expect(store.commitPoll(record(1, [], { report: REPORT }))).toBe(1);
    expect(() => store.commitPoll(record(2, [], { report: REPORT, entity: other }))).toThrow(/FOREIGN KEY/);
  });
});

describe('a statement', () => {
  const statement = (more: Partial<Statement> = {}): Statement => ({
    kind: 'liability',
    entity: ACME,
    asset: 'USDT' as AssetCode,
    amount: { unscaled: 12345678901234567890123n, scale: 4 },
    asOfMs: 1000,
    source: 'https://acme.example/liabilities',
    documentSha256: 'd'.repeat(64) as Sha256,
    grade: 'auditor',
    binding: 'per-asset-total',
    recordedAtMs: 5000,
    ...more,
  });

  it('is kept exactly, the newest as-of first, and only once', () => {
    const { store } = tempStore();
    const later = statement({ asOfMs: 2000, amount: null, grade: 'percentage' });
    store.addStatement(statement());
    store.addStatement(later);
    store.addStatement(statement({ recordedAtMs: 6000 }));
    store.addStatement(statement({ kind: 'custody' }));
    expect(store.statements(ACME, 'liability')).toEqual([later, statement()]);
    expect(store.statements(ACME, 'custody')).toHaveLength(1);
    expect(store.statements(other, 'custody')).toEqual([]);
    expect(store.stats().rows['statement']).toBe(3);
  });

  it('is superseded by another figure of the same source and as-of, also back and forth', () => {
    const { store, path } = tempStore();
    const corrected = statement({ amount: { unscaled: 5n, scale: 0 }, recordedAtMs: 6000 });
    const back = statement({ recordedAtMs: 7000 });
    store.addStatement(statement());
    store.addStatement(statement({ source: 'an auditor' }));
    store.addStatement(corrected);
    expect(store.statements(ACME, 'liability')).toEqual([corrected, statement({ source: 'an auditor' })]);
    store.addStatement(back);
    store.close();
    const again = mustOpen(path);
    expect(again.statements(ACME, 'liability')).toEqual([back, statement({ source: 'an auditor' })]);
    expect(again.stats().rows['statement']).toBe(4);
    expect(again.check().faults).toEqual([]);
    again.close();
  });
});

describe('verdicts and pins', () => {
  it('remember the first verdict of a key', () => {
    const { store } = tempStore();
    const bad = verdict({ grade: 'invalid', scheme: null, reason: 'signed by another key', flags: ['case-mismatch'] });
    store.putVerdicts(
      new Map([
        ['a', verdict()],
        ['b', bad],
      ]),
    );
    store.putVerdicts(new Map([['b', verdict()]]));
    expect(store.verdicts(['b', 'x', 'a'])).toEqual(
      new Map([
        ['b', bad],
        ['a', verdict()],
      ]),
    );
    expect(store.check().faults).toEqual([]);
  });

  it('remember what an asset was', () => {
    const { store } = tempStore();
    expect(store.pinnedMetadata(ETH.id)).toBeNull();
    store.pinMetadata(ETH.id, '{"decimals":18}');
    store.pinMetadata(ETH.id, '{"decimals":8}');
    expect(store.pinnedMetadata(ETH.id)).toBe('{"decimals":8}');
  });
});
