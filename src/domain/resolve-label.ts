import type { ResolvedLabel } from './attestation.ts';
import { type AssetCode, type AssetId, type NetworkSlug, quote } from './ids.ts';
import type { CoinLabel, Entity, LabelBook, Registry } from './registry.ts';

/** How labels and network names are compared: trimmed, upper case, `-` as `_` (OKX writes both). */
export const labelKey = (text: string): string => text.trim().toUpperCase().replaceAll('-', '_');

/**
 * What a row's labels mean, by the publisher's own book. The chain, in this order: the one that the coin label itself
 * names (`USDT-ERC20`, `BSV`); else the network text; else, only where there is no network text, the label's home.
 * A network text that the book does not know leaves the chain unknown. The asset on that chain is the contract that
 * the book lists for it, else the chain's own coin where that counts as the label's asset
 * and the label is no receipt for it, else unknown. A label that is
 * nothing but the network text again (a list without an asset column) means the chain's own coin.
 * Pure lookup: nothing is guessed from a symbol, unknown stays null.
 */
export function resolveLabel(
  registry: Pick<Registry, 'networks'>,
  book: LabelBook,
  label: string,
  network: string | null,
): ResolvedLabel {
  const coin = book.coins.get(labelKey(label)) ?? null;
  const slug = coin?.network ?? (network === null ? coin?.home : book.networks.get(labelKey(network))) ?? null;
  const known = slug === null ? undefined : registry.networks.get(slug);
  if (!known) return { network: null, chain: null, assetId: null, asset: coin?.asset ?? null };
  const namesChain = coin === null && network !== null && labelKey(label) === labelKey(network);
  const asset = namesChain ? known.native.countsAs : (coin?.asset ?? null);
  const own = asset !== null && !coin?.receipt && known.native.countsAs === asset ? known.native.id : null;
  return { network: known.slug, chain: known.chainId, assetId: coin?.tokens?.get(known.slug) ?? own, asset };
}

/** The book of an entity's files: its publisher's, or the registry's own names where it has none. */
export function bookOf(registry: Registry, entity: Entity): LabelBook {
  if (entity.labels === null) return ownNamesBook(registry);
  const book = registry.labelBooks.get(entity.labels);
  if (!book)
    throw new Error(`entity ${quote(entity.id)} names label book ${quote(entity.labels)}, which is not loaded`);
  return book;
}

/**
 * The book for an entity's file in that layout: its publisher's alone for the publisher's own layouts; for lists in another
 * layout also the registry's own names, which never override the publisher's word. An entity without a book that publishes in
 * somebody's layout is read by the registry's own names, and where these are silent by that layout's book.
 */
export function bookOfLayout(registry: Registry, entity: Entity, format: string): LabelBook {
  const book = bookOf(registry, entity);
  if (entity.labels === null) {
    const layout = [...registry.labelBooks.values()].find(({ publisher }) => format.startsWith(`${publisher}-`));
    return layout === undefined ? book : over(book, layout);
  }
  return format.startsWith(`${entity.labels}-`) ? book : over(book, ownNamesBook(registry));
}

/** One book that another fills up where it is silent. */
const over = (book: LabelBook, other: LabelBook): LabelBook => ({
  publisher: book.publisher,
  coins: new Map([...other.coins, ...book.coins]),
  networks: new Map([...other.networks, ...book.networks]),
});

/** A book of the registry's own names: symbols as coin labels, slugs as networks. A symbol that counts as two ratio assets is left out. */
export function ownNamesBook(registry: Registry): LabelBook {
  const coins = new Map<string, { asset: AssetCode; tokens: Map<NetworkSlug, AssetId> } | null>();
  for (const asset of registry.assets.values()) {
    const slug = registry.networksById.get(asset.chain)?.slug;
    if (asset.countsAs === null || slug === undefined) continue;
    const key = labelKey(asset.symbol);
    const known = coins.get(key);
    if (known === undefined) coins.set(key, { asset: asset.countsAs, tokens: new Map([[slug, asset.id]]) });
    else if (known?.asset === asset.countsAs) known.tokens.set(slug, asset.id);
    else coins.set(key, null);
  }
  const labels = [...coins].flatMap(([key, coin]): [string, CoinLabel][] =>
    coin === null ? [] : [[key, { label: key, asset: coin.asset, network: null, home: null, tokens: coin.tokens }]],
  );
  return { publisher: 'registry', coins: new Map(labels), networks: networkNames(registry) };
}

const networkNames = (registry: Registry): Map<string, NetworkSlug> =>
  new Map([...registry.networks.keys()].map((slug) => [labelKey(slug), slug]));

/**
 * One book for rows whose publisher is not known, made of all books. Precedence: where books agree, that; where one
 * names a chain (or a contract) and the others are silent, the more specific one; where they contradict each other
 * (two assets, two chains), the label or network name is left out, so that it stays unknown. The registry's own
 * slugs come last and never override a publisher's word.
 */
export function combinedBook(registry: Registry): LabelBook {
  const coins = new Map<string, CoinLabel | null>();
  const networks = new Map<string, NetworkSlug | null>();
  for (const book of registry.labelBooks.values()) {
    for (const [key, coin] of book.coins) {
      const known = coins.get(key);
      coins.set(key, known === undefined ? coin : known && mergeLabels(known, coin));
    }
    for (const [key, slug] of book.networks) {
      const known = networks.get(key);
      networks.set(key, known === undefined || known === slug ? slug : null);
    }
  }
  for (const [key, slug] of networkNames(registry)) if (!networks.has(key)) networks.set(key, slug);
  return { publisher: 'any', coins: withoutNull(coins), networks: withoutNull(networks) };
}

function mergeLabels(a: CoinLabel, b: CoinLabel): CoinLabel | null {
  if (a.asset !== b.asset) return null;
  if (a.network !== null && b.network !== null && a.network !== b.network) return null;
  const tokens = new Map([...(a.tokens ?? []), ...(b.tokens ?? [])]);
  for (const [slug, id] of a.tokens ?? []) if (tokens.get(slug) !== id) tokens.delete(slug);
  const home = a.home === null || b.home === null || a.home === b.home ? (a.home ?? b.home) : null;
  const receipt = a.receipt === true || b.receipt === true;
  return { label: a.label, asset: a.asset, network: a.network ?? b.network, home, receipt, tokens };
}

const withoutNull = <V>(map: ReadonlyMap<string, V | null>): Map<string, V> =>
  new Map([...map].flatMap(([key, value]): [string, V][] => (value === null ? [] : [[key, value]])));
