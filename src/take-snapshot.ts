import type { AssetId } from './domain/ids.ts';
import { decideCell, type GroupAnswer } from './domain/quorum.ts';
import { err, type Result } from './domain/result.ts';
import {
  type Assurance,
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
import type { ChainAdapter } from './seams.ts';
import { checkMetadata } from './snapshot/check-metadata.ts';
import { choosePin } from './snapshot/choose-pin.ts';
import {
  type ChainPlan,
  type ProviderFault,
  requestsOf,
  type Seat,
  type SnapshotTools,
  seat,
  type Table,
} from './snapshot/seat.ts';

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
  for (const { adapter, results } of answers) if (failsAsAWhole(results)) tools.admissions.forget(adapter);
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
  // A height at which nothing could be read may be made up: it must not keep the next look from reading.
  if ([...cells, ...supplies].some(({ outcome }) => outcome.kind === 'read')) tools.floors.set(block.chain, block);
  const agreeing = answers.filter(({ adapter }) => !dissent.has(adapter.group));
  return { source: coverage(table, block, momentMs, cells, agreeing), cells, supplies, faults };
}

/** Nothing was read, and not because the provider asked for a rest or we stopped: only new probes can tell what became of it. */
const failsAsAWhole = (results: readonly Result<BalanceReading, ReadFailure>[]): boolean =>
  results.length > 0 &&
  results.every((one) => !one.ok && one.error.code !== 'rate_limited' && one.error.code !== 'aborted');

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
    groups: answers
      .filter(({ results }) => results.length === 0 || results.some((one) => one.ok))
      .map(({ adapter }) => adapter.group),
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
