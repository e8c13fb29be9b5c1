import type { Address } from '../../src/domain/ids.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import type { BalanceQuery, BalanceReading, BlockRef, ReadFailure } from '../../src/domain/snapshot.ts';
import type { ChainAdapter, ProviderOptions } from '../../src/seams.ts';
import { admitEndpoint } from './admission.ts';
import { createLamportsReader, type LamportsRead, MAX_ACCOUNTS } from './balances.ts';
import { findBlockAtTime } from './block-at-time.ts';
import { createSolanaBlocks } from './blocks.ts';
import { parseSolanaParams } from './params.ts';
import { createSolanaRpc, type RpcFailure, withoutRpcCode } from './rpc.ts';

/**
 * An adapter of one Solana endpoint. The protocol cannot pin a read to a block: `at` is the lowest slot accepted, the slots that
 * answered are the evidence, and the hash is given only where all answers are of one slot whose hash the node confirms.
 */
export function connectSolana(options: ProviderOptions): Result<ChainAdapter> {
  const params = parseSolanaParams(options.network);
  if (!params.ok) return params;
  const { network } = options;
  const rpc = createSolanaRpc(options);
  const blocks = createSolanaBlocks(rpc, network.chainId);
  const reader = createLamportsReader(rpc);

  const isNative = ({ asset }: BalanceQuery): boolean => asset.kind === 'native' && asset.chain === network.chainId;
  const unsupported = (what: string): Result<never, ReadFailure> =>
    err(withoutRpcCode(rpc.fail('unsupported', `${what} is not read on Solana yet: only the native coin is`)));

  async function readBalances(
    queries: readonly BalanceQuery[],
    at: BlockRef,
    signal: AbortSignal,
  ): Promise<readonly Result<BalanceReading, ReadFailure>[]> {
    const read = await reader.read(
      queries.filter(isNative).map(({ address }) => address),
      at.height,
      signal,
    );
    const evidence = await evidenceOf(read, at, signal);
    return queries.map((query) => {
      if (!isNative(query)) return unsupported(`asset ${query.asset.id}`);
      const lamports = read.lamports.get(query.address as Address) as Result<BalanceReading['amount'], ReadFailure>;
      if (!lamports.ok) return lamports;
      return evidence.ok ? ok({ amount: lamports.value, ...evidence.value }) : evidence;
    });
  }

  /** The slot range of what was read; a final slot that has two hashes is two chains, and nothing of it counts. */
  async function evidenceOf(
    { slots }: LamportsRead,
    at: BlockRef,
    signal: AbortSignal,
  ): Promise<Result<Omit<BalanceReading, 'amount'>, ReadFailure>> {
    const [heightFrom, heightTo] = [slots.reduce(lower, slots[0] ?? 0n), slots.reduce(higher, 0n)];
    if (slots.length === 0 || heightFrom !== heightTo) return ok({ heightFrom, heightTo, hash: null });
    const block = await blocks.blockAt(heightFrom, signal);
    const hash = block.ok ? block.value.hash : null;
    if (hash !== null && heightFrom === at.height && at.hash !== null && hash !== at.hash) {
      return err(withoutRpcCode(rpc.fail('block_unknown', `slot ${heightFrom} has hash ${hash} here, not ${at.hash}`)));
    }
    return ok({ heightFrom, heightTo, hash });
  }

  return ok({
    chain: network.chainId,
    provider: options.name,
    group: options.group,
    capabilities: { history: 'none', pins: false, maxBatch: MAX_ACCOUNTS },
    requestCount: rpc.requestCount,
    admit: (signal) => admitEndpoint({ options, params: params.value, rpc, blocks, reader }, signal),
    finalTip: async (signal) => seamResult(await blocks.finalTip(signal)),
    blockAt: async (height, signal) => seamResult(await blocks.blockAt(height, signal)),
    blockAtTime: (timeMs, signal) => findBlockAtTime(blocks, rpc, timeMs, params.value.slotMs, signal),
    readBalances,
    readSupply: async (asset) => unsupported(`the supply of ${asset.id}`),
    close: async () => {},
  });
}

const seamResult = <T>(result: Result<T, RpcFailure>): Result<T, ReadFailure> =>
  result.ok ? result : err(withoutRpcCode(result.error));

const lower = (a: bigint, b: bigint): bigint => (b < a ? b : a);
const higher = (a: bigint, b: bigint): bigint => (b > a ? b : a);
