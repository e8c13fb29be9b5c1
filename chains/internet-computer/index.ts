import { ed25519Family, OKX_FORMAT } from '../../src/lib/ed25519-family.ts';
import type { ChainFamily } from '../../src/seams.ts';
import { accountIdOf, decodeIcpAddress } from './address.ts';

/** Internet Computer: principals and ledger accounts that are hashes of a key. */
export const family: ChainFamily = ed25519Family('internet-computer', 'icp', {
  decode: decodeIcpAddress,
  addressOf: accountIdOf,
  formats: [OKX_FORMAT],
});
