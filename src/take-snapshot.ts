import type { AssetId, ChainId } from './domain/ids.ts';
import type { ChainAsset, Network } from './domain/network.ts';
import { decideCell, type GroupAnswer, quorumOf } from './domain/quorum.ts';
import { err, type Result } from './domain/result.ts';
import {
  type Assurance,
  type BalanceQuery,
  type BalanceReading,
  type BlockRef,
  type Cell,
  type Outcome,
  type ReadFailure,
  type Snapshot,
  type SourceCoverage,
  type SupplyReading,
  weaker,
} from './domain/snapshot.ts';
import { groupBy } from './lib/group-by.ts';
import type { Admission, ChainAdapter, Clock } from './seams.ts';

/** What to read on one chain, and through whom. */
export interface ChainPlan {
  readonly network: Network;
  readonly adapters: readonly ChainAdapter[];
  readonly queries: readonly BalanceQuery[];
  readonly supplies: readonly ChainAsset[];
}

/** What a snapshot needs besides the plan. */
export interface SnapshotTools {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly admissions: Admissions;
  /** What was pinned about a token at first contact (null: nothing yet), and how to pin it. */
  readonly pins: { get(asset: AssetId): string | null; pin(asset: AssetId, metadata: string): void };
  readonly onProgress?: (done: number, total: number) => void;
}

/** Remembers which providers passed their probes, so that they are repeated hourly, after errors, and when asked. */
export interface Admissions {
  admit(adapter: ChainAdapter, signal: AbortSignal): Promise<Result<Admission, ReadFailure>>;
  /** The next use of every provider probes again: before a confirmation, after a fault. */
  forget(adapter?: ChainAdapter): void;
}

const ADMISSION_MS = 3_600_000;

/** Admissions with a memory of one hour for those that passed; a provider that failed is probed again at its next use. */
export function createAdmissions(clock: Clock): Admissions {
  const passed = new Map<ChainAdapter, { readonly at: number; readonly admission: Result<Admission, ReadFailure> }>();
  return {
    async admit(adapter, signal) {
      const known = passed.get(adapter);
      if (known && clock.monotonic() - known.at < ADMISSION_MS) return known.admission;
      const admission = await adapter.admit(signal);
      if (admission.ok) passed.set(adapter, { at: clock.monotonic(), admission });
      return admission;
    },
    forget(adapter) {
      if (adapter) passed.delete(adapter);
      else passed.clear();
    },
  };
}

/** How far back of its newest final block a chain without archive state is asked for the common moment, ms. */
const RECENT_WINDOW_MS = 300_000;

type ProviderFault = Snapshot['providerFaults'][number];

/** One operator group's admitted endpoint, with the newest block it calls final. */
interface Seat {
  readonly adapter: ChainAdapter;
  readonly tip: BlockRef;
}

/** A chain whose groups agree on how far it is final, or the failure of all its cells. */
interface Table {
  readonly plan: ChainPlan;
  readonly groups: number;
  readonly seats: readonly Seat[];
  readonly tip: Result<BlockRef, ReadFailure>;
  readonly faults: ProviderFault[];
  readonly requestsBefore: number;
}

/**
 * Reads every cell of every chain at one moment T, the oldest of the chains' final times: one outcome a query, in the
 * order of the plans. Groups are compared at one block hash; a cell that no majority states is unread, never a number.
 */
export async function takeSnapshot(plans: readonly ChainPlan[], tools: SnapshotTools): Promise<Snapshot> {
  const startedAtMs = tools.clock.now();
  const tables = await Promise.all(plans.map((plan) => seat(plan, tools)));
  const times = tables.flatMap(({ tip }) => (tip.ok ? [tip.value.timeMs] : []));
  const momentMs = times.length === 0 ? null : Math.min(...times);
  let done = 0;
  const chains = await Promise.all(
    tables.map(async (table) => {
      const read = await readChain(table, momentMs ?? 0, tools);
      done += 1;
      tools.onProgress?.(done, tables.length);
      return read;
    }),
  );
  return {
    startedAtMs,
    finishedAtMs: tools.clock.now(),
    momentMs,
    sources: chains.map(({ source }) => source),
    cells: chains.flatMap(({ cells }) => cells),
    supplies: chains.flatMap(({ supplies }) => supplies),
    providerFaults: chains.flatMap(({ faults }) => faults),
  };
}

