import { randomUUID } from 'node:crypto';
import { DEFAULT_MAX_CUSTODY_AGE_MS, DEFAULT_MAX_SNAPSHOT_AGE_MS } from '../compute-solvency.ts';
import type { Config, EntityConfig } from '../config/types.ts';
import { connectAdapters } from '../connect-adapters.ts';
import { type CycleParts, type CycleResult, runCycle, type Subject } from '../cycle.ts';
import { type Attempt, deliverDue } from '../deliver-alerts.ts';
import type { Rule } from '../domain/alert.ts';
import type { EntityId, NetworkSlug } from '../domain/ids.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { ASSURANCES, type Assurance, weaker } from '../domain/snapshot.ts';
import { importReport } from '../import-report.ts';
import { createHttpClient } from '../lib/http.ts';
import { openPublished } from '../published-file.ts';
import type { ChainAdapter, Store } from '../seams.ts';
import { createAdmissions } from '../snapshot/admissions.ts';
import type { Suspects } from '../solvency/guard-snapshot.ts';
import type { CliContext } from './context.ts';
import { openNotifiers } from './notifiers.ts';
import { codeVersion } from './version.ts';

/** Everything that polling needs, open and locked: what `poll`, `watch` and the demo drive. */
export interface Monitor {
  readonly config: Config;
  readonly store: Store;
  readonly entities: readonly EntityId[];
  readonly rules: readonly Rule[];
  look(entity: EntityId, fresh: boolean, signal: AbortSignal): Promise<CycleResult>;
  deliver(signal: AbortSignal, onAttempt?: (attempt: Attempt) => void): Promise<void>;
  /** Refreshes the poller's lock; throws where somebody else took it. */
  heartbeat(): void;
  close(): Promise<void>;
}

/** What differs between the commands that poll. */
export interface MonitorOptions {
  /** Every event says that it is one of a demo or drill. */
  readonly test: boolean;
  readonly onProgress?: CycleParts['onProgress'];
  readonly onNote: (message: string) => void;
}

const LOCK_TTL_MS = 60_000;
/** Often enough that a late refresh never costs the lock, seldom enough that an idle daemon hardly writes. */
const LOCK_REFRESH_MS = 15_000;
/** So many requests in a row that hang still leave a poll time to end: one endpoint, its stand-in, and a read. */
const REQUESTS_IN_A_DEADLINE = 4;
const MIN_TIMEOUT_MS = 250;

/**
 * Opens the config's database, takes the poller's lock, imports the lists that the config names, and connects every
 * endpoint. An error is one sentence; nothing stays open after it.
 */
export async function openMonitor(
  context: CliContext,
  config: Config,
  options: MonitorOptions,
): Promise<Result<Monitor>> {
  const closers: (() => unknown)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  const opened = await open(context, config, options, closers);
  if (!opened.ok) await closeAll();
  return opened.ok ? ok({ ...opened.value, close: closeAll }) : opened;
}

async function open(
  context: CliContext,
  config: Config,
  options: MonitorOptions,
  closers: (() => unknown)[],
): Promise<Result<Omit<Monitor, 'close'>>> {
  const { clock } = context;
  const http = createHttpClient();
  closers.push(() => http.close());
  // One provider that hangs must not use up the poll's time for the others.
  const maxTimeoutMs = Math.max(MIN_TIMEOUT_MS, Math.floor(config.poll.deadlineMs / REQUESTS_IN_A_DEADLINE));
  const connected = await connectAdapters(config.networks.values(), { http, clock, maxTimeoutMs });
  if (!connected.ok) return connected;
  closers.push(() => Promise.all([...connected.value.values()].flat().map((adapter) => adapter.close())));
  const receivers = openNotifiers(config, clock);
  if (!receivers.ok) return receivers;
  closers.push(() => receivers.value.close());
  const opened = await context.openStore(config.database);
  if (!opened.ok) return opened;
  const { store } = opened.value;
  closers.push(() => store.close());
  const owner = randomUUID();
  const lock = (): Result<void> => store.lockPoller(owner, clock.now(), LOCK_TTL_MS);
  let lockedAt = clock.monotonic();
  const locked = lock();
  if (!locked.ok) return locked;
  closers.push(() => store.unlockPoller(owner));
  const imported = await importLists(context, config, store, options);
  if (!imported.ok) return imported;

  const parts = partsOf(context, config, store, connected.value, options);
  for (const message of await endGone(parts, config, context.stopped)) options.onNote(message);
  const subjects = new Map([...config.entities].map(([id, entity]) => [id, subjectOf(id, entity, config)]));
  const suspects = new Map<EntityId, Suspects>();
  const disabled = new Set<string>();
  return ok({
    config,
    store,
    entities: [...subjects.keys()],
    rules: config.rules,
    async look(entity, fresh, signal) {
      const look = { fresh, suspects: suspects.get(entity) ?? new Map() };
      const result = await runCycle(parts, subjects.get(entity) as Subject, look, signal);
      suspects.set(entity, result.suspects);
      return result;
    },
    deliver: (signal, onAttempt) =>
      deliverDue({
        store,
        notifiers: receivers.value.notifiers,
        fallbackOf: (name) => config.receivers.get(name)?.fallback ?? null,
        disabled,
        clock,
        random: Math.random,
        signal,
        ...(onAttempt ? { onAttempt } : {}),
      }),
    heartbeat() {
      if (clock.monotonic() - lockedAt < LOCK_REFRESH_MS) return;
      lockedAt = clock.monotonic();
      const held = lock();
      if (!held.ok) throw new Error(held.error);
    },
  });
}

