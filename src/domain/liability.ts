import type { Decimal } from './amount.ts';
import type { AssetCode, EntityId, Sha256 } from './ids.ts';
import type { TimePrecision } from './time.ts';

/** What ties a liability figure to evidence, strongest first (docs/liabilities.md). */
export const LIABILITY_GRADES = [
  'zk-global',
  'sum-tree',
  'inclusion-only',
  'auditor',
  'supply',
  'stated',
  'percentage',
] as const;
export type LiabilityGrade = (typeof LIABILITY_GRADES)[number];

/** Whether the total itself is bound by the proof, or only stated next to it. */
export type LiabilityBinding = 'per-asset-total' | 'combined-total' | 'none';

/** How a printed percentage came to its decimals; `unknown` where the publisher does not say. */
export const ROUNDINGS = ['unknown', 'nearest', 'down'] as const;
export type Rounding = (typeof ROUNDINGS)[number];

/** A percentage of reserves as the publisher prints it, e.g. `102 %`: shown, and never a side of a comparison. */
export interface PublishedPercent {
  readonly text: string;
  readonly rounding: Rounding;
}

/** A dated statement of what an entity owes in one asset, or holds elsewhere (custody). Corrections are new rows. */
export interface Statement {
  readonly kind: 'liability' | 'custody';
  readonly entity: EntityId;
  readonly asset: AssetCode;
  /** Coin units, exact. Null where only a percentage is published. */
  readonly amount: Decimal | null;
  readonly asOfMs: number;
  /** Where a person can look it up: a URL, a document name. */
  readonly source: string;
  readonly documentSha256: Sha256 | null;
  readonly grade: LiabilityGrade;
  readonly binding: LiabilityBinding;
  readonly recordedAtMs: number;
  /** The percentage where one is published instead of an amount. */
  readonly published?: PublishedPercent;
  /** The as-of as it was written, with its offset, and how finely the publisher states it. */
  readonly asOfText?: string;
  readonly asOfPrecision?: TimePrecision;
  /** What the publisher says is covered, and who attested it; left out where nothing is said. */
  readonly scope?: string;
  readonly auditor?: string;
}