const requestsOf = (plan: ChainPlan): number => plan.adapters.reduce((sum, adapter) => sum + adapter.requestCount(), 0);

async function seat(plan: ChainPlan, tools: SnapshotTools): Promise<Table> {
  const requestsBefore = requestsOf(plan);
  const chain = plan.network.chainId;
  const faults: ProviderFault[] = [];
  const byGroup = groupBy(plan.adapters, (adapter) => adapter.group);
  const found = await Promise.all([...byGroup.values()].map((members) => firstFit(members, chain, faults, tools)));
  const seats = found.flatMap((one) => (one ? [one] : []));
  const quorum = quorumOf(byGroup.size);
  // The highest block that a majority of the groups already calls final.
  const tip = [...seats].sort((a, b) => (a.tip.height < b.tip.height ? 1 : -1))[quorum - 1]?.tip;
  const missing: ReadFailure = faults[0] ?? noProvider(plan, `${seats.length} of ${quorum} provider groups needed`);
  return {
    plan,
    groups: byGroup.size,
    seats,
    tip: tip ? { ok: true, value: tip } : err(missing),
    faults,
    requestsBefore,
  };
}

const noProvider = (plan: ChainPlan, message: string): ReadFailure => ({
  code: 'no_provider',
  message: `${plan.network.slug}: ${message}`,
  provider: 'none',
  retryable: true,
});

async function firstFit(
  members: readonly ChainAdapter[],
  chain: ChainId,
  faults: ProviderFault[],
  { admissions, signal }: SnapshotTools,
): Promise<Seat | null> {
  for (const adapter of members) {
    const admitted = await admissions.admit(adapter, signal);
    const tip = admitted.ok ? await adapter.finalTip(signal) : admitted;
    if (tip.ok) return { adapter, tip: tip.value };
    admissions.forget(adapter);
    faults.push({ ...tip.error, chain, group: adapter.group });
  }
  return null;
}

interface ChainRead {
  readonly source: SourceCoverage;
  readonly cells: readonly Cell[];
  readonly supplies: readonly SupplyReading[];
  readonly faults: readonly ProviderFault[];
}

async function readChain(table: Table, momentMs: number, tools: SnapshotTools): Promise<ChainRead> {
  const { plan, faults } = table;
  const pin = table.tip.ok ? await choosePin(table, table.tip.value, momentMs, tools) : table.tip;
  if (!pin.ok) return unreadChain(table, pin.error);
  const { block, seats } = pin.value;
  const changed = await checkMetadata(table, block, seats, tools);
  const readable = plan.queries.map((query) => !changed.has(query.asset.id));
  const asked = plan.queries.filter((_, index) => readable[index]);
  const answers = await Promise.all(
    seats.map(async ({ adapter }) => ({ adapter, results: await adapter.readBalances(asked, block, tools.signal) })),
  );
  const dissent = new Map<string, number>();
  let next = 0;
  const cells = plan.queries.map((query, index): Cell => {
    if (!readable[index])
      return { query, outcome: { kind: 'unread', failure: changed.get(query.asset.id) as ReadFailure } };
    const at = next++;
    return {
      query,
      outcome: decide(
        answers.map(({ adapter, results }) => answerOf(adapter, results[at])),
        table.groups,
        dissent,
      ),
    };
  });
  const supplies = await readSupplies(table, block, seats, dissent, changed, tools);
  for (const [group, count] of dissent) {
    const adapter = seats.find((one) => one.adapter.group === group)?.adapter as ChainAdapter;
    tools.admissions.forget(adapter);
    faults.push({
      code: 'disagree',
      message: `${adapter.provider} differs from the other groups on ${count} of ${cells.length} balances`,
      provider: adapter.provider,
      retryable: true,
      chain: block.chain,
      group,
    });
  }
  if (block.finality === 'not_final') return withholdUnfinal(table, block, momentMs, cells, supplies);
  return { source: coverage(table, block, momentMs, cells, answers), cells, supplies, faults };
}

const answerOf = (adapter: ChainAdapter, answer: Result<BalanceReading, ReadFailure> | undefined): GroupAnswer => ({
  group: adapter.group,
  provider: adapter.provider,
  answer:
    answer ??
    err({ code: 'bad_response', message: 'no outcome for this cell', provider: adapter.provider, retryable: true }),
});

