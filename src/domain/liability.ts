import type { Decimal } from './amount.ts';
import type { AssetCode, EntityId, Sha256 } from './ids.ts';

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
}
