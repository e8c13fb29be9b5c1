import type Database from 'better-sqlite3';
import { type BaseUnits, scaleUp, ZERO } from '../domain/amount.ts';
import type { Address, AssetCode, AssetId, EntityId, Sha256 } from '../domain/ids.ts';
import { cellKey } from '../domain/snapshot.ts';
import type { LastReading, Move } from '../seams.ts';
import { decodeAmount } from './codec.ts';

/** What the kept balances say of the past. */
export interface Readings {
  lastReadings(entity: EntityId): ReadonlyMap<string, LastReading>;
  readingsAtStart(report: Sha256, entity: EntityId): ReadonlyMap<string, BaseUnits>;
  largestMoves(entity: EntityId, asset: AssetCode, limit: number, sinceMs?: number): readonly Move[];
}

interface ReadingRow {
  readonly asset: AssetId;
  readonly address: Address;
  readonly amount: Buffer;
  readonly poll: number;
  readonly height: string;
  readonly at_ms: number;
}

interface MoveRow {
  readonly asset: AssetId;
  readonly address: Address;
  readonly decimals: number;
  readonly before: Buffer;
  readonly after: Buffer;
}

/** The last complete readings of an entity's cells; `@newest`: its newest poll. More conditions may follow. */
export const LAST_READING = `SELECT asset.caip19 AS asset, account.address, now.amount, coverage.poll, coverage.height,
    coverage.block_time_ms AS at_ms
  FROM cell JOIN entity ON entity.id = cell.entity JOIN asset ON asset.id = cell.asset
  JOIN account ON account.id = cell.account JOIN current_balance AS now ON now.cell = cell.id
  JOIN coverage ON coverage.poll = coalesce(now.last_read, @newest) AND coverage.chain = account.chain
  WHERE entity.code = @entity AND now.amount IS NOT NULL`;

/** The newest poll of an entity, by its code; null where it was never polled. */
export const NEWEST_POLL = 'SELECT max(poll.id) FROM poll JOIN entity ON entity.id = poll.entity WHERE entity.code = ?';

/** The first and the last poll of the newest run of an entity's polls on one list. */
const RUN = `SELECT min(poll.id) AS first, max(poll.id) AS last FROM poll JOIN entity ON entity.id = poll.entity
  WHERE entity.code = @entity AND report_sha256 = @report AND poll.id > coalesce((
    SELECT max(other.id) FROM poll AS other WHERE other.entity = entity.id AND other.report_sha256 IS NOT @report
      AND other.id < (SELECT max(own.id) FROM poll AS own WHERE own.entity = entity.id AND own.report_sha256 = @report)), 0)`;

const AT_START = `SELECT asset.caip19 AS asset, account.address, coalesce(
    (SELECT amount FROM balance WHERE balance.cell = cell.id AND balance.poll <= @first ORDER BY balance.poll DESC LIMIT 1),
    (SELECT amount FROM balance WHERE balance.cell = cell.id AND balance.poll <= @last ORDER BY balance.poll LIMIT 1)) AS amount
  FROM cell JOIN entity ON entity.id = cell.entity JOIN asset ON asset.id = cell.asset
  JOIN account ON account.id = cell.account WHERE entity.code = @entity AND amount IS NOT NULL`;

/** The polls of an entity that a comparison may start from: the last at or before a time, or the one before the newest. */
const REFERENCE = `SELECT max(poll.id) FROM poll JOIN entity ON entity.id = poll.entity
  WHERE entity.code = @entity AND poll.id < @newest AND (@sinceMs IS NULL OR poll.started_at_ms <= @sinceMs)`;

const MOVES = `SELECT asset.caip19 AS asset, account.address, rollup.decimals, now.amount AS after,
    (SELECT amount FROM balance WHERE balance.cell = cell.id AND balance.poll <= @reference
     ORDER BY balance.poll DESC LIMIT 1) AS before
  FROM current_balance AS now JOIN cell ON cell.id = now.cell JOIN entity ON entity.id = cell.entity
  JOIN asset ON asset.id = cell.asset JOIN account ON account.id = cell.account
  JOIN rollup ON rollup.poll = @newest AND rollup.asset = cell.asset
  WHERE entity.code = @entity AND now.changed_poll > @reference AND now.state = 'read' AND rollup.counts_as = @asset
    AND before IS NOT NULL`;

export function createReadings(db: Database.Database): Readings {
  const newest = db.prepare(NEWEST_POLL).pluck();
  const last = db.prepare<{ entity: string; newest: number }, ReadingRow>(LAST_READING);
  const reference = db.prepare<{ entity: string; newest: number; sinceMs: number | null }>(REFERENCE).pluck();
  const moves = db.prepare<{ entity: string; newest: number; reference: number; asset: string }, MoveRow>(MOVES);
  const run = db.prepare<{ entity: string; report: string }, { first: number | null; last: number }>(RUN);
  const atStart = db.prepare<
    { entity: string; first: number; last: number },
    Pick<ReadingRow, 'asset' | 'address' | 'amount'>
  >(AT_START);
  return {
    readingsAtStart(report, entity) {
      const { first, last } = run.get({ entity, report }) as { first: number | null; last: number };
      if (first === null) return new Map();
      const rows = atStart.all({ entity, first, last });
      return new Map(rows.map(({ asset, address, amount }) => [cellKey(asset, address), decodeAmount(amount)]));
    },
    lastReadings(entity) {
      const readings = new Map<string, LastReading>();
      const poll = newest.get(entity) as number | null;
      if (poll === null) return readings;
      for (const row of last.iterate({ entity, newest: poll })) {
        readings.set(cellKey(row.asset, row.address), {
          amount: decodeAmount(row.amount),
          poll: row.poll,
          height: BigInt(row.height),
          atMs: row.at_ms,
        });
      }
      return readings;
    },
    largestMoves(entity, asset, limit, sinceMs) {
      const poll = newest.get(entity) as number | null;
      if (poll === null) return [];
      const from = reference.get({ entity, newest: poll, sinceMs: sinceMs ?? null }) as number | null;
      if (from === null) return [];
      return rankMoves(moves.all({ entity, newest: poll, reference: from, asset }), limit);
    },
  };
}

/** Largest absolute change first, compared at the most decimals among the assets; unchanged cells are no moves. */
function rankMoves(rows: readonly MoveRow[], limit: number): readonly Move[] {
  const decimals = Math.max(0, ...rows.map((row) => row.decimals));
  return rows
    .map((row) => {
      const move = {
        address: row.address,
        assetId: row.asset,
        before: decodeAmount(row.before),
        after: decodeAmount(row.after),
      };
      return { move, size: scaleUp(distance(move.before, move.after), row.decimals, decimals) };
    })
    .filter(({ size }) => size > ZERO)
    .sort((a, b) => (a.size < b.size ? 1 : a.size > b.size ? -1 : 0))
    .slice(0, limit)
    .map(({ move }) => move);
}

const distance = (a: BaseUnits, b: BaseUnits): BaseUnits => (a > b ? a - b : b - a) as BaseUnits;
