import type { AssetCode, AssetId, ChainId, NetworkSlug } from '../../src/domain/ids.ts';
import type { Network } from '../../src/domain/network.ts';

const header = (coin: string): string => `${coin} Signed Message:\n`;
const plain = { bech32: null, taproot: false, cashaddr: null } as const;

/** Params by slug, as config/networks.yaml writes them: version bytes in hex, canonical P2SH version first. */
export const UTXO_PARAMS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  bitcoin: { p2pkh: '00', p2sh: ['05'], bech32: 'bc', taproot: true, cashaddr: null, messageHeader: header('Bitcoin') },
  litecoin: {
    ...{ p2pkh: '30', p2sh: ['32', '05'], bech32: 'ltc', taproot: true, cashaddr: null },
    messageHeader: header('Litecoin'),
  },
  dogecoin: { ...plain, p2pkh: '1e', p2sh: ['16'], messageHeader: header('Dogecoin') },
  dash: { ...plain, p2pkh: '4c', p2sh: ['10'], messageHeader: header('DarkCoin') },
  'bitcoin-gold': { ...plain, p2pkh: '26', p2sh: ['17'], bech32: 'btg', messageHeader: header('Bitcoin Gold') },
  'bitcoin-diamond': { ...plain, p2pkh: '00', p2sh: ['05'], bech32: 'bcd', messageHeader: header('Bitcoindiamond') },
  digibyte: {
    ...{ p2pkh: '1e', p2sh: ['3f', '05'], bech32: 'dgb', taproot: true, cashaddr: null },
    messageHeader: header('DigiByte'),
  },
  qtum: { p2pkh: '3a', p2sh: ['32'], bech32: 'qc', taproot: true, cashaddr: null, messageHeader: header('Qtum') },
  ravencoin: { ...plain, p2pkh: '3c', p2sh: ['7a'], messageHeader: header('Raven') },
  zcash: { ...plain, p2pkh: '1cb8', p2sh: ['1cbd'], messageHeader: header('Zcash') },
  'bitcoin-cash': { ...plain, p2pkh: '00', p2sh: ['05'], cashaddr: 'bitcoincash', messageHeader: header('Bitcoin') },
  'bitcoin-sv': { ...plain, p2pkh: '00', p2sh: ['05'], messageHeader: header('Bitcoin') },
  ecash: { ...plain, p2pkh: '00', p2sh: ['05'], cashaddr: 'ecash', messageHeader: header('Bitcoin') },
  horizen: { ...plain, p2pkh: '2089', p2sh: ['2096'], messageHeader: header('Bitcoin') },
  'litecoin-regtest': {
    ...{ p2pkh: '6f', p2sh: ['3a', 'c4'], bech32: 'rltc', taproot: true, cashaddr: null },
    messageHeader: header('Litecoin'),
  },
};

/** A network of the UTXO family for tests: 8 decimals, final at `confirmations`. */
export function utxoNetwork(slug: string, confirmations = 6, params: Readonly<Record<string, unknown>> = {}): Network {
  const chain = `bip122:${slug.slice(0, 32)}` as ChainId;
  return {
    slug: slug as NetworkSlug,
    name: slug,
    family: 'bitcoin',
    chainId: chain,
    genesisHash: null,
    native: {
      ...{ id: `${chain}/slip44:0` as AssetId, chain, kind: 'native', reference: null, symbol: slug.toUpperCase() },
      ...{ decimals: 8, countsAs: slug.toUpperCase() as AssetCode },
    },
    finality: { kind: 'confirmations', blocks: confirmations },
    params: { ...UTXO_PARAMS[slug], ...params },
  };
}
