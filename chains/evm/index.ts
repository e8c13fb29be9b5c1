import { quote } from '../../src/domain/ids.ts';
import { err, ok } from '../../src/domain/result.ts';
import type { ChainFamily } from '../../src/seams.ts';
import { createEvmAdapter } from './adapter.ts';
import { parseEvmAddress } from './address.ts';
import { evmOwnership } from './ownership.ts';
import { evmParams } from './params.ts';

/** Chains that run the Ethereum virtual machine and speak Ethereum's JSON-RPC. */
export const family: ChainFamily = {
  name: 'evm',
  namespace: 'eip155',
  parseAddress: parseEvmAddress,
  parseTokenReference: parseEvmAddress,
  ownership: evmOwnership,
  connect(options) {
    const params = evmParams(options.network);
    if (!params.ok) return params;
    if (!/^https?:\/\//.test(options.url))
      return err(`provider ${quote(options.name)}: its url must begin with http:// or https://`);
    return ok(createEvmAdapter(options, params.value));
  },
};
