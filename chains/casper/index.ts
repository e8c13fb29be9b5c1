import { ed25519Family, OKX_FORMAT } from '../../src/lib/ed25519-family.ts';
import type { ChainFamily } from '../../src/seams.ts';
import { casperAddressOf, decodeCasperAddress } from './address.ts';

/** Casper: an account by its key, or by the hash of the key that made it. */
export const family: ChainFamily = ed25519Family('casper', 'casper', {
  decode: decodeCasperAddress,
  addressOf: casperAddressOf,
  formats: [OKX_FORMAT],
});
