import { hex } from '@scure/base';
import type { BaseUnits } from '../../src/domain/amount.ts';
import { parseAmount } from '../../src/domain/amount.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import type { BalanceQuery, BalanceReading, BlockRef, ReadFailure } from '../../src/domain/snapshot.ts';
import type { ChainAdapter, ProviderOptions } from '../../src/seams.ts';
import { decodeAddress, scriptPubKey } from './address.ts';
import { admitNode } from './admission.ts';
import type { Header } from './block.ts';
import { createFollower, MAX_BACKFILL } from './follower.ts';
import { createNode } from './node.ts';
import { type BitcoinParams, bitcoinParams } from './params.ts';
import { createRpcClient, type RpcFailure } from './rpc.ts';
import { createUtxoView } from './utxo-view.ts';

/** Changes are kept for so many blocks beyond the depth at which a block is final. */
const KEEP_BLOCKS = 100 + MAX_BACKFILL;

/** Addresses in one read: of no protocol limit, but of memory. */
const MAX_BATCH = 1_000_000;

/**
 * Connects to one Bitcoin Core-like node (RPC over HTTP). Balances come from a view of its UTXO set: one `scantxoutset`
 * for all addresses, then block by block along the hashes, so that a balance is of exactly the block asked for. A block is
 * final when it has the network's k confirmations, itself counted: the newest final height is tip - k + 1.
 */
export function connectNode(options: ProviderOptions): Result<ChainAdapter> {
  const { network } = options;
  const params = bitcoinParams(network);
  if (!params.ok) return params;
  if (network.finality.kind !== 'confirmations' || network.finality.blocks < 1) {
    return err(`network ${network.slug}: finality must be a number of confirmations, at least 1`);
  }
  const rpc = createRpcClient(options);
  return rpc.ok ? ok(createAdapter(options, params.value, network.finality.blocks, rpc.value)) : rpc;
}

type Client = Extract<ReturnType<typeof createRpcClient>, { ok: true }>['value'];

