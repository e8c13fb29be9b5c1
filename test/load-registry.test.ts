import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { AssetId } from '../src/domain/ids.ts';
import type { Registry } from '../src/domain/registry.ts';
import { bookOf, combinedBook, labelKey, ownNamesBook, resolveLabel } from '../src/domain/resolve-label.ts';
import { formatFault } from '../src/lib/yaml.ts';
import { loadRegistry } from '../src/load-registry.ts';

function shipped(): Registry {
  const loaded = loadRegistry();
  if (!loaded.ok) throw new Error(loaded.error.map(formatFault).join('\n'));
  return loaded.value;
}

const registry = shipped();
const okx = registry.labelBooks.get('okx')!;
const htx = registry.labelBooks.get('htx')!;
const slug = (book: typeof okx, label: string, network: string | null) =>
  resolveLabel(registry, book, label, network).network;

describe('the shipped registry', () => {
  it('loads without a fault and every chain id is unique', () => {
    expect(registry.networks.size).toBe(registry.networksById.size);
    expect(registry.networks.size).toBeGreaterThan(100);
    expect([...registry.entities.keys()]).toEqual(expect.arrayContaining(['htx', 'okx']));
  });

  it('keeps decimals by contract: BNB-chain USDT and USDC have 18, the ratio asset has the largest', () => {
    const bsc = registry.assets.get('eip155:56/erc20:0x55d398326f99059ff775485246999027b3197955' as AssetId);
    const ethereum = registry.assets.get('eip155:1/erc20:0xdac17f958d2ee523a2206206994597c13d831ec7' as AssetId);
    expect([bsc?.decimals, ethereum?.decimals]).toEqual([18, 6]);
    expect(registry.assetDecimals.get(bsc!.countsAs!)).toBe(18);
  });

  it('names native coins by SLIP-44 and undoes the escapes of CAIP-19 references', () => {
    expect(registry.networksById.get('eip155:42161' as never)?.native.id).toBe('eip155:42161/slip44:60');
    const ton = [...registry.assets.values()].find((asset) => asset.chain === 'tvm:-239' && asset.kind === 'token');
    expect(ton?.reference).toBe('EQCxE6mUtQJKFnGfaROTKOt1lZbDiiX1kCixRv7Nw2Id_sDs');
  });

  it('states a genesis hash only where it is the id of a bip122 chain or a full hash', () => {
    for (const network of registry.networks.values()) {
      if (network.genesisHash === null) continue;
      expect(network.genesisHash, network.slug).toMatch(/^(0x)?[0-9a-f]{64}$|^[1-9A-HJ-NP-Za-km-z]{43,44}$/);
    }
    expect(registry.networks.get('litecoin' as never)?.genesisHash?.slice(0, 32)).toBe(
      registry.networks.get('litecoin' as never)?.chainId.slice('bip122:'.length),
    );
  });
});

describe('resolveLabel', () => {
  it.each([
    ['BABYDOGE-BSC', 'ETH', 'bsc'],
    ['BSV', 'BTC', 'bitcoin-sv'],
    ['BCHN', 'BCH', 'bitcoin-cash'],
    ['BCHA', 'BCH', 'ecash'],
    ['ETC', 'OKC', 'okc'],
    ['ETC', null, 'ethereum-classic'],
    ['FIL-EVM', 'FIL', 'filecoin-evm'],
    ['ETH-LINEA', 'ETH', 'linea'],
    ['ETH_LINEA', 'ETH', 'linea'],
    ['ETH', 'STARKNET', 'starknet'],
    ['USDT', 'ETH', 'ethereum'],
    ['USDT', null, null],
    ['TONCOIN-NEW', 'TON', 'ton'],
    ['RIPPLE', 'XRP', 'xrpl'],
    ['APTOS', null, 'aptos'],
    ['ETH', 'a network nobody knows', null],
    ['toString', 'constructor', null],
  ])('okx: %s on %s is %s', (label, network, expected) => expect(slug(okx, label, network)).toBe(expected));

  it.each([
    ['HT-ETH', 'ethereum'],
    ['BEP20-USDC', 'bsc'],
    ['ETH-Arbitrum', 'arbitrum'],
    ['USDT-BTTC', 'bttc'],
    ['USDT-XPL', 'plasma'],
    ['USDT-SOL', 'solana'],
    ['USDC-SOL', 'solana'],
    ['USDT-Avalanche C-Chain', 'avalanche'],
  ])('htx: %s is on %s', (label, expected) => expect(slug(htx, label, null)).toBe(expected));

  it('tells bridged from native USDC by the label, and leaves an unlisted contract unknown', () => {
    const ids = ['USDC-ARBITRUM', 'USDC-ARBITRUM-NATIVE'].map(
      (label) => resolveLabel(registry, okx, label, null).assetId,
    );
    expect(new Set(ids).size).toBe(2);
    expect(resolveLabel(registry, okx, 'USDC', 'ARBITRUM')).toMatchObject({ assetId: null, asset: 'USDC' });
  });

  it('finds own names where a publisher has no book', () => {
    const book = ownNamesBook(registry);
    expect(resolveLabel(registry, book, 'USDT', 'ethereum').assetId).toContain('0xdac17f');
    expect(resolveLabel(registry, book, 'eth', 'Ethereum').assetId).toBe('eip155:1/slip44:60');
    expect(bookOf(registry, registry.entities.get('okx' as never)!)).toBe(okx);
  });

  it('the combined book never decides between contradicting publishers', () => {
    const any = combinedBook(registry);
    expect(slug(any, 'BETH', null)).toBeNull();
    expect(slug(any, 'BETH', 'BETH')).toBe('ethereum-beacon');
    expect(slug(any, 'HT-ETH', 'ETH')).toBe('ethereum');
    expect(slug(any, 'SOL', null)).toBe('solana');
  });
});

