import type { ChainId } from '../domain/ids.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { PointEvidence } from '../domain/solvency.ts';

/** A share of at least 1 in 20 (5 %) makes a chain heavy. */
const HEAVY_PART = 20n;

/** The blocks that a point rests on, and the heavy chains that have none to show. */
export interface Evidence {
  readonly blocks: readonly PointEvidence[];
  readonly heavyMissing: readonly ChainId[];
}

/**
 * The evidence of a subject on these chains. A chain is heavy when it holds at least 5 % by any of the measures (what it
 * may hold now, what is claimed there, how much of the supply it carries), so that an emptied chain stays heavy; where
 * every measure is zero all chains are.
 */
export function weighEvidence(
  snapshot: Snapshot,
  chains: readonly ChainId[],
  measures: readonly ReadonlyMap<ChainId, bigint>[],
): Evidence {
  const totals = measures.map((measure) => chains.reduce((sum, chain) => sum + (measure.get(chain) ?? 0n), 0n));
  const nothing = totals.every((total) => total === 0n);
  const isHeavy = (chain: ChainId): boolean =>
    nothing ||
    measures.some((measure, index) => {
      const total = totals[index] as bigint;
      return total > 0n && (measure.get(chain) ?? 0n) * HEAVY_PART >= total;
    });
  const sources = new Map(snapshot.sources.map((source) => [source.chain, source]));
  const blocks = chains.flatMap((chain): PointEvidence[] => {
    const source = sources.get(chain);
    if (!source?.block) return [];
    const { height, hash, timeMs, finality } = source.block;
    const { assurance, groups } = source;
    return [{ chain, height, hash, blockTimeMs: timeMs, finality, assurance, groups, heavy: isHeavy(chain) }];
  });
  const final = new Set(blocks.filter(({ finality }) => finality === 'final').map(({ chain }) => chain));
  return { blocks, heavyMissing: chains.filter((chain) => isHeavy(chain) && !final.has(chain)) };
}
