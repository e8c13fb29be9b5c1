import { ed25519Family, OKX_FORMAT } from '../../src/lib/ed25519-family.ts';
import type { ChainFamily } from '../../src/seams.ts';
import { decodeCardanoAddress, enterpriseAddressOf } from './address.ts';
import { readCardanoSignature } from './signature.ts';

/** Cardano: an address holds the hash of its payment key (or script); the staking part belongs to nobody in particular. */
export const family: ChainFamily = ed25519Family('cardano', 'cip34', {
  decode: decodeCardanoAddress,
  addressOf: enterpriseAddressOf,
  formats: [OKX_FORMAT],
  readSignature: readCardanoSignature,
});
