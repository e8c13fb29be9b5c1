import { hex } from '@scure/base';
import { type Destination, encodeAddress, scriptPubKey } from '../chains/bitcoin/address.ts';
import { paramsSchema } from '../chains/bitcoin/params.ts';
import type { PublishedRow } from './exchange.ts';
import type { Litecoind } from './nodes/litecoind.ts';
import { keyFromLabel, multisigScript, p2pkh, p2wpkh, p2wsh, publicKey, signMessage } from './sign-utxo.ts';

/** Constants of Litecoin's regtest (chainparams of litecoind 0.21), as the demo's config writes them. */
export const LITECOIN_REGTEST = {
  caip2: 'bip122:530827f38f93b43ed12af0b3ad25a288',
  genesis: '530827f38f93b43ed12af0b3ad25a288dc02ed74d6d7857862df51fc56c416f9',
  params: {
    p2pkh: '6f',
    p2sh: ['3a', 'c4'],
    bech32: 'rltc',
    taproot: true,
    cashaddr: null,
    messageHeader: 'Litecoin Signed Message:\n',
  },
} as const;

const params = paramsSchema.parse(LITECOIN_REGTEST.params);

/** Funds a P2PKH, a P2WPKH and a 2-of-3 P2WSH address with mined coins and signs a row for each. */
export async function litecoinRows(node: Litecoind, message: string): Promise<readonly PublishedRow[]> {
  const keys = ['legacy', 'segwit', 'vault a', 'vault b', 'vault c'].map(keyFromLabel);
  const [legacy, segwit, ...vault] = keys as [Uint8Array, Uint8Array, ...Uint8Array[]];
  const script = multisigScript(
    2,
    vault.map((key) => publicKey(key)),
  );
  const sign = (key: Uint8Array, kind: 'p2pkh' | 'p2wpkh' = 'p2pkh'): string =>
    signMessage(key, message, params.messageHeader, kind);
  const accounts: {
    destination: Destination;
    amount: string;
    proof: Pick<PublishedRow, 'signature1' | 'signature2' | 'script'>;
  }[] = [
    { destination: p2pkh(publicKey(legacy)), amount: '12.5', proof: { signature1: sign(legacy) } },
    { destination: p2wpkh(publicKey(segwit)), amount: '30.25', proof: { signature1: sign(segwit, 'p2wpkh') } },
    {
      destination: p2wsh(script),
      amount: '100',
      proof: {
        signature1: sign(vault[0] as Uint8Array),
        signature2: sign(vault[2] as Uint8Array),
        script: hex.encode(script),
      },
    },
  ];
  for (const { destination, amount } of accounts) await node.fundScript(hex.encode(scriptPubKey(destination)), amount);
  await node.mine(2);
  const height = String(await node.rpc<number>('getblockcount'));
  return accounts.map(({ destination, amount, proof }) => ({
    coin: 'LTC',
    network: 'demo-litecoin',
    height,
    address: encodeAddress(destination, params),
    amount,
    message,
    ...proof,
  }));
}
