import { ed25519Family, OKX_FORMAT } from '../../src/lib/ed25519-family.ts';
import type { ChainFamily } from '../../src/seams.ts';
import { decodePocketAddress, pocketAddressOf } from './address.ts';

/** Pocket: an address of the chain before its upgrade is a hash of its Ed25519 key. */
export const family: ChainFamily = ed25519Family('pocket', 'pocket', {
  decode: decodePocketAddress,
  addressOf: pocketAddressOf,
  formats: [OKX_FORMAT],
});
