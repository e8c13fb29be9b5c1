import { type BaseUnits, ZERO } from '../domain/amount.ts';
import { type AssetId, type ChainId, chainOfAsset } from '../domain/ids.ts';
import type { Assurance, ReadFailureCode, Snapshot } from '../domain/snapshot.ts';
import type { LiabilityView } from '../domain/solvency.ts';
import { weakest } from './cell-figures.ts';
import { type AssetBook, scaledTo } from './scale.ts';

/** What stands for an asset's liabilities where they are its own total supply. */
export interface SupplyConfig {
  /** The token contracts whose total supplies add up to what is owed. */
  readonly assets: readonly AssetId[];
  /** True where the asset also exists on chains that are not read: the sum is then only a lower bound. */
  readonly partial: boolean;
}

/** On-chain liabilities of one snapshot. */
export interface SupplyFigures {
  readonly view: LiabilityView;
  readonly failures: ReadonlySet<ReadFailureCode>;
  readonly assurance: Assurance | null;
  readonly weights: ReadonlyMap<ChainId, bigint>;
}

/** Total supplies added up at the ratio asset's decimals; one that was not read leaves a lower bound: [sum, +∞). */
export function addSupplies(
  config: SupplyConfig,
  snapshot: Snapshot,
  nowMs: number,
  decimals: number,
  book: AssetBook,
): SupplyFigures {
  const readings = new Map(snapshot.supplies.map(({ asset, outcome }) => [asset, outcome]));
  const unfinal = new Set(snapshot.sources.flatMap((one) => (one.block?.finality === 'not_final' ? [one.chain] : [])));
  const failures = new Set<ReadFailureCode>();
  const weights = new Map<ChainId, bigint>();
  let sum: BaseUnits = ZERO;
  let assurance: Assurance | null = null;
  for (const asset of new Set(config.assets)) {
    const chain = chainOfAsset(asset);
    const outcome = readings.get(asset);
    const amount =
      outcome?.kind === 'read' && !unfinal.has(chain) ? scaledTo(book, outcome.amount, asset, decimals) : null;
    weights.set(chain, (weights.get(chain) ?? 0n) + (amount ?? 0n));
    if (amount === null || outcome?.kind !== 'read') {
      failures.add(
        unfinal.has(chain) ? 'not_final' : outcome?.kind === 'unread' ? outcome.failure.code : 'no_provider',
      );
      continue;
    }
    sum = (sum + amount) as BaseUnits;
    assurance = weakest(assurance, outcome.assurance);
  }
  const asOfMs = snapshot.momentMs ?? snapshot.finishedAtMs;
  const view: LiabilityView = {
    amount: { lo: sum, hi: sum },
    ...(config.partial || failures.size > 0 ? { openEnded: true } : {}),
    asOfMs,
    ageMs: Math.max(0, nowMs - asOfMs),
    source: `total supply of ${config.assets.join(', ')}`,
    grade: 'supply',
    binding: 'per-asset-total',
  };
  return { view, failures, assurance, weights };
}
