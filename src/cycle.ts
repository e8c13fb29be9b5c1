import { computeSolvency, type SolvencyInput } from './compute-solvency.ts';
import type { AlertEvent, Rule } from './domain/alert.ts';
import { type Attestation, listInUse, listWaiting } from './domain/attestation.ts';
import type { Dispute } from './domain/dispute.ts';
import type { AssetCode, AssetId, ChainId, EntityId, NetworkSlug, Sha256 } from './domain/ids.ts';
import type { Statement } from './domain/liability.ts';
import type { ChainAsset } from './domain/network.ts';
import type { Receiver } from './domain/poll.ts';
import type { Entity, Registry } from './domain/registry.ts';
import { type Assurance, type BlockRef, cellKey, type Snapshot } from './domain/snapshot.ts';
import type { Point } from './domain/solvency.ts';
import { evaluateAlerts } from './evaluate-alerts.ts';
import { findDisputes, markDisputed } from './find-disputes.ts';
import { isDeadline } from './lib/deadline.ts';
import { nameList } from './name-list.ts';
import type { ChainAdapter, Clock, LastReading, Move, Store, TrackedCell, UnreadRow } from './seams.ts';
import type { Admissions } from './snapshot/admissions.ts';
import type { ChainPlan } from './snapshot/seat.ts';
import { guardSnapshot, type Suspects } from './solvency/guard-snapshot.ts';
import { takeSnapshot } from './take-snapshot.ts';

/** One watched entity, as the config describes it. */
export interface Subject {
  readonly entity: Entity;
  /** Ratio assets in scope, in the order shown. */
  readonly assets: readonly AssetCode[];
  readonly supplies: SolvencyInput['supplies'];
  /** Statements that the config writes; those that a command added are in the store. */
  readonly statements: readonly Statement[];
  readonly rules: readonly Rule[];
  /** The lowest assurance that a rule of this entity accepts. */
  readonly minAssurance: Assurance;
  readonly maxCustodyAgeMs: number;
  readonly maxSnapshotAgeMs: number;
}

/** What every cycle of one process shares. */
export interface CycleParts {
  readonly clock: Clock;
  readonly store: Store;
  readonly registry: Registry;
  /** The endpoints of a network; empty where none is configured. */
  readonly adaptersOf: (network: NetworkSlug) => readonly ChainAdapter[];
  readonly admissions: Admissions;
  /** The block that each chain was last read at. */
  readonly floors: Map<ChainId, BlockRef>;
  readonly receivers: readonly Receiver[];
  readonly configSha256: Sha256;
  readonly codeVersion: string;
  /** True in the demo and in drills: every event says so. */
  readonly test: boolean;
  readonly onProgress?: (done: number, total: number) => void;
}

/** What one look found, after it was stored. */
export interface CycleResult {
  readonly poll: number;
  readonly snapshot: Snapshot;
  /** How many cells of each chain were read with another amount than at their last complete reading, or for the first time. */
  readonly changed: ReadonlyMap<ChainId, number>;
  readonly points: readonly Point[];
  readonly events: readonly AlertEvent[];
  /** A breach or a large fall waits to be confirmed: look again soon, with fresh probes. */
  readonly confirmAgain: boolean;
  /** Large falls that were seen and are not believed yet: hand them to the next look. */
  readonly suspects: Suspects;
}

/**
 * One look at one entity: its newest list → one snapshot of all chains → figures → alerts, stored whole in one
 * transaction. Rows on chains without an endpoint count as claimed, not read. A deadline (src/lib/deadline.ts) ends the
 * reading, and what it cut off is unread. Throws only on bugs, on a full disk, and with the reason of any other abort.
 */