function createAdapter(
  options: ProviderOptions,
  params: BitcoinParams,
  confirmations: number,
  rpc: Client,
): ChainAdapter {
  const { network } = options;
  const parseUnits = (text: string) => parseAmount(text, network.native.decimals);
  const bulk = { maxBytes: params.bulkMaxBytes };
  const node = createNode(rpc, parseUnits, bulk, { ...bulk, timeoutMs: params.scanTimeoutMs });
  const view = createUtxoView(confirmations + KEEP_BLOCKS, parseUnits);
  const follower = createFollower(node, view, rpc.failure, parseUnits);
  const alone = createLock();

  const blockRef = ({ hash, height, timeMs, confirmations: found }: Header): BlockRef => ({
    ...{ chain: network.chainId, height: BigInt(height), hash, timeMs },
    finality: found >= confirmations ? 'final' : 'not_final',
  });
  const headerAt = async (height: number, signal: AbortSignal): Promise<Result<BlockRef, RpcFailure>> => {
    const hash = await node.hashAt(height, signal);
    if (!hash.ok) return hash;
    const header = await node.header(hash.value, signal);
    if (!header.ok) return header;
    return header.value.height === height && header.value.confirmations >= 1
      ? ok(blockRef(header.value))
      : err(rpc.failure('block_unknown', `block ${height} left the main chain while it was read`));
  };
  const finalTip = async (signal: AbortSignal): Promise<Result<BlockRef, RpcFailure>> => {
    const tip = await node.tip(signal);
    return tip.ok ? headerAt(Math.max(tip.value.height - confirmations + 1, 0), signal) : tip;
  };

  /** Brings the view to where these scripts are known at the block, or says why that cannot be. */
  async function prepare(scripts: ReadonlySet<string>, at: BlockRef, signal: AbortSignal): Promise<RpcFailure | null> {
    const tracked = await follower.track(scripts, signal);
    if (!tracked.ok) return tracked.error;
    const height = Number(at.height);
    const known = view.hashAt(height);
    const hash = known === null ? await node.hashAt(height, signal) : ok(known);
    if (!hash.ok) return hash.error;
    if (hash.value !== at.hash) return rpc.failure('block_unknown', `block ${height} is not ${at.hash} on this node`);
    const reached = await follower.reach(scripts, height, signal);
    if (!reached.ok) return reached.error;
    return view.hashAt(height) === at.hash ? null : rpc.failure('block_unknown', `the chain moved at block ${height}`);
  }

  async function readBalances(
    queries: readonly BalanceQuery[],
    at: BlockRef,
    signal: AbortSignal,
  ): Promise<readonly Result<BalanceReading, ReadFailure>[]> {
    const scripts = queries.map((query) => scriptOf(query));
    const distinct = new Set(scripts.flatMap((script) => (script.ok ? [script.value] : [])));
    const failed = distinct.size === 0 ? null : await prepare(distinct, at, signal);
    const balanceOf = view.balancesAt(Number(at.height));
    return scripts.map((script) => {
      if (!script.ok) return script;
      const amount = balanceOf(script.value);
      // A failure of some addresses (first read after that block) must not cost the others their known balance.
      if (failed !== null && (failed.code !== 'not_final' || amount === null)) return err(plain(failed));
      if (amount === null) return err(plain(rpc.failure('not_final', `not known at block ${at.height} yet`)));
      return ok({ amount: amount as BaseUnits, heightFrom: at.height, heightTo: at.height, hash: at.hash });
    });
  }

  function scriptOf({ address, asset }: BalanceQuery): Result<string, ReadFailure> {
    if (asset.kind !== 'native')
      return err(plain(rpc.failure('unsupported', `${asset.symbol} is not the native coin`)));
    const destination = decodeAddress(address, params);
    return destination.ok
      ? ok(hex.encode(scriptPubKey(destination.value)))
      : err(plain(rpc.failure('unsupported', destination.error)));
  }

  return {
    chain: network.chainId,
    provider: options.name,
    group: options.group,
    capabilities: { history: 'recent', pins: true, maxBatch: MAX_BATCH },
    requestCount: rpc.requestCount,
    admit: async (signal) => outward(await admitNode(options, params, confirmations, rpc, signal)),
    finalTip: async (signal) => outward(await finalTip(signal)),
    blockAt: async (height, signal) => outward(await headerAt(Number(height), signal)),
    async blockAtTime(timeMs, signal) {
      const final = await finalTip(signal);
      if (!final.ok || final.value.timeMs <= timeMs) return outward(final);
      const top = Number(final.value.height);
      const heights = Array.from({ length: Math.min(MAX_BACKFILL, top) }, (_none, index) => top - 1 - index);
      const hashes = await node.hashesAt(heights, signal);
      if (!hashes.ok) return outward(hashes);
      const headers = await node.headersOf(hashes.value, signal);
      if (!headers.ok) return outward(headers);
      if (headers.value.some(({ height, hash }, index) => height !== heights[index] || hash !== hashes.value[index])) {
        return err(plain(rpc.failure('bad_response', 'the node answered with other blocks than asked')));
      }
      const found = headers.value.find((header) => header.timeMs <= timeMs);
      return found
        ? ok(blockRef(found))
        : err(
            plain(rpc.failure('state_gone', `that time is more than ${heights.length} blocks before the final block`)),
          );
    },
    readBalances: (queries, at, signal) => alone(() => readBalances(queries, at, signal)),
    readSupply: async () => err(plain(rpc.failure('unsupported', 'supply is not read on this chain'))),
    close: async () => undefined,
  };
}

/** A failure as the seam knows it. */
const plain = ({ code, message, provider, retryable }: RpcFailure): ReadFailure => ({
  code,
  message,
  provider,
  retryable,
});

const outward = <T>(result: Result<T, RpcFailure>): Result<T, ReadFailure> =>
  result.ok ? result : err(plain(result.error));

/** Runs one task at a time, in the order asked: a view has one position. */
function createLock(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const run = last.then(task);
    last = run.catch(() => undefined);
    return run;
  };
}
