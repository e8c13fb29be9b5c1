import type { Network } from '../../src/domain/network.ts';
import type { OwnershipProof } from '../../src/domain/ownership.ts';

/** An EVM network for tests. */
export function testNetwork(
  chainId: number,
  params: Network['params'] = {},
  genesisHash: string | null = null,
): Network {
  const id = `eip155:${chainId}`;
  return {
    slug: `evm-${chainId}`,
    name: `EVM ${chainId}`,
    family: 'evm',
    chainId: id,
    genesisHash,
    native: {
      id: `${id}/slip44:60`,
      chain: id,
      kind: 'native',
      reference: null,
      symbol: 'ETH',
      decimals: 18,
      countsAs: 'ETH',
    },
    finality: { kind: 'finalized' },
    params,
  } as unknown as Network;
}

/** A proof whose cells are absent unless given. */
export const testProof = (cells: Partial<OwnershipProof>): OwnershipProof => ({
  label: 'ETH',
  network: 'ETH',
  addressText: '',
  message: null,
  signature1: null,
  signature2: null,
  scriptOrPubkey: null,
  owner1: null,
  owner2: null,
  rowType: null,
  ...cells,
});
