import type { AssetCode, AssetId, ChainId, EntityId, NetworkSlug } from './ids.ts';
import type { ChainAsset, Network } from './network.ts';

/** An exchange, custodian or issuer as the registry knows it. */
export interface Entity {
  readonly id: EntityId;
  readonly name: string;
  /** Names, past and present, one of which a signed message must contain to be the entity's own. */
  readonly aliases: readonly string[];
  /** The label book of its published files; null where it uses the registry's own names. */
  readonly labels: string | null;
  /** Entities of the same house (a custodian of its own, a renamed business): their lists never dispute each other. */
  readonly affiliates?: readonly EntityId[];
}

/** A publisher's coin label: its ratio asset, and its chain where the label itself names one. */
export interface CoinLabel {
  readonly label: string;
  readonly asset: AssetCode;
  /** The chain that the label itself names (`USDT-ERC20`): wins over the network column. */
  readonly network: NetworkSlug | null;
  /** The chain it means where the row has no network text; a network text that is not known is never replaced by it. */
  readonly home: NetworkSlug | null;
  /** A token that stands for the asset (staked, lent): never the chain's own coin, even where no contract is listed. */
  readonly receipt?: boolean;
  /** The exact contract it means on each chain; a chain's own coin that counts as the asset needs no entry. */
  readonly tokens?: ReadonlyMap<NetworkSlug, AssetId>;
}

/** What a publisher's labels mean: data, from config/labels/<publisher>.yaml. Keys are as `labelKey` makes them. */
export interface LabelBook {
  readonly publisher: string;
  readonly coins: ReadonlyMap<string, CoinLabel>;
  readonly networks: ReadonlyMap<string, NetworkSlug>;
}

/** The shipped registry, extended by the user's config. */
export interface Registry {
  readonly networks: ReadonlyMap<NetworkSlug, Network>;
  readonly networksById: ReadonlyMap<ChainId, Network>;
  readonly assets: ReadonlyMap<AssetId, ChainAsset>;
  readonly entities: ReadonlyMap<EntityId, Entity>;
  readonly labelBooks: ReadonlyMap<string, LabelBook>;
  /** Decimals of a ratio asset: the largest of the chain assets that count as it. */
  readonly assetDecimals: ReadonlyMap<AssetCode, number>;
}