const vectorsFile = '../shared/vectors/ownership.json';
const labelsFile = '../shared/reference/okx-labels.json';
const historyFile = '../shared/real-data/htx-por-history/rows.csv';
const present = existsSync(vectorsFile) && existsSync(labelsFile) && existsSync(historyFile);

/** The family that a vector's scheme implies; null where the scheme is shared by several. */
const familyOf: Readonly<Record<string, readonly string[]>> = {
  'algo-raw': ['algorand'],
  bip137: ['bitcoin'],
  'bip322-full': ['bitcoin'],
  'bip322-pof': ['bitcoin'],
  'bip322-simple': ['bitcoin'],
  'cosmos-adr36': ['cosmos'],
  eip191: ['evm'],
  'htx-evm': ['evm'],
  'htx-tron': ['tron'],
  'okx-bls': ['beacon'],
  'okx-eos': ['eos'],
  'okx-evm': ['evm'],
  'okx-evm-owner': ['evm'],
  'okx-stark': ['starknet'],
  'okx-tron': ['tron'],
  'okx-utxo-multisig': ['bitcoin'],
  'okx-utxo-p2pkh': ['bitcoin'],
  'okx-utxo-recover': ['bitcoin'],
  'sol-raw': ['solana'],
  'stellar-sep53': ['stellar'],
  'substrate-ed25519': ['substrate'],
  'sui-personal': ['sui'],
};

describe.skipIf(!present)('shared data (skipped: ../shared is not here)', () => {
  it('every vector pair resolves to a chain of the family that its scheme implies', () => {
    const any = combinedBook(registry);
    const vectors = JSON.parse(readFileSync(vectorsFile, 'utf8')) as {
      scheme: string;
      asset: string;
      network: string;
    }[];
    const wrong = new Set<string>();
    for (const { scheme, asset, network } of vectors) {
      const resolved = resolveLabel(registry, any, asset, network);
      const family = resolved.network === null ? null : registry.networks.get(resolved.network)?.family;
      const allowed = familyOf[scheme];
      if (!family || (allowed && !allowed.includes(family)))
        wrong.add(`${scheme} ${asset}/${network} -> ${resolved.network}`);
    }
    expect([...wrong]).toEqual([]);
  });

  it('every OKX label and newer network name resolves, or is one of those that the book says it leaves out', () => {
    const table = JSON.parse(readFileSync(labelsFile, 'utf8')) as {
      labels: { label: string }[];
      newer_network_keyed: Record<string, string>;
    };
    const leftOut = /Left out[^:]*:([^.]*)\./.exec(readFileSync('config/labels/okx.yaml', 'utf8'))![1]!;
    const listed = new Set(
      leftOut
        .replaceAll('#', '')
        .split(',')
        .map((name) => name.trim()),
    );
    const labels = table.labels.map(({ label }) => label).filter((label) => !okx.coins.has(labelKey(label)));
    const networks = Object.keys(table.newer_network_keyed).filter((name) => !okx.networks.has(labelKey(name)));
    console.log(`okx: ${labels.length} of ${table.labels.length} labels and ${networks.length} networks unknown`);
    expect(new Set([...labels, ...networks])).toEqual(listed);
  });

  it('every label of the HTX history resolves to a chain', () => {
    const labels = new Set(
      readFileSync(historyFile, 'utf8')
        .split('\n')
        .slice(1)
        .flatMap((line) => line.split(',')[1] ?? []),
    );
    expect([...labels].filter((label) => slug(htx, label, null) === null)).toEqual([]);
  });
});
