import type { AssetId, ChainId } from '../domain/ids.ts';
import type { ChainAsset, Network } from '../domain/network.ts';
import { quorumOf } from '../domain/quorum.ts';
import { err, ok, type Result } from '../domain/result.ts';
import type { BalanceQuery, BlockRef, ReadFailure, Snapshot } from '../domain/snapshot.ts';
import { groupBy } from '../lib/group-by.ts';
import type { ChainAdapter, Clock } from '../seams.ts';
import type { Admissions } from './admissions.ts';

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
  /** The block that each chain was last read at: no look goes back behind it (heads behind a load balancer do), or continues another chain. Filled here. */
  readonly floors: Map<ChainId, BlockRef>;
  readonly onProgress?: (done: number, total: number) => void;
}

/** A provider's fault that did not by itself cost a cell. */
export type ProviderFault = Snapshot['providerFaults'][number];

/** One operator group's admitted endpoint, with the newest block it calls final. */
export interface Seat {
  readonly adapter: ChainAdapter;
  readonly tip: BlockRef;
}

/** A chain whose groups agree on how far it is final, or the failure of all its cells. */
export interface Table {
  readonly plan: ChainPlan;
  readonly groups: number;
  readonly seats: readonly Seat[];
  readonly tip: Result<BlockRef, ReadFailure>;
  readonly faults: ProviderFault[];
  readonly requestsBefore: number;
}

/** HTTP requests made so far by all providers of a chain. */
export const requestsOf = (plan: ChainPlan): number =>
  plan.adapters.reduce((sum, adapter) => sum + adapter.requestCount(), 0);

/** Admits the first fit endpoint of each group and finds the highest block that a majority already calls final. */
export async function seat(plan: ChainPlan, tools: SnapshotTools): Promise<Table> {
  const requestsBefore = requestsOf(plan);
  const chain = plan.network.chainId;
  const faults: ProviderFault[] = [];
  const byGroup = groupBy(plan.adapters, (adapter) => adapter.group);
  const found = await Promise.all([...byGroup.values()].map((members) => firstFit(members, chain, faults, tools)));
  const seats = found.flatMap((one) => (one ? [one] : []));
  const quorum = quorumOf(byGroup.size);
  // The highest block that a majority of the groups already calls final.
  const tip = [...seats].sort((a, b) => (a.tip.height < b.tip.height ? 1 : -1))[quorum - 1]?.tip;
  const floor = tools.floors.get(chain)?.height;
  if (tip && floor !== undefined && tip.height < floor) {
    const failure = behind(plan, tip.height, floor);
    return { plan, groups: byGroup.size, seats, tip: err(failure), faults, requestsBefore };
  }
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

/** The failure of a chain that too few groups serve. */
export const noProvider = (plan: ChainPlan, message: string): ReadFailure => ({
  code: 'no_provider',
  message: `${plan.network.slug}: ${message}`,
  provider: 'none',
  retryable: true,
});

const behind = (plan: ChainPlan, height: bigint, floor: bigint): ReadFailure => ({
  code: 'lagging',
  message: `${plan.network.slug}: final only at ${height}, but ${floor} was final before`,
  provider: 'several',
  retryable: true,
});

async function firstFit(
  members: readonly ChainAdapter[],
  chain: ChainId,
  faults: ProviderFault[],
  tools: SnapshotTools,
): Promise<Seat | null> {
  for (const adapter of members) {
    const tip = await tipOf(adapter, tools.floors.get(chain), tools);
    if (tip.ok) return { adapter, tip: tip.value };
    tools.admissions.forget(adapter);
    faults.push({ ...tip.error, chain, group: adapter.group });
  }
  return null;
}

/** The newest final block of an admitted endpoint; an admission is remembered only while the endpoint continues the chain that was read. */
async function tipOf(
  adapter: ChainAdapter,
  floor: BlockRef | undefined,
  { admissions, signal }: SnapshotTools,
): Promise<Result<BlockRef, ReadFailure>> {
  const admitted = await admissions.admit(adapter, signal);
  const tip = admitted.ok ? await adapter.finalTip(signal) : admitted;
  if (!tip.ok || floor === undefined || (await continues(adapter, tip.value, floor, signal))) return tip;
  // Another chain behind the same address, or a reorganisation of what was final: only new probes can tell.
  admissions.forget(adapter);
  const again = await admissions.admit(adapter, signal);
  if (again.ok) return adapter.finalTip(signal);
  if (again.error.code === 'wrong_chain') return again;
  const message = `${adapter.provider} has another block ${floor.height} than was read before, and fails its probes: ${again.error.message}`;
  return err({ ...again.error, code: 'disagree', message });
}

/** False only where the endpoint states another block at the height that was read last. */
async function continues(adapter: ChainAdapter, tip: BlockRef, floor: BlockRef, signal: AbortSignal): Promise<boolean> {
  if (floor.hash === null || tip.height < floor.height) return true;
  const there = tip.height === floor.height ? ok(tip) : await adapter.blockAt(floor.height, signal);
  return !there.ok || there.value.hash === null || there.value.hash === floor.hash;
}
