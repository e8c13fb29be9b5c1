import { quote } from '../../src/domain/ids.ts';
import { err, ok } from '../../src/domain/result.ts';
import { trace } from '../../src/lib/trace.ts';
import type { ChainFamily } from '../../src/seams.ts';
import { connectNode } from './adapter.ts';
import { decodeAddress, encodeAddress, scriptPubKey } from './address.ts';
import { ownership } from './ownership.ts';
import { bitcoinParams } from './params.ts';

/** Bitcoin and the chains of its kind: UTXOs, base58check, bech32 and cashaddr addresses, Bitcoin Core's RPC. */
export const family: ChainFamily = {
  name: 'bitcoin',
  namespace: 'bip122',
  parseAddress(text, network) {
    const params = bitcoinParams(network);
    if (!params.ok) return params;
    const destination = decodeAddress(text, params.value);
    if (!destination.ok) return destination;
    const canonical = encodeAddress(destination.value, params.value);
    const { kind, hash } = destination.value;
    if (trace !== null) trace.read('address', { canonical, kind, hash, scriptPubKey: scriptPubKey(destination.value) });
    return ok(canonical);
  },
  parseTokenReference: (text, network) => err(`${network.slug} has no tokens that are read here: ${quote(text)}`),
  ownership,
  connect: connectNode,
};
