import { type BaseUnits, ZERO } from './amount.ts';
import type { AssetCode, ChainId, EntityId, Sha256 } from './ids.ts';
import { addIntervals, exactly, type Interval } from './interval.ts';
import type { LiabilityBinding, LiabilityGrade } from './liability.ts';
import { decideLevel, type LevelBounds, type LevelDecision, type RatioInterval, ratioInterval } from './ratio.ts';
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
  /** True where `amount.lo` is only a lower bound and nothing bounds the liabilities from above: [lo, +∞). */
  readonly openEnded?: boolean;
  readonly asOfMs: number;
  readonly ageMs: number;
  readonly source: string;
  readonly grade: LiabilityGrade;
  readonly binding: LiabilityBinding;
  /** Statements of the same moment with another amount, largest first; absent where none contradicts the one in force. */
  readonly conflicts?: readonly StatedOtherwise[];
}

/** What another source states of the same liabilities at the same moment. */
export interface StatedOtherwise {
  readonly amount: BaseUnits;
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

/** What other publishers claim of a point's reserves too: it may be the entity's, so it counts in upper ends alone. */
export interface Disputed {
  /** The most that the disputed cells hold: part of `observed.hi`, never of `observed.lo`. */
  readonly amount: BaseUnits;
  /** Of it, what would be proven without the dispute: no part of `proven`, but how far a comparison on that basis reaches up. */
  readonly proven: BaseUnits;
  /** Each other publisher's part, by its id; a cell that two of them claim is in both. */
  readonly with: readonly { readonly entity: EntityId; readonly cells: number; readonly amount: BaseUnits }[];
}

/** The list whose addresses a point rests on. */
export interface PointList {
  readonly report: Sha256;
  readonly setVersion: number;
  /** A newer list that waits for the operator; absent where none does. */
  readonly waiting?: Sha256;
  /** The list that was in use before, while no complete point was compared with it; absent once one was. */
  readonly former?: Sha256;
}

/**
 * What a newly used list says of the drop at the addresses of the list before it, found at the first complete point on it and
 * kept while that list is in use: `accountMoves`, from the former list's first poll to that point. At the point's decimals.
 */
export interface Explained {
  readonly by: Sha256;
  readonly former: Sha256;
  /** Start of the look that found it, ms. */
  readonly atMs: number;
  readonly lost: BaseUnits;
  readonly raised: BaseUnits;
  readonly gained: BaseUnits;
  readonly explained: BaseUnits;
  readonly unexplained: BaseUnits;
  /** Cells of the former list that were not read while it was in use: they are in no sum. */
  readonly unknown: number;
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
  /** True where a row that states no amount was never read: nothing bounds the reserves from above, and no ratio is given. */
  readonly unbounded?: true;
  /** Absent where nothing is disputed. */
  readonly disputed?: Disputed;
  /** Part of hi: rows on chains without an adapter. Not a read failure. */
  readonly claimedUnread: BaseUnits;
  readonly evidence: readonly PointEvidence[];
  /** Heavy chains without a final block in this snapshot: while there is one, the point confirms nothing. */
  readonly heavyMissing?: readonly ChainId[];
  readonly cells: { readonly asked: number; readonly read: number; readonly failed: number };
  readonly liabilities: LiabilityView | null;
  /** Absent where no list is in use, and in points of before lists were named. */
  readonly list?: PointList;
  /** Absent where the former list's addresses lost nothing. */
  readonly explained?: Explained;
  readonly values: Readonly<Record<Basis, RatioInterval | null>>;
}

/**
 * The reserves of a point on a basis; null where custody is unknown or stale, nothing is listed to be read, or nothing bounds them.
 * Of what is disputed each basis has [without, with]: a dispute alone never shows a breach, and never a clearing.
 */
export function reservesOn(
  point: Pick<Point, 'observed' | 'proven' | 'unbounded' | 'disputed' | 'custody' | 'claimedUnread' | 'cells'>,
  basis: Basis,
): Interval | null {
  if (point.unbounded || (point.cells.asked === 0 && point.claimedUnread === ZERO)) return null;
  if (basis === 'proven')
    return point.disputed ? addIntervals(point.proven, { lo: ZERO, hi: point.disputed.proven }) : point.proven;
  if (basis === 'observed') return point.observed;
  return point.custody === null ? null : addIntervals(point.observed, exactly(point.custody));
}

/** Reserves over liabilities at both ends; an open-ended liability makes the lower end 0. Null without either side, or while L ≤ 0. */
export function compare(reserves: Interval | null, liabilities: LiabilityView | null): RatioInterval | null {
  const value = reserves && liabilities ? ratioInterval(reserves, liabilities.amount) : null;
  return value && liabilities?.openEnded ? { lo: { num: 0n, den: 1n }, hi: value.hi } : value;
}

/**
 * What a point says of a level on a basis: `decideLevel`, where an open-ended liability may show a breach and nothing else.
 * A point of which nothing was read, or that is stale, decides nothing: its figures are claims, or of the past.
 */
export function decidePoint(
  point: Parameters<typeof reservesOn>[0] & Pick<Point, 'quality' | 'assurance' | 'liabilities'>,
  basis: Basis,
  bounds: LevelBounds,
): LevelDecision {
  if (point.assurance === null || point.quality === 'stale') return 'unknown';
  const reserves = reservesOn(point, basis);
  if (!reserves || !point.liabilities) return 'unknown';
  const decision = decideLevel(reserves, point.liabilities.amount, bounds);
  return point.liabilities.openEnded && decision !== 'breach' ? 'unknown' : decision;
}
