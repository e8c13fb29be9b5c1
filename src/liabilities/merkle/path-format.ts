import type { Decimal } from '../../domain/amount.ts';
import type { Json } from '../../lib/json.ts';
import type { CheckName } from '../check-names.ts';
import type { LiabilityCheck, LiabilityKind } from '../types.ts';
import type { Amounts } from './amounts.ts';
import type { Texts } from './read-json.ts';

/** The most bytes of a customer's file; the largest genuine one (50 assets, 30 levels) has some 100 KB. */
export const MAX_PATH_BYTES = 1 << 20;
/** The most levels of a path: a tree with 2^64 leaves. */
export const MAX_LEVELS = 64;

/** A node as the file prints it. */
export interface PrintedNode {
  readonly hash: string;
  readonly texts: Texts;
}

/** A node with its amounts read: what a format's hash is made of. */
export interface PathNode {
  readonly hash: string;
  readonly amounts: Amounts;
}

/** One step up: the neighbour on its side, and the height that the format writes into the parent's hash. */
export interface PathStep {
  readonly side: 'left' | 'right';
  readonly sibling: PrintedNode | 'none';
  readonly parentHeight: number;
}

/** A path as a format reads it out of its file, not yet checked. */
export interface PathProof {
  /** The publisher's name of the round, where the file tells: files of one round must lead to one root. */
  readonly round: string | null;
  /** What names the customer: never shown, not even as part of a file's name. */
  readonly ids: readonly string[];
  readonly self: PrintedNode;
  /** What the leaf's hash is made of, or why that check cannot be made. */
  readonly leaf: { readonly preimage: string } | { readonly skipped: string };
  readonly steps: readonly PathStep[];
  readonly root: PrintedNode;
  /** What the format says of sides, heights and the like: one check each. */
  readonly claims: readonly { readonly name: CheckName; readonly holds: boolean; readonly detail: string }[];
  readonly caveats: readonly string[];
}

/** How one publisher writes its sum tree: the whole difference between the formats. */
export interface PathFormat {
  readonly kind: LiabilityKind;
  /** Hex digits of a hash: 64, or fewer where the publisher cuts SHA-256. */
  readonly hashDigits: number;
  /** Whether subtotals may be below zero: genuine files of one publisher have them. */
  readonly negativeSubtotals: boolean;
  /** Decimals that a sum of that asset is cut to; null where it is exact. */
  scale(asset: string): number | null;
  read(json: Json): PathProof | string;
  /** What the parent's hash is made of. `left` or `right` is null where the format knows no neighbour. */
  parentPreimage(left: PathNode | null, right: PathNode | null, sums: Amounts, height: number): string;
  /** The sums of a parent where they are more than the sums of both; else left out. */
  parentSums?(left: PathNode | null, right: PathNode | null, sums: Amounts): Amounts;
  /** How an amount is read where more of it counts than its value; else left out. */
  readAmount?(text: string): Decimal | null;
  /** How the root's amounts must be printed; left out where only the number counts. */
  print?(amount: Decimal, asset: string): string;
  readonly caveats: readonly string[];
}

/** A root that stands in a file of its own: what the publisher printed for everybody. */
export interface PublishedRoot {
  readonly file: string;
  readonly hash: string;
}

/** A checked path: its entry, and what other files of the call are compared with. */
export interface PathOutcome {
  readonly check: LiabilityCheck;
  readonly round: string | null;
  readonly ids: readonly string[];
}
