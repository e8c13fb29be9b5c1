import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AssetCode, AssetId, NetworkSlug } from './domain/ids.ts';
import type { ChainAsset, Network } from './domain/network.ts';
import type { CoinLabel, Entity, LabelBook, Registry } from './domain/registry.ts';
import type { Result } from './domain/result.ts';
import { readCopy, writeCopy } from './lib/keyed-copy.ts';
import type { Fault } from './lib/yaml.ts';
import { shippedFolder } from './shipped-folder.ts';

/** What makes the registry of the files: where one of these changes, a copy made before is of no use. */
const MAKERS = [
  'cached-registry.js',
  'load-registry.js',
  'build-registry.js',
  'registry-schema.js',
  'lib/yaml.js',
  'lib/check-yaml.js',
  'domain/ids.js',
  'domain/resolve-label.js',
];

/** Where a compiled program keeps the copy: beside itself. */
const CACHE = new URL('../registry-cache.json', import.meta.url);

/**
 * The shipped registry. A compiled program keeps a copy of it as JSON beside itself, under a hash of the files that it was made of and
 * of the code that made it: reading 70 KB of YAML with every check takes a third of a second, as much as verifying 5,000 rows.
 */
export async function loadShippedRegistry(): Promise<Result<Registry, readonly Fault[]>> {
  const key = import.meta.url.endsWith('.js') ? keyOf(shippedFolder()) : null;
  const kept = key === null ? null : (readCopy(CACHE, key) as PlainRegistry | null);
  if (kept !== null) return { ok: true, value: fromPlain(kept) };
  const { loadRegistry } = await import('./load-registry.ts');
  const loaded = loadRegistry();
  if (loaded.ok && key !== null) writeCopy(CACHE, key, toPlain(loaded.value));
  return loaded;
}

function keyOf(folder: string): string {
  const own = fileURLToPath(new URL('.', import.meta.url));
  const yaml = ['', 'labels', 'entities'].flatMap((name) =>
    existsSync(join(folder, name))
      ? readdirSync(join(folder, name))
          .filter((file) => file.endsWith('.yaml'))
          .sort()
          .map((file) => join(folder, name, file))
      : [],
  );
  const hash = createHash('sha256');
  for (const path of [...yaml, ...MAKERS.map((name) => join(own, name))]) {
    const bytes = readFileSync(path);
    hash.update(`${path.slice(path.lastIndexOf('/') + 1)} ${bytes.length}\n`).update(bytes);
  }
  return hash.digest('hex');
}

/** A registry without maps, and with nothing twice: what JSON can hold. */
export interface PlainRegistry {
  readonly networks: readonly Network[];
  readonly tokens: readonly ChainAsset[];
  readonly entities: readonly Entity[];
  readonly books: readonly {
    readonly publisher: string;
    readonly coins: readonly (readonly [string, PlainCoin])[];
    readonly networks: readonly (readonly [string, NetworkSlug])[];
  }[];
  readonly assetDecimals: readonly (readonly [AssetCode, number])[];
}

type PlainCoin = Omit<CoinLabel, 'tokens'> & { readonly tokens?: readonly (readonly [NetworkSlug, AssetId])[] };

/** The registry without its maps. */
export function toPlain({ networks, assets, entities, labelBooks, assetDecimals }: Registry): PlainRegistry {
  return {
    networks: [...networks.values()],
    tokens: [...assets.values()].filter(({ kind }) => kind === 'token'),
    entities: [...entities.values()],
    books: [...labelBooks.values()].map((book) => ({
      publisher: book.publisher,
      coins: [...book.coins].map(([label, { tokens, ...coin }]) => [
        label,
        tokens === undefined ? coin : { ...coin, tokens: [...tokens] },
      ]),
      networks: [...book.networks],
    })),
    assetDecimals: [...assetDecimals],
  };
}

/** The registry that a plain one was made of. */
export function fromPlain({ networks, tokens, entities, books, assetDecimals }: PlainRegistry): Registry {
  const assets = [...networks.map(({ native }) => native), ...tokens];
  return {
    networks: new Map(networks.map((network) => [network.slug, network])),
    networksById: new Map(networks.map((network) => [network.chainId, network])),
    assets: new Map(assets.map((asset) => [asset.id, asset])),
    entities: new Map(entities.map((entity) => [entity.id, entity])),
    labelBooks: new Map(books.map((book) => [book.publisher, toBook(book)])),
    assetDecimals: new Map(assetDecimals),
  };
}

const toBook = ({ publisher, coins, networks }: PlainRegistry['books'][number]): LabelBook => ({
  publisher,
  coins: new Map(
    coins.map(([label, { tokens, ...coin }]): [string, CoinLabel] => [
      label,
      tokens === undefined ? coin : { ...coin, tokens: new Map(tokens) },
    ]),
  ),
  networks: new Map(networks),
});
