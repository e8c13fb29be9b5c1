import type { BaseUnits } from './amount.ts';
import type { Address, AssetId, ChainId } from './ids.ts';
import type { ChainAsset } from './network.ts';

/** One block of one chain. */
export interface BlockRef {
  readonly chain: ChainId;
  readonly height: bigint;
  /** Null only where the protocol names states by height or slot alone. */
  readonly hash: string | null;
  readonly timeMs: number;
  readonly finality: 'final' | 'not_final';
}

/** One cell to read: an asset at an address. */
export interface BalanceQuery {
  readonly address: Address;
  readonly asset: ChainAsset;
}

/** The key of a cell in maps of readings: its CAIP-19 asset id, a space, its canonical address. */
export const cellKey = (asset: AssetId, address: Address): string => `${asset} ${address}`;

/** A balance that one provider stated. Only a complete, well-formed answer at the asked block becomes one. */
export interface BalanceReading {
  readonly amount: BaseUnits;
  /** Lowest and highest height that the answer may be of: equal where the protocol pins a read. */
  readonly heightFrom: bigint;
  readonly heightTo: bigint;
  /** The block hash it is pinned to, or null where the protocol cannot pin. */
  readonly hash: string | null;
}

/** Why a read gave no balance. The code is stable (metrics, JSON); the message is for people, secrets scrubbed. */
export const READ_FAILURES = [
  'timeout',
  'unreachable',
  'rate_limited',
  'http_error',
  'bad_content',
  'bad_response',
  'too_large',
  'wrong_chain',
  'lagging',
  'pin_ignored',
  'block_unknown',
  'state_gone',
  'no_code',
  'metadata_changed',
  'disagree',
  'no_provider',
  'not_final',
  'unsupported',
  'unconfirmed',
  'aborted',
] as const;
export type ReadFailureCode = (typeof READ_FAILURES)[number];

/** A read that failed: never a balance, never zero. */
export interface ReadFailure {
  readonly code: ReadFailureCode;
  readonly message: string;
  /** Name of the provider (or, for `disagree`, the groups joined by `,`). Never a URL. */
  readonly provider: string;
  readonly retryable: boolean;
}

/** A0 one provider unpinned, A1 one pinned by hash, A2 two or more groups equal at one hash, A3 A2 plus state proof. */
export const ASSURANCES = ['A0', 'A1', 'A2', 'A3'] as const;
export type Assurance = (typeof ASSURANCES)[number];

/** The weaker of two assurances. */
export const weaker = (a: Assurance, b: Assurance): Assurance => (a < b ? a : b);

/** What the quorum made of one cell. */
export type Outcome =
  | { readonly kind: 'read'; readonly amount: BaseUnits; readonly assurance: Assurance }
  | { readonly kind: 'unread'; readonly failure: ReadFailure };

/** One cell with its outcome. */
export interface Cell {
  readonly query: BalanceQuery;
  readonly outcome: Outcome;
}

/** How one chain was read in one snapshot. */
export interface SourceCoverage {
  readonly chain: ChainId;
  readonly block: BlockRef | null;
  readonly heightFrom: bigint | null;
  /** Seconds between the snapshot's moment and this chain's block, where the chain cannot be read at the moment. */
  readonly skewSeconds: number;
  readonly assurance: Assurance;
  /** Operator groups whose answers agree. */
  readonly groups: readonly string[];
  /** HTTP requests made for this chain, all providers, admission included. */
  readonly requests: number;
  readonly asked: number;
  readonly read: number;
  readonly failed: number;
}

/** A token's total supply in the same snapshot; a lower bound where chains of the ratio asset are unread. */
export interface SupplyReading {
  readonly asset: AssetId;
  readonly outcome: Outcome;
}

/** One look at all chains of one entity. Every query has exactly one cell, in the order asked. */
export interface Snapshot {
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  /** The moment T: the oldest of the chains' final times; null where no chain answered. */
  readonly momentMs: number | null;
  readonly sources: readonly SourceCoverage[];
  readonly cells: readonly Cell[];
  readonly supplies: readonly SupplyReading[];
  /** Faults of providers that did not cost a cell: a dissenter, a failed probe. */
  readonly providerFaults: readonly (ReadFailure & { readonly chain: ChainId; readonly group: string })[];
}