export async function runCycle(
  parts: CycleParts,
  subject: Subject,
  look: { readonly fresh: boolean; readonly suspects: Suspects },
  signal: AbortSignal,
): Promise<CycleResult> {
  const { clock, store, registry, admissions } = parts;
  const entity = subject.entity.id;
  if (look.fresh) admissions.forget();
  const reports = store.reports(entity);
  const listing = listOf(parts, entity, reports);
  const lastReadings = store.lastReadings(entity);

  const taken = await takeSnapshot(plansOf(parts, subject, listing.cells), {
    clock,
    signal,
    admissions,
    floors: parts.floors,
    pins: { get: (asset) => store.pinnedMetadata(asset), pin: (asset, text) => store.pinMetadata(asset, text) },
    ...(parts.onProgress ? { onProgress: parts.onProgress } : {}),
  });
  // What a deadline cut off is kept as unread: a provider that hangs must end as missing data, not as no poll at all.
  if (signal.aborted && !isDeadline(signal.reason)) throw signal.reason;
  const { snapshot, suspects } = guardSnapshot({
    snapshot: taken,
    lastReadings,
    book: registry,
    freshProbes: look.fresh,
    minAssurance: subject.minAssurance,
    suspects: look.suspects,
  });

  // The look's own start: what a later look calls "before" is every poll that began earlier.
  const nowMs = snapshot.startedAtMs;
  const statements = [
    ...subject.statements,
    ...store.statements(entity, 'liability'),
    ...store.statements(entity, 'custody'),
  ];
  const computed = computeSolvency({
    entity,
    assets: subject.assets,
    book: registry,
    snapshot,
    ...listing,
    lastReadings,
    statements,
    supplies: subject.supplies,
    nowMs,
    maxCustodyAgeMs: subject.maxCustodyAgeMs,
    maxSnapshotAgeMs: subject.maxSnapshotAgeMs,
  });
  const points = nameList(computed, {
    inUse: listing.inUse,
    waiting: listWaiting(reports),
    before: store.latestPoints(entity).map(({ point }) => point),
    snapshot,
    book: registry,
    nowMs,
    cellsOf: (report) => store.trackedCells(report, entity).filter((cell) => networkOf(parts, cell) !== null),
    readingsAtStart: (report) => store.readingsAtStart(report, entity),
  });

  const alerts = evaluateAlerts({
    rules: subject.rules,
    states: store.alertStates(entity),
    points,
    nowMs,
    context: {
      entity: { id: entity, name: subject.entity.name },
      subjects: subject.assets,
      assets: registry.assets,
      report: listing.report,
      reports,
      disputes: listing.disputes,
      publishers: [...new Set(store.reports().map((one) => one.entity))],
      statements,
      providerFaults: snapshot.providerFaults,
      test: parts.test,
      pointBefore: (asset, kind, timeMs) => lastCompletePoint(store, entity, asset, kind, timeMs),
      movesSince: (asset, sinceMs) =>
        sinceMs < nowMs
          ? store.largestMoves(entity, asset, MOST_MOVES, sinceMs - 1)
          : movesOf(snapshot, lastReadings, asset),
    },
  });

  const poll = store.commitPoll({
    entity,
    report: listing.report,
    snapshot,
    points,
    alertStates: alerts.changed,
    events: alerts.events,
    receivers: parts.receivers,
    configSha256: parts.configSha256,
    codeVersion: parts.codeVersion,
  });
  const confirmAgain = alerts.confirmAgain || suspects.size > 0;
  const changed = countChanged(snapshot, lastReadings);
  return { poll, snapshot, changed, points, events: alerts.events, confirmAgain, suspects };
}

function countChanged(snapshot: Snapshot, last: ReadonlyMap<string, LastReading>): ReadonlyMap<ChainId, number> {
  const changed = new Map<ChainId, number>();
  for (const { query, outcome } of snapshot.cells) {
    const { id, chain } = query.asset;
    if (outcome.kind === 'unread' || last.get(cellKey(id, query.address))?.amount === outcome.amount) continue;
    changed.set(chain, (changed.get(chain) ?? 0) + 1);
  }
  return changed;
}

interface Listed {
  readonly inUse: Attestation | null;
  readonly report: Sha256 | null;
  readonly disputes: readonly Dispute[];
  readonly cells: readonly TrackedCell[];
  readonly unread: readonly UnreadRow[];
}

