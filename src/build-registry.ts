import { type AssetCode, type AssetId, chainOfAsset, type NetworkSlug, quote } from './domain/ids.ts';
import type { ChainAsset, Network } from './domain/network.ts';
import type { CoinLabel, Entity, LabelBook, Registry } from './domain/registry.ts';
import { labelKey } from './domain/resolve-label.ts';
import { err, ok, type Result } from './domain/result.ts';
import { didYouMean } from './lib/nearest.ts';
import type { Fault, YamlFile, YamlPath } from './lib/yaml.ts';
import type { AssetEntry, EntityEntry, LabelsEntry, NetworkEntry } from './registry-schema.ts';

/** A checked entry with the place where it is written. */
export interface Sourced<T> {
  readonly value: T;
  readonly yaml: YamlFile;
  readonly path: YamlPath;
}

/** All entries of all files, later ones overriding earlier ones of the same slug, id, publisher or entity. */
export interface RegistrySource {
  readonly networks: Map<string, Sourced<NetworkEntry>>;
  readonly assets: Map<AssetId, Sourced<AssetEntry>>;
  readonly labels: Map<string, Sourced<LabelsEntry>[]>;
  readonly entities: Map<string, Sourced<EntityEntry>>;
}

/** Joins checked entries into a registry, or says every contradiction between them with its place. */
export function buildRegistry(source: RegistrySource): Result<Registry, readonly Fault[]> {
  const faults: Fault[] = [];
  const networks = new Map<NetworkSlug, Network>();
  const networksById = new Map<Network['chainId'], Network>();
  const assets = new Map<AssetId, ChainAsset>();
  for (const [slug, { value, yaml, path }] of source.networks) {
    const network = toNetwork(slug as NetworkSlug, value);
    const twin = networksById.get(network.chainId);
    if (twin)
      faults.push(yaml.faultAt([...path, 'caip2'], `${slug}: chain ${network.chainId} is already ${twin.slug}`));
    networks.set(network.slug, network);
    networksById.set(network.chainId, network);
    assets.set(network.native.id, network.native);
  }
  const bySymbol = new Map<string, ChainAsset>();
  for (const asset of assets.values()) bySymbol.set(symbolKey(networksById, asset), asset);
  for (const [id, { value, yaml, path }] of source.assets) {
    if (!networksById.has(chainOfAsset(id))) {
      faults.push(yaml.faultAt([...path, 'id'], `asset ${quote(id)}: no network has the id ${chainOfAsset(id)}`));
      continue;
    }
    const asset = toToken(id, value);
    const key = symbolKey(networksById, asset);
    const twin = bySymbol.get(key);
    if (twin && twin.id !== id)
      faults.push(yaml.faultAt([...path, 'symbol'], `${key} is already ${twin.id}: choose another symbol`));
    bySymbol.set(key, asset);
    assets.set(id, asset);
  }
  const labelBooks = new Map<string, LabelBook>();
  for (const [publisher, parts] of source.labels) {
    labelBooks.set(publisher, toBook(publisher, parts, networks, bySymbol, faults));
  }
  const entities = new Map<Entity['id'], Entity>();
  for (const { value, yaml, path } of source.entities.values()) {
    if (value.labels !== null && !labelBooks.has(value.labels)) {
      const hint = didYouMean(value.labels, labelBooks.keys());
      faults.push(yaml.faultAt([...path, 'labels'], `no label book ${quote(value.labels)}${hint}`));
    }
    const { id, name, aliases, labels, affiliates } = value;
    entities.set(id, { id, name, aliases, labels, ...(affiliates.length > 0 ? { affiliates } : {}) });
  }
  if (faults.length > 0) return err(faults);
  return ok({ networks, networksById, assets, entities, labelBooks, assetDecimals: largestDecimals(assets) });
}

const symbolKey = (networks: Registry['networksById'], asset: ChainAsset): string =>
  `${networks.get(asset.chain)?.slug ?? asset.chain}/${asset.symbol}`;

function toNetwork(slug: NetworkSlug, entry: NetworkEntry): Network {
  const { symbol, decimals, slip44, countsAs } = entry.native;
  const reference = slip44 === undefined ? `native:${symbol}` : `slip44:${slip44}`;
  const id = `${entry.caip2}/${reference}` as AssetId;
  return {
    slug,
    name: entry.name,
    family: entry.family,
    chainId: entry.caip2,
    genesisHash: typeof entry.genesis === 'string' ? entry.genesis : null,
    native: { id, chain: entry.caip2, kind: 'native', reference: null, symbol, decimals, countsAs },
    finality: entry.finality,
    params: entry.params,
  };
}

function toToken(id: AssetId, { symbol, decimals, countsAs }: AssetEntry): ChainAsset {
  const reference = id
    .slice(id.lastIndexOf(':') + 1)
    .replace(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return { id, chain: chainOfAsset(id), kind: 'token', reference, symbol, decimals, countsAs };
}

function toBook(
  publisher: string,
  parts: readonly Sourced<LabelsEntry>[],
  known: ReadonlyMap<NetworkSlug, Network>,
  bySymbol: ReadonlyMap<string, ChainAsset>,
  faults: Fault[],
): LabelBook {
  const coins = new Map<string, CoinLabel>();
  const networks = new Map<string, NetworkSlug>();
  for (const { value, yaml, path } of parts) {
    const seen = new Set<string>();
    const check = (slug: NetworkSlug | undefined, at: YamlPath): NetworkSlug | null => {
      if (slug !== undefined && !known.has(slug))
        faults.push(yaml.faultAt([...path, ...at], `unknown network ${quote(slug)}${didYouMean(slug, known.keys())}`));
      return slug ?? null;
    };
    for (const [label, coin] of Object.entries(value.coins)) {
      const at = ['coins', label];
      const key = labelKey(label);
      if (seen.has(key)) faults.push(yaml.faultAt([...path, ...at], `label ${quote(label)} is there twice`, true));
      seen.add(key);
      const tokens = new Map<NetworkSlug, AssetId>();
      for (const [index, name] of coin.tokens.entries()) {
        const asset = bySymbol.get(name);
        const problem = tokenProblem(name, asset, coin.asset, bySymbol);
        if (problem) faults.push(yaml.faultAt([...path, ...at, 'tokens', index], problem));
        else if (asset) tokens.set(name.slice(0, name.indexOf('/')) as NetworkSlug, asset.id);
      }
      const [network, home] = [check(coin.network, [...at, 'network']), check(coin.home, [...at, 'home'])];
      coins.set(key, { label, asset: coin.asset, network, home, receipt: coin.receipt, tokens });
    }
    for (const [name, slug] of Object.entries(value.networks)) {
      check(slug, ['networks', name]);
      networks.set(labelKey(name), slug);
    }
  }
  return { publisher, coins, networks };
}

function tokenProblem(
  name: string,
  asset: ChainAsset | undefined,
  label: AssetCode,
  bySymbol: ReadonlyMap<string, ChainAsset>,
): string | null {
  if (!asset) return `no asset ${quote(name)} (network/symbol of assets.yaml)${didYouMean(name, bySymbol.keys())}`;
  return asset.countsAs === label ? null : `${name} counts as ${asset.countsAs ?? 'nothing'}, the label as ${label}`;
}

function largestDecimals(assets: ReadonlyMap<AssetId, ChainAsset>): ReadonlyMap<AssetCode, number> {
  const largest = new Map<AssetCode, number>();
  for (const { countsAs, decimals } of assets.values()) {
    if (countsAs !== null) largest.set(countsAs, Math.max(decimals, largest.get(countsAs) ?? 0));
  }
  return largest;
}
