import type { Network } from '../../src/domain/network.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import type { BlockRef, ReadFailure } from '../../src/domain/snapshot.ts';
import { field, type Json } from '../../src/lib/json.ts';
import type { PinnedBlock } from './pin.ts';
import { parseHash, parseQuantity, toQuantity } from './quantity.ts';
import type { RpcClient } from './rpc.ts';

type BlockResult = Result<PinnedBlock, ReadFailure>;
/** A null answer is not a failure of the provider: it has no such block. */
type MaybeBlock = Result<PinnedBlock | null, ReadFailure>;

/** Far above any real block time, far below what a number holds exactly in ms. */
const LAST_TIME_SECONDS = 2n ** 40n;
/** Enough to bisect 2^60 blocks; time is close to linear, so that a handful is usual. */
const MOST_PROBES = 60;
const FIRST_STEP = 64n;

/** A block by tag or height, or null where the node knows none. */
export async function fetchBlock(
  rpc: RpcClient,
  network: Network,
  which: 'latest' | 'finalized' | bigint,
  finality: BlockRef['finality'],
  signal: AbortSignal,
): Promise<MaybeBlock> {
  const tag = typeof which === 'bigint' ? toQuantity(which) : which;
  const answer = await rpc.call('eth_getBlockByNumber', [tag, false], signal);
  if (!answer.ok) return answer;
  if (answer.value === null) return ok(null);
  const block = readBlock(answer.value, network, finality);
  if (block === null)
    return err(rpc.fail('bad_response', `block ${tag}: number, hash or timestamp is not well-formed`));
  return typeof which === 'bigint' && block.height !== which
    ? err(rpc.fail('bad_response', `asked for block ${which}, the node sent block ${block.height}`))
    : ok(block);
}

function readBlock(block: Json, network: Network, finality: BlockRef['finality']): PinnedBlock | null {
  const height = parseQuantity(field(block, 'number'));
  const hash = parseHash(field(block, 'hash'));
  const seconds = parseQuantity(field(block, 'timestamp'));
  if (height === null || hash === null || seconds === null || seconds > LAST_TIME_SECONDS) return null;
  return { chain: network.chainId, height, hash, timeMs: Number(seconds) * 1000, finality };
}

/** The block at a height; `block_unknown` where the node has none. */
export async function blockAtHeight(
  rpc: RpcClient,
  network: Network,
  height: bigint,
  finality: BlockRef['finality'],
  signal: AbortSignal,
): Promise<BlockResult> {
  const block = await fetchBlock(rpc, network, height, finality, signal);
  if (!block.ok) return block;
  return block.value === null ? err(rpc.fail('block_unknown', `there is no block ${height} here`)) : ok(block.value);
}

async function newestBlock(rpc: RpcClient, network: Network, signal: AbortSignal): Promise<BlockResult> {
  const newest = await fetchBlock(rpc, network, 'latest', 'not_final', signal);
  if (!newest.ok) return newest;
  return newest.value === null ? err(rpc.fail('bad_response', 'the node has no newest block')) : ok(newest.value);
}

/** The newest final block by the network's rule; the newest block, marked not_final, while there is none. */
export async function finalTip(rpc: RpcClient, network: Network, signal: AbortSignal): Promise<BlockResult> {
  if (network.finality.kind === 'finalized') {
    const block = await fetchBlock(rpc, network, 'finalized', 'final', signal);
    // Before its first finalized block geth answers with an error, others with null.
    if (block.ok ? block.value !== null : block.error.code !== 'block_unknown') return block as BlockResult;
    return newestBlock(rpc, network, signal);
  }
  const newest = await newestBlock(rpc, network, signal);
  if (!newest.ok) return newest;
  const height = newest.value.height - BigInt(network.finality.blocks);
  return height < 0n ? newest : blockAtHeight(rpc, network, height, 'final', signal);
}

/** The last final block at or before the time: its successor, if final, is later. `block_unknown` where the chain began later. */
export async function blockAtTime(
  rpc: RpcClient,
  network: Network,
  timeMs: number,
  signal: AbortSignal,
): Promise<BlockResult> {
  const tip = await finalTip(rpc, network, signal);
  if (!tip.ok || tip.value.timeMs <= timeMs) return tip;
  const at = (height: bigint): Promise<BlockResult> => blockAtHeight(rpc, network, height, tip.value.finality, signal);
  let late = tip.value;
  let early: PinnedBlock | null = null;
  let step = FIRST_STEP;
  for (let probes = 0; probes < MOST_PROBES; probes += 1) {
    if (early !== null && late.height - early.height === 1n) return ok(early);
    if (early === null && late.height === 0n) {
      return err(rpc.fail('block_unknown', 'the chain began after that time'));
    }
    const probe = await at(early === null ? larger(late.height - step, 0n) : between(early, late, timeMs, probes));
    if (!probe.ok) return probe;
    if (probe.value.timeMs <= timeMs) early = probe.value;
    else late = probe.value;
    step *= 16n;
  }
  return err(rpc.fail('bad_response', 'block times here do not grow with height: no block found for the time'));
}

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** Where the time lies by straight line; every third probe is the middle, so that an uneven chain cannot spin it out. */
function between(early: PinnedBlock, late: PinnedBlock, timeMs: number, probes: number): bigint {
  const span = late.height - early.height;
  const part = (span * BigInt(timeMs - early.timeMs)) / BigInt(Math.max(1, late.timeMs - early.timeMs));
  const guess = early.height + (probes % 3 === 2 ? span / 2n : part);
  if (guess <= early.height) return early.height + 1n;
  return guess >= late.height ? late.height - 1n : guess;
}