/** The cells of the list in use, disputed ones marked; those on chains without an endpoint join the rows that are claimed but not read. */
function listOf(parts: CycleParts, entity: EntityId, reports: readonly Attestation[]): Listed {
  const { store, registry } = parts;
  const inUse = listInUse(reports);
  if (!inUse) return { inUse, report: null, disputes: [], cells: [], unread: [] };
  const report = inUse.file.sha256;
  const cells: TrackedCell[] = [];
  const unread: UnreadRow[] = [...store.unreadRows(report, entity)];
  const disputes = findDisputes({ store, registry }, entity);
  for (const cell of markDisputed(store.trackedCells(report, entity), disputes)) {
    if (networkOf(parts, cell) !== null) cells.push(cell);
    else {
      const known = registry.assets.get(cell.assetId);
      const network = known && registry.networksById.get(known.chain);
      const reason = network
        ? `no endpoint is configured for ${network.slug}`
        : 'the registry does not know this asset';
      const { asset, assetId, claimed, line, disputedWith } = cell;
      const marks = {
        ...(cell.unstated ? { unstated: true as const } : {}),
        ...(disputedWith ? { disputedWith } : {}),
      };
      unread.push({ asset, label: assetId, claimed, ...marks, line, reason });
    }
  }
  return { inUse, report, disputes, cells, unread };
}

/** The network that a cell is read on; null where the registry does not know its asset or no endpoint is configured. */
function networkOf({ registry, adaptersOf }: CycleParts, { assetId }: TrackedCell): NetworkSlug | null {
  const known = registry.assets.get(assetId);
  const network = known && registry.networksById.get(known.chain);
  return network && adaptersOf(network.slug).length > 0 ? network.slug : null;
}

function plansOf({ registry, adaptersOf }: CycleParts, subject: Subject, cells: readonly TrackedCell[]): ChainPlan[] {
  const plans = new Map<NetworkSlug, { queries: ChainPlan['queries'][number][]; supplies: ChainAsset[] }>();
  const planOf = (asset: ChainAsset) => {
    const slug = registry.networksById.get(asset.chain)?.slug as NetworkSlug;
    const plan = plans.get(slug) ?? { queries: [], supplies: [] };
    plans.set(slug, plan);
    return plan;
  };
  const known = (id: AssetId): ChainAsset => registry.assets.get(id) as ChainAsset;
  for (const cell of cells)
    planOf(known(cell.assetId)).queries.push({ address: cell.address, asset: known(cell.assetId) });
  for (const { assets } of subject.supplies.values())
    for (const id of assets) planOf(known(id)).supplies.push(known(id));
  return [...plans].map(([slug, plan]) => ({
    network: registry.networks.get(slug) as ChainPlan['network'],
    adapters: adaptersOf(slug),
    ...plan,
  }));
}

/** An event names at most so many addresses; the body counts the rest. */
const MOST_MOVES = 50;

const LOOK_BACK_MS = 30 * 86_400_000;

function lastCompletePoint(
  store: Store,
  entity: EntityId,
  asset: AssetCode,
  kind: Point['kind'],
  timeMs: number,
): Point | null {
  const past = store.points(entity, asset, timeMs - LOOK_BACK_MS, timeMs);
  return (
    past.findLast(
      ({ point, startedAtMs }) => startedAtMs < timeMs && point.kind === kind && point.quality === 'complete',
    )?.point ?? null
  );
}

/** The cells of a ratio asset whose balance is another than at their last complete reading, largest move first. */
function movesOf(
  snapshot: Snapshot,
  lastReadings: ReadonlyMap<string, LastReading>,
  asset: AssetCode,
): readonly Move[] {
  const size = ({ before, after }: Move): bigint => (after > before ? after - before : before - after);
  return snapshot.cells
    .flatMap(({ query, outcome }): Move[] => {
      const last = lastReadings.get(cellKey(query.asset.id, query.address));
      if (query.asset.countsAs !== asset || outcome.kind !== 'read' || !last || last.amount === outcome.amount)
        return [];
      return [{ address: query.address, assetId: query.asset.id, before: last.amount, after: outcome.amount }];
    })
    .sort((a, b) => (size(a) < size(b) ? 1 : -1));
}
