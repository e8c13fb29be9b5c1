import { ed25519Family, OKX_FORMAT } from '../../src/lib/ed25519-family.ts';
import type { ChainFamily } from '../../src/seams.ts';
import { decodeTezosAddress, tz1Of } from './address.ts';

/** Tezos: a tz1 address is the hash of its Ed25519 key. */
export const family: ChainFamily = ed25519Family('tezos', 'tezos', {
  decode: decodeTezosAddress,
  addressOf: tz1Of,
  formats: [OKX_FORMAT],
});
