import type { AssetCode, AssetId, ChainId, NetworkSlug } from './ids.ts';

/** When a block counts as final: the chain's own finality tag, or a number of confirmations on top of it. */
export type Finality = { readonly kind: 'finalized' } | { readonly kind: 'confirmations'; readonly blocks: number };

/** One network of a chain family, from config/networks.yaml: data only. */
export interface Network {
  readonly slug: NetworkSlug;
  readonly name: string;
  /** The folder under chains/ that speaks this network's protocol. */
  readonly family: string;
  readonly chainId: ChainId;
  /** Hash of block 0 as the chain's nodes print it, or null where a private chain has no fixed one. */
  readonly genesisHash: string | null;
  readonly native: ChainAsset;
  readonly finality: Finality;
  /** Family-specific constants (version bytes, message header …), checked by the family itself. */
  readonly params: Readonly<Record<string, unknown>>;
}

/** One asset on one chain: the native coin, or a token by its contract or mint. */
export interface ChainAsset {
  readonly id: AssetId;
  readonly chain: ChainId;
  readonly kind: 'native' | 'token';
  /** Contract or mint in the chain's canonical spelling; null for the native coin. */
  readonly reference: string | null;
  readonly symbol: string;
  readonly decimals: number;
  /** The ratio asset whose total it belongs to, one to one after scaling; null: in none. */
  readonly countsAs: AssetCode | null;
}
