import type Database from 'better-sqlite3';
import { type Address, type AssetId, type ChainId, chainOfAsset, type EntityId, type Sha256 } from '../domain/ids.ts';
import type { ClaimedCell, ComparedCell } from '../seams.ts';
import { decodeAmount } from './codec.ts';
import { LAST_READING, NEWEST_POLL } from './readings.ts';
import { CLAIMING, claimIn, type Mutable, READABLE, ROWS_OF_REPORT, raiseClaim } from './tracked-cells.ts';

/** The tracked cells of two kept lists beside each other, one at a time. */
export interface ComparedTables {
  comparedCells(before: Sha256, after: Sha256, entity: EntityId): IterableIterator<ComparedCell>;
}

interface Row extends Omit<ClaimedCell, 'unstated'> {
  readonly isAfter: 0 | 1;
}

interface CellName {
  readonly entity: string;
  readonly newest: number;
  readonly assetId: AssetId;
  readonly chain: ChainId;
  readonly address: Address;
}

export function createComparedTables(db: Database.Database): ComparedTables {
  // SQLite sorts on disk what is more than its cache: no list has to be in memory.
  const rows = db.prepare<{ before: string; after: string; entity: string }, Row>(
    `SELECT report.sha256 = @after AS isAfter, line, caip19 AS assetId, asset, address, amount AS claimed ${ROWS_OF_REPORT}
     WHERE report.sha256 IN (@before, @after) AND entity.code = @entity AND ${CLAIMING} AND ${READABLE}
     ORDER BY caip19, address, isAfter, line`,
  );
  const newest = db.prepare<[string], number | null>(NEWEST_POLL).pluck();
  const lastReading = db.prepare<CellName, { readonly amount: Buffer }>(
    `${LAST_READING} AND asset.caip19 = @assetId AND account.chain = @chain AND account.address = @address`,
  );

  function readerOf(entity: EntityId): (cell: ClaimedCell) => ComparedCell['lastRead'] {
    const poll = newest.get(entity) ?? null;
    return ({ assetId, address }) => {
      if (poll === null) return null;
      const reading = lastReading.get({ entity, newest: poll, assetId, chain: chainOfAsset(assetId), address });
      return reading === undefined ? null : decodeAmount(reading.amount);
    };
  }

  return {
    *comparedCells(before, after, entity) {
      const lastRead = readerOf(entity);
      let pair: Pair = { before: null, after: null };
      for (const row of rows.iterate({ before, after, entity })) {
        const one = pair.before ?? pair.after;
        if (one !== null && (one.assetId !== row.assetId || one.address !== row.address)) {
          yield { ...pair, lastRead: lastRead(one) };
          pair = { before: null, after: null };
        }
        addRow(pair, row);
      }
      const one = pair.before ?? pair.after;
      if (one !== null) yield { ...pair, lastRead: lastRead(one) };
    },
  };
}

interface Pair {
  before: Mutable<ClaimedCell> | null;
  after: Mutable<ClaimedCell> | null;
}

function addRow(pair: Pair, row: Row): void {
  const { isAfter, line, assetId, asset, address } = row;
  const side = isAfter === 1 ? 'after' : 'before';
  const known = pair[side];
  if (known === null) pair[side] = { line, assetId, asset, address, ...claimIn(row) };
  else raiseClaim(known, claimIn(row));
}
