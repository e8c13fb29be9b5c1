import { err, type Result } from '../../src/domain/result.ts';
import type { BlockRef, ReadFailure } from '../../src/domain/snapshot.ts';
import type { SolanaBlocks } from './blocks.ts';
import { type SolanaRpc, withoutRpcCode } from './rpc.ts';

/** Each step is one or two requests; doubling and halving reach years back in so many. */
const MOST_STEPS = 64;

/**
 * The last final block whose time is at or before `timeMs`: steps back from the tip in doubling strides until a slot is old
 * enough or its block is no longer served, then halves the range. A node without old blocks gives a failure, never another block.
 */
export async function findBlockAtTime(
  blocks: SolanaBlocks,
  rpc: SolanaRpc,
  timeMs: number,
  slotMs: number,
  signal: AbortSignal,
): Promise<Result<BlockRef, ReadFailure>> {
  const tip = await blocks.finalTip(signal);
  if (!tip.ok) return err(withoutRpcCode(tip.error));
  if (tip.value.timeMs <= timeMs) return tip;
  let stride = BigInt(Math.ceil((tip.value.timeMs - timeMs) / slotMs) + 1);
  /** The lowest slot whose block is known to be too new, and the highest below which only `best` can be the answer. */
  let tooNew = tip.value.height;
  let low = -1n;
  let best: BlockRef | null = null;
  for (let step = 0; step < MOST_STEPS && tooNew - low > 1n; step += 1) {
    const slot = low < 0n && tooNew > stride ? tooNew - stride : (low + tooNew) / 2n;
    const block = await blocks.blockAtOrBefore(slot, signal);
    if (block.ok && block.value.timeMs > timeMs) {
      tooNew = block.value.height;
      stride *= 2n;
    } else if (block.ok) {
      best = block.value;
      low = slot;
    } else if (block.error.code === 'block_unknown' || block.error.code === 'state_gone') {
      low = slot;
    } else {
      return err(withoutRpcCode(block.error));
    }
  }
  const found = best !== null && tooNew - low <= 1n;
  return found
    ? { ok: true, value: best as BlockRef }
    : err(withoutRpcCode(rpc.fail('block_unknown', 'no final block that old is served')));
}
