import type { BaseUnits } from './amount.ts';
import type { AssetCode, ChainId, EntityId } from './ids.ts';
import type { Interval } from './interval.ts';
import type { LiabilityBinding, LiabilityGrade } from './liability.ts';
import type { RatioInterval } from './ratio.ts';
import type { Assurance } from './snapshot.ts';

/** Which figure stands over the liabilities. */
export const BASES = ['observed', 'proven', 'observed+custody'] as const;
export type Basis = (typeof BASES)[number];

/** `ratio`: both sides of one moment. `coverage`: reserves now over liabilities as last attested. */
export type ComparisonKind = 'ratio' | 'coverage';

/** How good a point's data is. Only `complete` can resolve an alert. */
export const QUALITIES = ['complete', 'incomplete', 'disagree', 'stale', 'not_final'] as const;
export type Quality = (typeof QUALITIES)[number];

/** The liability side of one comparison. */
export interface LiabilityView {
  /** Base units at the point's decimals. For on-chain supply with unread chains: only a lower bound. */
  readonly amount: Interval;
  readonly asOfMs: number;
  readonly ageMs: number;
  readonly source: string;
  readonly grade: LiabilityGrade;
  readonly binding: LiabilityBinding;
}

/** The block on which one chain's part of a point rests. */
export interface PointEvidence {
  readonly chain: ChainId;
  readonly height: bigint;
  readonly hash: string | null;
  readonly blockTimeMs: number;
  readonly finality: 'final' | 'not_final';
  readonly assurance: Assurance;
  readonly groups: readonly string[];
  /** Holds at least 5 % of the subject's reserves: a confirmation needs a newer block here. */
  readonly heavy: boolean;
}

/** One comparison of one asset of one entity at one moment: all figures at the point's decimals. */
export interface Point {
  readonly entity: EntityId;
  readonly asset: AssetCode;
  readonly decimals: number;
  /** The snapshot's moment, ms. */
  readonly atMs: number;
  readonly kind: ComparisonKind;
  readonly quality: Quality;
  /** Weakest assurance of the cells read; null where none was read. */
  readonly assurance: Assurance | null;
  readonly claimed: BaseUnits;
  readonly custody: BaseUnits | null;
  /** Null custody reasons are shown: unknown, or stale since. */
  readonly custodyAsOfMs: number | null;
  readonly observed: Interval;
  readonly proven: Interval;
  /** Part of hi: rows on chains without an adapter. Not a read failure. */
  readonly claimedUnread: BaseUnits;
  readonly evidence: readonly PointEvidence[];
  readonly cells: { readonly asked: number; readonly read: number; readonly failed: number };
  readonly liabilities: LiabilityView | null;
  readonly values: Readonly<Record<Basis, RatioInterval | null>>;
}
