import type Database from 'better-sqlite3';
import type { AssetCode, EntityId } from '../domain/ids.ts';
import type { StoredPoint } from '../seams.ts';
import { decodePoint } from './point-codec.ts';

/** Reads the kept points. */
export interface PointTable {
  /** The points of the newest poll of one entity, or of each. */
  latestPoints(entity?: EntityId): readonly StoredPoint[];
  /** The points of an asset with `fromMs ≤ atMs ≤ toMs`, oldest first. */
  points(entity: EntityId, asset: AssetCode, fromMs: number, toMs: number): readonly StoredPoint[];
}

interface Row {
  readonly poll: number;
  readonly startedAtMs: number;
  readonly body: string;
}

export function createPointTable(db: Database.Database): PointTable {
  const latest = db.prepare<{ entity: string | null }, Row>(
    `SELECT point.poll, run.started_at_ms AS startedAtMs, point.body FROM point JOIN poll AS run ON run.id = point.poll
     WHERE point.poll IN (
       SELECT max(poll.id) FROM poll JOIN entity ON entity.id = poll.entity
       WHERE @entity IS NULL OR entity.code = @entity GROUP BY poll.entity)
     ORDER BY point.poll, point.seq`,
  );
  const series = db.prepare<[string, string, number, number], Row>(
    `SELECT point.poll, run.started_at_ms AS startedAtMs, point.body FROM point
     JOIN poll AS run ON run.id = point.poll JOIN entity ON entity.id = point.entity
     WHERE entity.code = ? AND point.asset = ? AND point.at_ms BETWEEN ? AND ? ORDER BY point.at_ms, point.poll, point.seq`,
  );
  return {
    latestPoints: (entity) => latest.all({ entity: entity ?? null }).map(toPoint),
    points: (entity, asset, fromMs, toMs) => series.all(entity, asset, fromMs, toMs).map(toPoint),
  };
}

function toPoint({ poll, startedAtMs, body }: Row): StoredPoint {
  const point = decodePoint(body);
  if (!point.ok) throw new Error(`poll ${poll}: ${point.error}; run \`reservewatch db check\``);
  return { poll, startedAtMs, point: point.value };
}
