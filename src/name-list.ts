import { type BaseUnits, baseUnits, type Decimal } from './domain/amount.ts';
import type { Attestation } from './domain/attestation.ts';
import type { Sha256 } from './domain/ids.ts';
import { accountMoves } from './domain/set-moves.ts';
import { cellKey, type Snapshot } from './domain/snapshot.ts';
import type { Explained, Point, PointList } from './domain/solvency.ts';
import type { TrackedCell } from './seams.ts';
import { type AssetBook, scaledTo } from './solvency/scale.ts';

/** What naming the list of points asks for. The lookups are asked only at the first looks on another list. */
export interface NamingParts {
  readonly inUse: Attestation | null;
  readonly waiting: Attestation | null;
  /** The points of the poll before. */
  readonly before: readonly Point[];
  readonly snapshot: Pick<Snapshot, 'cells'>;
  readonly book: AssetBook;
  readonly nowMs: number;
  /** The cells of a kept list that are polled. */
  readonly cellsOf: (report: Sha256) => readonly TrackedCell[];
  /** What cells held when a list came into use (`Store.readingsAtStart`). */
  readonly readingsAtStart: (report: Sha256) => ReadonlyMap<string, BaseUnits>;
}

/**
 * Names on each point the list that it rests on. Where the list is another than at the poll before, the first complete point of
 * an asset is compared with the former list, and says how much of the drop at that one's addresses the new list explains; the
 * points after it say the same while the list stays in use. Incomplete points compare nothing: unknown explains nothing.
 */
export function nameList(points: readonly Point[], parts: NamingParts): readonly Point[] {
  const { inUse, waiting } = parts;
  if (inUse === null) return points;
  const named = {
    report: inUse.file.sha256,
    setVersion: inUse.set.version,
    ...(waiting ? { waiting: waiting.file.sha256 } : {}),
  };
  return points.map((point) => {
    const last = parts.before.find(({ asset, kind }) => asset === point.asset && kind === point.kind);
    const former = formerOf(named.report, last?.list);
    if (former === null) {
      const known = last?.list?.report === named.report ? last.explained : undefined;
      return { ...point, list: named, ...(known ? { explained: known } : {}) };
    }
    if (point.quality !== 'complete') return { ...point, list: { ...named, former } };
    const explained = compareLists(point, named.report, former, parts);
    return { ...point, list: named, ...(explained ? { explained } : {}) };
  });
}

/** The list that this one is still to be compared with; null where it was, or where there is none. */
function formerOf(report: Sha256, last: PointList | undefined): Sha256 | null {
  if (last === undefined) return null;
  const former = last.former ?? (last.report === report ? null : last.report);
  return former === report ? null : former;
}

function compareLists(point: Point, report: Sha256, former: Sha256, parts: NamingParts): Explained | null {
  const { book, snapshot, nowMs } = parts;
  const units = (cell: Pick<TrackedCell, 'assetId'>, amount: BaseUnits | undefined): Decimal | null => {
    const scaled = amount === undefined ? null : scaledTo(book, amount, cell.assetId, point.decimals);
    return scaled === null ? null : { unscaled: scaled, scale: 0 };
  };
  const keysOf = (list: Sha256): ReadonlyMap<string, TrackedCell> =>
    new Map(
      parts
        .cellsOf(list)
        .filter(({ asset }) => asset === point.asset)
        .map((cell) => [cellKey(cell.assetId, cell.address), cell]),
    );
  const readings = new Map(
    snapshot.cells.flatMap(({ query, outcome }) =>
      outcome.kind === 'read' ? [[cellKey(query.asset.id, query.address), outcome.amount] as const] : [],
    ),
  );
  const start = parts.readingsAtStart(former);
  const [held, holds] = [new Map<string, Decimal>(), new Map<string, Decimal>()];
  let unknown = 0;
  const old = keysOf(former);
  for (const [key, cell] of old) {
    const before = units(cell, start.get(key));
    if (before === null) unknown += 1;
    else held.set(key, before);
  }
  for (const [key, cell] of keysOf(report)) {
    const now = units(cell, readings.get(key));
    // A cell of the former list without a reading of that time can have lost or won nothing that is known.
    if (now !== null && (held.has(key) || !old.has(key))) holds.set(key, now);
  }
  const account = accountMoves(held, holds);
  if (account.explained.unscaled + account.unexplained.unscaled === 0n) return null;
  return {
    by: report,
    former,
    atMs: nowMs,
    lost: baseUnits(account.lost.unscaled),
    raised: baseUnits(account.raised.unscaled),
    gained: baseUnits(account.gained.unscaled),
    explained: baseUnits(account.explained.unscaled),
    unexplained: baseUnits(account.unexplained.unscaled),
    unknown,
  };
}
