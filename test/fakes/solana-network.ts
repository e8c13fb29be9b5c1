import type { AssetId, ChainId, NetworkSlug } from '../../src/domain/ids.ts';
import type { Network } from '../../src/domain/network.ts';

/** Solana's main network as config/networks.yaml describes it, or a private one with another genesis hash. */
export function solanaTestNetwork(
  genesisHash = '5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d',
  params: Readonly<Record<string, unknown>> = {},
): Network {
  const chainId = `solana:${genesisHash.slice(0, 32)}` as ChainId;
  return {
    slug: 'solana' as NetworkSlug,
    name: 'Solana',
    family: 'solana',
    chainId,
    genesisHash,
    native: {
      id: `${chainId}/slip44:501` as AssetId,
      chain: chainId,
      kind: 'native',
      reference: null,
      symbol: 'SOL',
      decimals: 9,
      countsAs: null,
    },
    finality: { kind: 'finalized' },
    params,
  };
}
