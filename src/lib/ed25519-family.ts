import type { Address } from '../domain/ids.ts';
import type { Network } from '../domain/network.ts';
import { err, ok, type Result } from '../domain/result.ts';
import type { ChainFamily } from '../seams.ts';
import type { Ed25519Chain, SignedFormat } from './ed25519-chain.ts';
import { gradeEd25519Row, traceKeyedAddress } from './ed25519-rows.ts';
import { noAdapter } from './no-adapter.ts';
import { okxEnvelope } from './okx-envelope.ts';

/** OKX: Ed25519 over its envelope of the message, not hashed before. */
export const OKX_FORMAT: SignedFormat = { name: 'okx', what: 'the OKX envelope', bytes: okxEnvelope };

/** Ed25519 over the UTF-8 of the message itself. */
export const RAW_FORMAT: SignedFormat = {
  name: 'raw',
  what: 'the bare message',
  bytes: (message) => Buffer.from(message, 'utf8'),
};

/**
 * A chain family whose accounts are Ed25519 keys and whose balances are not read yet. `chainOf` checks the network's params;
 * without it the family takes none.
 */
export function ed25519Family(
  name: string,
  namespace: string,
  chainOf: Ed25519Chain | ((network: Network) => Result<Ed25519Chain>),
): ChainFamily {
  const chain = typeof chainOf === 'function' ? chainOf : (network: Network) => withoutParams(network, chainOf);
  return {
    name,
    namespace,
    parseAddress(text, network) {
      const rows = chain(network);
      const decoded = rows.ok ? rows.value.decode(text) : rows;
      if (!decoded.ok) return decoded;
      traceKeyedAddress('address', decoded.value);
      return ok(decoded.value.canonical as Address);
    },
    parseTokenReference: (_text, network) => err(`${network.slug}: tokens of the ${name} family are not read yet`),
    ownership: {
      verify(proof, network) {
        const rows = chain(network);
        return rows.ok
          ? gradeEd25519Row(rows.value, proof)
          : { grade: 'undecided', scheme: null, reason: rows.error, flags: [] };
      },
    },
    connect: noAdapter,
  };
}

function withoutParams(network: Network, chain: Ed25519Chain): Result<Ed25519Chain> {
  const unknown = Object.keys(network.params)[0];
  return unknown === undefined
    ? ok(chain)
    : err(`network ${network.slug}: unknown param ${unknown}; this family takes none`);
}