function partsOf(
  { clock }: CliContext,
  config: Config,
  store: Store,
  adapters: ReadonlyMap<NetworkSlug, readonly ChainAdapter[]>,
  { test, onProgress }: MonitorOptions,
): CycleParts {
  return {
    clock,
    store,
    registry: config.registry,
    adaptersOf: (network) => adapters.get(network) ?? [],
    admissions: createAdmissions(clock),
    floors: new Map(),
    receivers: [...config.receivers.values()],
    configSha256: config.sha256,
    codeVersion: codeVersion(),
    test,
    ...(onProgress ? { onProgress } : {}),
  };
}

function subjectOf(id: EntityId, config: EntityConfig, { rules }: Config): Subject {
  const own = rules.filter((rule) => rule.entity === id);
  const accepted = own.flatMap((rule): Assurance[] => (rule.family === 'level' ? [rule.minAssurance] : []));
  return {
    entity: config.entity,
    assets: config.assets,
    supplies: config.supplies,
    statements: config.statements,
    rules: own,
    minAssurance: accepted.length === 0 ? 'A2' : accepted.reduce(weaker, ASSURANCES.at(-1) as Assurance),
    maxCustodyAgeMs: config.maxCustodyAgeMs ?? DEFAULT_MAX_CUSTODY_AGE_MS,
    maxSnapshotAgeMs: config.maxSnapshotAgeMs ?? DEFAULT_MAX_SNAPSHOT_AGE_MS,
  };
}

/**
 * Ends the open alerts of entities that only the store knows, by one look at nothing: they left the config, and nobody
 * would ever resolve them. Says for whom.
 */
async function endGone(parts: CycleParts, config: Config, signal: AbortSignal): Promise<readonly string[]> {
  const known = new Set(parts.store.latestPoints().map(({ point }) => point.entity));
  const ended: string[] = [];
  for (const id of known) {
    if (config.entities.has(id) || !parts.store.alertStates(id).some(({ phase }) => phase !== 'ok')) continue;
    const subject: Subject = {
      entity: parts.registry.entities.get(id) ?? { id, name: id, aliases: [], labels: null },
      assets: [],
      supplies: new Map(),
      statements: [],
      rules: [],
      minAssurance: 'A2',
      maxCustodyAgeMs: DEFAULT_MAX_CUSTODY_AGE_MS,
      maxSnapshotAgeMs: DEFAULT_MAX_SNAPSHOT_AGE_MS,
    };
    const { events } = await runCycle(
      { ...parts, adaptersOf: () => [] },
      subject,
      { fresh: false, suspects: new Map() },
      signal,
    );
    ended.push(`${id}: no longer in the config, ${events.length} open alerts of it are ended`);
  }
  return ended;
}

/** Imports the list that each entity's config names, unless it is known; an unreadable one stops the start. */
async function importLists(
  { clock, stopped }: CliContext,
  { entities, registry, archive }: Config,
  store: Store,
  { onNote }: MonitorOptions,
): Promise<Result<void>> {
  for (const { entity, report } of entities.values()) {
    if (report.file === null) {
      if (store.reports(entity.id).length === 0) {
        const where = report.published === null ? '' : ` (published at ${report.published})`;
        onNote(
          `${entity.id}: no list is kept yet${where}; next: reservewatch report import <file> --entity ${entity.id}`,
        );
      }
      continue;
    }
    const published = await openPublished(report.file, { allowPrivateAddress: false, signal: stopped });
    if (!published.ok) return published;
    const imported = await importReport(published.value.file, {
      store,
      archiveFolder: archive,
      registry,
      entity,
      asOfMs: report.asOfMs,
      clock,
    }).finally(published.value.drop);
    if (!imported.ok) return err(imported.error);
    if (imported.value.outcome === 'stored') {
      const { file, tally } = imported.value.verified;
      onNote(
        `${entity.id}: imported ${file.name} (${file.format}), ${tally.rows.counted} rows, ${tally.rows.faults} faults`,
      );
    }
  }
  return ok(undefined);
}
