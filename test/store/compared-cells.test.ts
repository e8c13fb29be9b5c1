import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Address, EntityId, Sha256 } from '../../src/domain/ids.ts';
import { cellKey } from '../../src/domain/snapshot.ts';
import type { ReportImport, Store, TrackedCell } from '../../src/seams.ts';
import { ACME, cell, ETH, failed, listedRow, read, record, report, tempStore, USDT_1 } from './records.ts';

const sha = (number: number): Sha256 => `${number}`.padStart(64, '0') as Sha256;
const ASSETS = [USDT_1, ETH];
const OTHER = 'other' as EntityId;

interface Listed {
  readonly at: number;
  readonly asset: number;
  readonly amount: string;
  readonly rowType: string | null;
}

const addressOf = (at: number): string => `0x${at}`;
function importList(store: Store, number: number, rows: readonly Listed[], more: Partial<ReportImport> = {}): Sha256 {
  const listed = rows.map(({ at, asset, amount, rowType }, index) => {
    const one = listedRow(index + 2, ASSETS[asset] ?? null, addressOf(at), amount);
    const unstated = amount === '' ? { amount: '0', unstated: true as const } : {};
    return { ...one, listed: { ...one.listed, row: { ...one.listed.row, ...unstated, rowType } } };
  });
  const file = { sha256: sha(number), name: 'x.csv', bytes: 1, format: 'okx-csv-11' };
  store.importReport(report(listed, { file, ...more }));
  return file.sha256;
}

const claimOf = ({ address, assetId, asset, claimed, unstated, line }: TrackedCell) => ({
  ...{ address, assetId, asset, claimed, line },
  ...(unstated ? { unstated } : {}),
});

describe('the cells of two lists beside each other', () => {
  it('are those that each of them tracks, with their last readings, for any lists', () => {
    const row = fc.record<Listed>({
      at: fc.integer({ min: 0, max: 6 }),
      asset: fc.integer({ min: 0, max: 2 }),
      amount: fc.constantFrom('', '0', '1.5', '10', '9', '0.30'),
      rowType: fc.constantFrom(null, null, null, 'owner', 'unspendable'),
    });
    const rows = fc.array(row, { maxLength: 12 });
    const readings = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.nat(5)), {
      selector: ([at]) => at,
      maxLength: 5,
    });
    const { store } = tempStore();
    let number = 0;
    fc.assert(
      fc.property(rows, rows, readings, (one, two, amounts) => {
        number += 2;
        const entity = `acme${number}` as EntityId;
        const [before, after] = [
          importList(store, number, one, { entity }),
          importList(store, number + 1, two, { entity }),
        ];
        if (amounts.length > 0) {
          const cells = amounts.map(([at, amount]) =>
            cell(USDT_1, addressOf(at), amount === 0 ? failed() : read(BigInt(amount))),
          );
          store.commitPoll({ ...record(number, cells, { report: before }), entity });
        }
        const last = store.lastReadings(entity);
        const [a, b] = [before, after].map(
          (list) =>
            new Map(store.trackedCells(list, entity).map((one) => [cellKey(one.assetId, one.address), claimOf(one)])),
        ) as [Map<string, TrackedCell>, Map<string, TrackedCell>];
        const keys = [...new Set([...a.keys(), ...b.keys()])].sort();
        expect([...store.comparedCells(before, after, entity)]).toEqual(
          keys.map((key) => ({
            before: a.get(key) ?? null,
            after: b.get(key) ?? null,
            lastRead: last.get(key)?.amount ?? null,
          })),
        );
      }),
      { numRuns: 150 },
    );
  });

  it('are those of one entity, and another entity holds nothing there', () => {
    const { store } = tempStore();
    const row = { at: 1, asset: 0, amount: '1', rowType: null };
    const [before, after] = [importList(store, 1, [row]), importList(store, 2, [row, { ...row, at: 2 }])];
    importList(store, 1, [{ ...row, at: 3 }], { entity: OTHER });
    store.commitPoll({ ...record(1, [cell(USDT_1, '0x1', read(7n))], { report: sha(1) }), entity: OTHER });
    const compared = (entity: EntityId) =>
      [...store.comparedCells(before, after, entity)].map((one) => [
        (one.before ?? one.after)?.address as Address,
        one.before !== null,
        one.after !== null,
        one.lastRead,
      ]);
    expect(compared(ACME)).toEqual([
      ['0x1', true, true, null],
      ['0x2', false, true, null],
    ]);
    expect(compared(OTHER)).toEqual([['0x3', true, false, null]]);
  });
});
