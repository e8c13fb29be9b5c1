import type { ChainId } from '../../src/domain/ids.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import type { BlockRef } from '../../src/domain/snapshot.ts';
import { field, integer, isArray, smallInteger } from '../../src/lib/json.ts';
import { decodeSolanaAddress } from './address.ts';
import type { RpcFailure, SolanaRpc } from './rpc.ts';

/** Blocks only without their transactions: a hundred bytes instead of megabytes. */
const BLOCK_CONFIG = {
  commitment: 'finalized',
  encoding: 'json',
  transactionDetails: 'none',
  rewards: false,
  maxSupportedTransactionVersion: 0,
};
/** How far back a skipped or not yet served slot makes us look for a block. */
const LOOK_BACK_SLOTS = 64n;
/** Skipped (-32007, -32009), not there (-32004), not yet known (-32014): the slots around it may still be served. */
const NO_BLOCK_HERE: ReadonlySet<bigint | null> = new Set([-32004n, -32007n, -32009n, -32014n]);
/** The node keeps no blocks at all, or has no such method: then its state has a slot and a time, but no hash. */
const NO_BLOCKS_AT_ALL: ReadonlySet<bigint | null> = new Set([-32011n, -32601n]);

/** What is asked about final slots and blocks. */
export interface SolanaBlocks {
  finalTip(signal: AbortSignal): Promise<Result<BlockRef, RpcFailure>>;
  blockAt(slot: bigint, signal: AbortSignal): Promise<Result<BlockRef, RpcFailure>>;
  /** The newest final block at or before the slot, at most 64 slots back. */
  blockAtOrBefore(slot: bigint, signal: AbortSignal): Promise<Result<BlockRef, RpcFailure>>;
}

/** Reads final blocks of one chain; slots are the heights. */
export function createSolanaBlocks(rpc: SolanaRpc, chain: ChainId): SolanaBlocks {
  const finalBlock = (height: bigint, hash: string | null, seconds: number): Result<BlockRef, never> =>
    ok({ chain, height, hash, timeMs: seconds * 1000, finality: 'final' });

  async function timeOf(slot: bigint, signal: AbortSignal): Promise<Result<number, RpcFailure>> {
    const answer = await rpc.call('getBlockTime', [slotNumber(slot)], signal);
    if (!answer.ok) return answer;
    const seconds = smallInteger(answer.value);
    return seconds !== undefined && seconds > 0
      ? ok(seconds)
      : err(rpc.fail('bad_response', `getBlockTime: no time for slot ${slot}`));
  }

  async function blockAt(slot: bigint, signal: AbortSignal): Promise<Result<BlockRef, RpcFailure>> {
    const answer = await rpc.call('getBlock', [slotNumber(slot), BLOCK_CONFIG], signal);
    if (!answer.ok) return answer;
    if (answer.value === null) return err(rpc.fail('block_unknown', `getBlock: slot ${slot} has no final block there`));
    const hash = field(answer.value, 'blockhash');
    if (typeof hash !== 'string' || !decodeSolanaAddress(hash).ok) {
      return err(rpc.fail('bad_response', `getBlock: no 32-byte block hash for slot ${slot}`));
    }
    const stated = smallInteger(field(answer.value, 'blockTime'));
    if (stated !== undefined && stated > 0) return finalBlock(slot, hash, stated);
    const seconds = await timeOf(slot, signal);
    return seconds.ok ? finalBlock(slot, hash, seconds.value) : seconds;
  }

  async function blockAtOrBefore(slot: bigint, signal: AbortSignal): Promise<Result<BlockRef, RpcFailure>> {
    const first = slot > LOOK_BACK_SLOTS ? slot - LOOK_BACK_SLOTS : 0n;
    const range = [slotNumber(first), slotNumber(slot), { commitment: 'finalized' }];
    const answer = await rpc.call('getBlocks', range, signal);
    if (!answer.ok) return answer;
    const slots = isArray(answer.value) ? answer.value.map(integer) : [undefined];
    const newest = slots.at(-1);
    if (slots.some((item) => item === undefined || item < first || item > slot)) {
      return err(rpc.fail('bad_response', `getBlocks: not a list of slots from ${first} to ${slot}`));
    }
    return newest === undefined
      ? err(rpc.fail('block_unknown', `getBlocks: no final block from slot ${first} to ${slot}`))
      : blockAt(newest, signal);
  }

  async function finalTip(signal: AbortSignal): Promise<Result<BlockRef, RpcFailure>> {
    const answer = await rpc.call('getSlot', [{ commitment: 'finalized' }], signal);
    if (!answer.ok) return answer;
    const slot = integer(answer.value);
    if (slot === undefined || slot < 0n) return err(rpc.fail('bad_response', 'getSlot: not a slot number'));
    const block = await blockAt(slot, signal);
    if (block.ok) return block;
    if (NO_BLOCK_HERE.has(block.error.rpcCode)) return blockAtOrBefore(slot, signal);
    if (!NO_BLOCKS_AT_ALL.has(block.error.rpcCode)) return block;
    const seconds = await timeOf(slot, signal);
    return seconds.ok ? finalBlock(slot, null, seconds.value) : seconds;
  }

  return { finalTip, blockAt, blockAtOrBefore };
}

/** Slots go out as JSON numbers; they stay far below 2^53 (2.5 a second: 114 million years). */
export const slotNumber = (slot: bigint): number => Number(slot);
