import type { ChainId } from '../domain/ids.ts';
import { quorumOf } from '../domain/quorum.ts';
import { err, type Result } from '../domain/result.ts';
import type { BlockRef, ReadFailure } from '../domain/snapshot.ts';
import { groupBy } from '../lib/group-by.ts';
import type { ChainAdapter } from '../seams.ts';
import { noProvider, type ProviderFault, type Seat, type SnapshotTools, type Table } from './seat.ts';

/** How far back of its newest final block a chain without archive state is asked for the common moment, ms. */
const RECENT_WINDOW_MS = 300_000;

/** The block that a majority of groups serve under one hash: the last final one at or before the moment where state reaches. */
export async function choosePin(
  table: Table,
  tip: BlockRef,
  momentMs: number,
  { signal, floors }: Pick<SnapshotTools, 'signal' | 'floors'>,
): Promise<Result<{ readonly block: BlockRef; readonly seats: readonly Seat[] }, ReadFailure>> {
  const fit = table.seats.filter((one) => one.tip.height >= tip.height);
  const scout = table.seats.find((one) => one.tip === tip) as Seat;
  const { history, pins } = scout.adapter.capabilities;
  let target = tip;
  const back = tip.timeMs - momentMs;
  if (back > 0 && (history === 'archive' || (history === 'recent' && back <= RECENT_WINDOW_MS))) {
    const earlier = await scout.adapter.blockAtTime(momentMs, signal);
    // Block times are not strictly ordered: the last block by time may lie behind what was read before.
    if (earlier.ok && earlier.value.height >= (floors.get(tip.chain)?.height ?? 0n)) target = earlier.value;
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
