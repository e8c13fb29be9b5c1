import { ed25519Family, OKX_FORMAT } from '../../src/lib/ed25519-family.ts';
import type { ChainFamily } from '../../src/seams.ts';
import { decodeSiaAddress, siaAddressOf } from './address.ts';

/** Sia: an address is the hash of unlock conditions, usually of one key alone. */
export const family: ChainFamily = ed25519Family('sia', 'sia', {
  decode: decodeSiaAddress,
  addressOf: siaAddressOf,
  formats: [OKX_FORMAT],
});
