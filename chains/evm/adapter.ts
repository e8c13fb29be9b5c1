import { err, ok, type Result } from '../../src/domain/result.ts';
import type { BlockRef, ReadFailure } from '../../src/domain/snapshot.ts';
import type { ChainAdapter, ProviderOptions } from '../../src/seams.ts';
import { admit, type EvmAdmission } from './admission.ts';
import { type CellResult, FIRST_SIZE, readCells } from './balances.ts';
import { blockAtHeight, blockAtTime, finalTip } from './blocks.ts';
import { failuresOf } from './failures.ts';
import type { EvmParams } from './params.ts';
import type { PinnedBlock } from './pin.ts';
import { createRpcClient } from './rpc.ts';
import { readTokenSupply, readTokensMetadata } from './token-calls.ts';

/** Reads balances of one EVM network from one endpoint, always pinned to a block hash. */
export function createEvmAdapter(options: ProviderOptions, params: EvmParams): ChainAdapter {
  const { network, name } = options;
  const fail = failuresOf(name);
  const rpc = createRpcClient(options, fail);
  let admitted: EvmAdmission | null = null;
  let size: number | null = null;
  /** The highest block that this endpoint ever called final: what is final stays so. */
  let finalHeight = -1n;

  const pinned = (at: BlockRef): Result<PinnedBlock, ReadFailure> => {
    if (at.chain !== network.chainId)
      return err(fail('wrong_chain', `block of ${at.chain} asked of ${network.chainId}`));
    return at.hash === null
      ? err(fail('unsupported', 'a read needs the hash of its block'))
      : ok({ ...at, hash: at.hash });
  };

  async function admitAndRemember(signal: AbortSignal): Promise<Result<EvmAdmission, ReadFailure>> {
    const found = await admit(rpc, options, params, signal);
    if (found.ok) {
      if (admitted?.reader !== found.value.reader) size = null;
      admitted = found.value;
    }
    return found;
  }

  async function newFinalTip(signal: AbortSignal): Promise<Result<BlockRef, ReadFailure>> {
    const tip = await finalTip(rpc, network, signal);
    if (tip.ok && tip.value.finality === 'final' && tip.value.height > finalHeight) finalHeight = tip.value.height;
    return tip;
  }

  return {
    chain: network.chainId,
    provider: name,
    group: options.group,
    capabilities: { history: 'recent', pins: true, maxBatch: FIRST_SIZE['state-override'] },
    requestCount: rpc.requestCount,
    admit: admitAndRemember,
    finalTip: newFinalTip,
    async blockAt(height, signal) {
      if (height > finalHeight) {
        const tip = await newFinalTip(signal);
        if (!tip.ok || tip.value.height === height) return tip;
      }
      return blockAtHeight(rpc, network, height, height <= finalHeight ? 'final' : 'not_final', signal);
    },
    blockAtTime: (timeMs, signal) => blockAtTime(rpc, network, timeMs, signal),
    async readBalances(queries, at, signal): Promise<readonly CellResult[]> {
      const block = pinned(at);
      if (!block.ok) return queries.map(() => block);
      const foreign = queries.some(({ asset }) => asset.chain !== network.chainId);
      if (foreign) throw new Error(`readBalances of ${network.chainId} was given an asset of another chain`);
      const ready = admitted ? ok(admitted) : await admitAndRemember(signal);
      if (!ready.ok) return queries.map(() => ready);
      const { reader } = ready.value;
      const read = await readCells(rpc, reader, size ?? FIRST_SIZE[reader], queries, block.value, signal);
      size = read.size;
      return read.results;
    },
    async readSupply(asset, at, signal) {
      const block = pinned(at);
      return block.ok ? readTokenSupply(rpc, asset, block.value, signal) : block;
    },
    async readMetadata(assets, at, signal) {
      const block = pinned(at);
      return block.ok ? readTokensMetadata(rpc, assets, block.value, signal) : assets.map(() => block);
    },
    close: () => Promise.resolve(),
  };
}
