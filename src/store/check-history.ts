import type Database from 'better-sqlite3';
import { baseUnits, scaleUp, ZERO } from '../domain/amount.ts';
import type { AssetId, EntityId } from '../domain/ids.ts';
import { stringifyJson } from '../lib/json.ts';
import type { Report } from './check-structure.ts';
import { createCurrentTable } from './current.ts';
import { createPollLeaves, type Header, headerHash, NO_HEADER, stateLeaf } from './leaves.ts';
import { createRootHasher } from './merkle.ts';
import type { Names } from './names.ts';
import { decodePoint } from './point-codec.ts';
import { createReplay, type Replay, type Total } from './replay.ts';

interface RollupRow {
  readonly asset: AssetId;
  readonly countsAs: string | null;
  readonly decimals: number;
  readonly total: string;
  readonly read: number;
  readonly unread: number;
}

interface PointRow {
  readonly seq: number;
  readonly entity: string;
  readonly asset: string;
  readonly kind: string;
  readonly quality: string;
  readonly at_ms: number;
  readonly body: string;
}

interface HeaderRow extends Header {
  readonly hash: string;
}

/** Plays the history again from its changes and compares everything that was derived from it: one pass, poll by poll. */
export function checkHistory(db: Database.Database, names: Names, report: Report): { polls: number; rows: number } {
  const replay = createReplay(db, names);
  try {
    const counted = comparePolls(db, replay, report);
    if (replay.leftOver()) report('there are balance rows of polls that do not exist');
    compareCurrent(db, replay, report);
    return counted;
  } finally {
    replay.close();
  }
}

function comparePolls(db: Database.Database, replay: Replay, report: Report): { polls: number; rows: number } {
  const leavesOf = createPollLeaves(db);
  const polls = db.prepare<[], { id: number; entity: EntityId }>(
    'SELECT poll.id, entity.code AS entity FROM poll LEFT JOIN entity ON entity.id = poll.entity ORDER BY poll.id',
  );
  const rollups = db.prepare<[number], RollupRow>(
    `SELECT caip19 AS asset, counts_as AS countsAs, decimals, total, read, unread FROM rollup
     JOIN asset ON asset.id = rollup.asset WHERE poll = ?`,
  );
  const points = db.prepare<[number], PointRow>(
    `SELECT seq, entity.code AS entity, asset, kind, quality, at_ms, body FROM point
     JOIN entity ON entity.id = point.entity WHERE poll = ? ORDER BY seq`,
  );
  const headers = db.prepare<[number], HeaderRow>(
    'SELECT poll, previous, root, leaves, config_sha256 AS configSha256, hash FROM header WHERE poll = ?',
  );
  let count = 0;
  let previous: string = NO_HEADER;
  let rows = 0;
  for (const { id, entity } of polls.iterate()) {
    count += 1;
    if (id !== count) {
      report(`poll ${count} is missing`);
      count = id;
    }
    const cells = replay.step(id, entity);
    const kept = rollups.all(id);
    compareRollups(id, kept, replay.totals(entity), report);
    for (const point of points.all(id)) checkPoint(id, point, kept, report);
    const hasher = createRootHasher();
    for (const leaf of leavesOf(id, cells, stateLeaf(replay.tree.size, replay.tree.root()))) hasher.add(leaf);
    const header = headers.get(id);
    checkHeader(id, header, { root: hex(hasher.root()), leaves: hasher.count(), previous }, report);
    previous = header?.hash ?? previous;
    rows += hasher.count();
  }
  return { polls: count, rows };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function compareRollups(
  poll: number,
  kept: readonly RollupRow[],
  derived: ReadonlyMap<AssetId, Total>,
  report: Report,
): void {
  const keptAssets = new Set(kept.map((row) => row.asset));
  for (const row of kept) {
    const sum = derived.get(row.asset) ?? { total: ZERO, read: 0, unread: 0 };
    if (row.total === sum.total.toString() && row.read === sum.read && row.unread === sum.unread) continue;
    report(
      `poll ${poll}: the rollup of ${row.asset} says ${row.total} (${row.read} read, ${row.unread} not), ` +
        `its balances say ${sum.total} (${sum.read} read, ${sum.unread} not)`,
    );
  }
  for (const asset of derived.keys())
    if (!keptAssets.has(asset)) report(`poll ${poll}: the rollup of ${asset} is missing`);
}

/** A point must be what its columns say, and its observed interval must hold what its cells add up to. */
function checkPoint(poll: number, row: PointRow, rollups: readonly RollupRow[], report: Report): void {
  const where = `poll ${poll}: point ${row.seq} of ${row.asset}`;
  const decoded = decodePoint(row.body);
  if (!decoded.ok) {
    report(`${where} cannot be read: ${decoded.error}`);
    return;
  }
  const point = decoded.value;
  const columns = [point.entity, point.asset, point.kind, point.quality, point.atMs];
  if (stringifyJson(columns) !== stringifyJson([row.entity, row.asset, row.kind, row.quality, row.at_ms])) {
    report(`${where} is filed under other columns than it says`);
  }
  const parts = rollups.filter((rollup) => rollup.countsAs === point.asset);
  if (parts.some((part) => part.decimals > point.decimals)) {
    report(`${where} has too few decimals`);
    return;
  }
  const read = parts.reduce(
    (sum, part) => sum + scaleUp(baseUnits(BigInt(part.total)), part.decimals, point.decimals),
    0n,
  );
  if (read < point.observed.lo || read > point.observed.hi) {
    report(`${where} observed [${point.observed.lo}, ${point.observed.hi}], its cells add up to ${read}`);
  }
}

function checkHeader(
  poll: number,
  header: HeaderRow | undefined,
  derived: { readonly root: string; readonly leaves: number; readonly previous: string },
  report: Report,
): void {
  if (!header) {
    report(`poll ${poll} has no header`);
    return;
  }
  if (header.root !== derived.root || header.leaves !== derived.leaves) {
    report(`poll ${poll}: its ${derived.leaves} rows have the root ${derived.root}, its header says ${header.root}`);
  }
  if (header.previous !== derived.previous) report(`poll ${poll}: its header does not follow the poll before`);
  if (header.hash !== headerHash(header)) report(`poll ${poll}: its header does not have its own hash`);
}

function compareCurrent(db: Database.Database, replay: Replay, report: Report): void {
  const cells = replay.cells();
  let seen = 0;
  for (const { name, now } of createCurrentTable(db).all()) {
    seen += 1;
    const derived = cells[now.id - 1];
    const same = derived && (Object.keys(now) as (keyof typeof now)[]).every((key) => derived[key] === now[key]);
    if (!same) report(`the present state of ${name.asset} at ${name.address} is not what its history says`);
  }
  if (seen !== cells.length) report(`the history has ${cells.length} cells, the present state ${seen}`);
}