function decide(answers: readonly GroupAnswer[], groups: number, dissent: Map<string, number>): Outcome {
  const { outcome, dissenting } = decideCell(answers, groups);
  for (const group of dissenting) dissent.set(group, (dissent.get(group) ?? 0) + 1);
  return outcome;
}

/** The block that a majority of groups serve under one hash: the last final one at or before the moment where state reaches. */
async function choosePin(
  table: Table,
  tip: BlockRef,
  momentMs: number,
  { signal }: SnapshotTools,
): Promise<Result<{ readonly block: BlockRef; readonly seats: readonly Seat[] }, ReadFailure>> {
  const fit = table.seats.filter((one) => one.tip.height >= tip.height);
  const scout = table.seats.find((one) => one.tip === tip) as Seat;
  const { history, pins } = scout.adapter.capabilities;
  let target = tip;
  const back = tip.timeMs - momentMs;
  if (back > 0 && (history === 'archive' || (history === 'recent' && back <= RECENT_WINDOW_MS))) {
    const earlier = await scout.adapter.blockAtTime(momentMs, signal);
    if (earlier.ok) target = earlier.value;
  }
  if (!pins) return { ok: true, value: { block: target, seats: fit } };
  const refs = await Promise.all(
    fit.map(async (one) => ({
      one,
      block:
        one.tip.height === target.height && one.tip.hash !== null
          ? ({ ok: true, value: one.tip } as const)
          : await one.adapter.blockAt(target.height, signal),
    })),
  );
  const byHash = groupBy(
    refs.flatMap(({ one, block }) => (block.ok ? [{ one, block: block.value }] : [])),
    ({ block }) => block.hash,
  );
  for (const { one, block } of refs) {
    if (!block.ok) table.faults.push({ ...block.error, chain: tip.chain, group: one.adapter.group });
  }
  for (const [hash, agreed] of byHash) {
    if (hash === null || agreed.length < quorumOf(table.groups)) continue;
    for (const [other, members] of byHash) {
      if (other !== hash)
        for (const { one } of members) table.faults.push(otherChain(one.adapter, tip.chain, target.height));
    }
    const block = { ...(agreed[0] as (typeof agreed)[number]).block, finality: target.finality };
    return { ok: true, value: { block, seats: agreed.map(({ one }) => one) } };
  }
  if (byHash.size > 1) {
    const names = [...byHash.values()].flat().map(({ one }) => one.adapter.provider);
    return err({
      code: 'disagree',
      message: `${names.join(' and ')} have different blocks at height ${target.height}`,
      provider: names.join(','),
      retryable: true,
    });
  }
  return err(table.faults.at(-1) ?? noProvider(table.plan, `too few groups serve block ${target.height}`));
}

const otherChain = (adapter: ChainAdapter, chain: ChainId, height: bigint): ProviderFault => ({
  code: 'disagree',
  message: `${adapter.provider} has another block than the majority at height ${height}`,
  provider: adapter.provider,
  retryable: true,
  chain,
  group: adapter.group,
});

/** Tokens whose decimals or code are not what was pinned at first contact: their cells are withheld. */
async function checkMetadata(
  { plan, groups }: Table,
  block: BlockRef,
  seats: readonly Seat[],
  { pins, signal }: SnapshotTools,
): Promise<ReadonlyMap<AssetId, ReadFailure>> {
  const withheld = new Map<AssetId, ReadFailure>();
  const tokens = new Map<AssetId, ChainAsset>();
  for (const asset of [...plan.queries.map((query) => query.asset), ...plan.supplies]) {
    if (asset.kind === 'token') tokens.set(asset.id, asset);
  }
  if (tokens.size === 0) return withheld;
  const wanted = [...tokens.values()];
  const answers = await Promise.all(
    seats.map(async ({ adapter }) => ({
      adapter,
      results: adapter.readMetadata ? await adapter.readMetadata(wanted, block, signal) : null,
    })),
  );
  wanted.forEach((asset, index) => {
    const stated = new Map<string, number>();
    let failure: ReadFailure | null = null;
    for (const { adapter, results } of answers) {
      if (results === null) continue;
      const answer = results[index];
      if (!answer?.ok) {
        failure = answer?.error ?? noProvider(plan, `no metadata of ${asset.symbol} from ${adapter.provider}`);
        continue;
      }
      const text = `decimals=${answer.value.decimals} code=${answer.value.codeHash}`;
      stated.set(text, (stated.get(text) ?? 0) + 1);
    }
    if (stated.size === 0 && failure === null) return; // the protocol has no token metadata to read
    const agreed = [...stated].find(([, count]) => count >= quorumOf(groups))?.[0];
    if (agreed === undefined) {
      withheld.set(
        asset.id,
        failure ?? {
          code: 'disagree',
          message: `providers state different metadata of ${asset.symbol}`,
          provider: 'several',
          retryable: true,
        },
      );
      return;
    }
    const pinned = pins.get(asset.id);
    const expected = `decimals=${asset.decimals} `;
    if (!agreed.startsWith(expected) || (pinned !== null && pinned !== agreed)) {
      const before = pinned ?? `${expected}(config)`;
      withheld.set(asset.id, {
        code: 'metadata_changed',
        message: `${asset.symbol}: the chain says ${agreed}, expected ${before}`,
        provider: 'several',
        retryable: false,
      });
    } else if (pinned === null) pins.pin(asset.id, agreed);
  });
  return withheld;
}

