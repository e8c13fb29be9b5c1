import { ed25519Family, OKX_FORMAT } from '../../src/lib/ed25519-family.ts';
import type { ChainFamily } from '../../src/seams.ts';
import { decodeNearAccount, implicitAccountOf } from './address.ts';

/** NEAR: an implicit account is its key in hex; a named one has keys on chain. */
export const family: ChainFamily = ed25519Family('near', 'near', {
  decode: decodeNearAccount,
  addressOf: implicitAccountOf,
  formats: [OKX_FORMAT],
});