async function readSupplies(
  { plan, groups }: Table,
  block: BlockRef,
  seats: readonly Seat[],
  dissent: Map<string, number>,
  withheld: ReadonlyMap<AssetId, ReadFailure>,
  { signal }: SnapshotTools,
): Promise<readonly SupplyReading[]> {
  return Promise.all(
    plan.supplies.map(async (asset): Promise<SupplyReading> => {
      const failure = withheld.get(asset.id);
      if (failure) return { asset: asset.id, outcome: { kind: 'unread', failure } };
      const answers = await Promise.all(
        seats.map(async ({ adapter }) => answerOf(adapter, await adapter.readSupply(asset, block, signal))),
      );
      return { asset: asset.id, outcome: decide(answers, groups, dissent) };
    }),
  );
}

function coverage(
  table: Table,
  block: BlockRef,
  momentMs: number,
  cells: readonly Cell[],
  answers: readonly {
    readonly adapter: ChainAdapter;
    readonly results: readonly Result<BalanceReading, ReadFailure>[];
  }[],
): SourceCoverage {
  const read = cells.filter(({ outcome }) => outcome.kind === 'read').length;
  const heights = answers.flatMap(({ results }) => results.flatMap((one) => (one.ok ? [one.value.heightFrom] : [])));
  const assurance = cells.reduce<Assurance>(
    (lowest, { outcome }) => (outcome.kind === 'read' ? weaker(lowest, outcome.assurance) : lowest),
    'A3',
  );
  return {
    chain: block.chain,
    block,
    heightFrom: heights.reduce<bigint>((lowest, height) => (height < lowest ? height : lowest), block.height),
    skewSeconds: Math.round((block.timeMs - momentMs) / 1000),
    assurance: read === 0 ? 'A0' : assurance,
    groups: answers.map(({ adapter }) => adapter.group),
    requests: requestsOf(table.plan) - table.requestsBefore,
    asked: cells.length,
    read,
    failed: cells.length - read,
  };
}

function withholdUnfinal(
  table: Table,
  block: BlockRef,
  momentMs: number,
  cells: readonly Cell[],
  supplies: readonly SupplyReading[],
): ChainRead {
  const failure: ReadFailure = {
    code: 'not_final',
    message: `${table.plan.network.slug}: block ${block.height} is not final yet`,
    provider: table.seats[0]?.adapter.provider ?? 'none',
    retryable: true,
  };
  const outcome: Outcome = { kind: 'unread', failure };
  const held = cells.map(({ query }): Cell => ({ query, outcome }));
  return {
    source: coverage(table, block, momentMs, held, []),
    cells: held,
    supplies: supplies.map(({ asset }) => ({ asset, outcome })),
    faults: table.faults,
  };
}

function unreadChain(table: Table, failure: ReadFailure): ChainRead {
  const outcome: Outcome = { kind: 'unread', failure };
  const cells = table.plan.queries.map((query): Cell => ({ query, outcome }));
  return {
    source: {
      chain: table.plan.network.chainId,
      block: null,
      heightFrom: null,
      skewSeconds: 0,
      assurance: 'A0',
      groups: [],
      requests: requestsOf(table.plan) - table.requestsBefore,
      asked: cells.length,
      read: 0,
      failed: cells.length,
    },
    cells,
    supplies: table.plan.supplies.map(({ id }) => ({ asset: id, outcome })),
    faults: table.faults,
  };
}
