import { ed25519Family, OKX_FORMAT } from '../../src/lib/ed25519-family.ts';
import type { ChainFamily } from '../../src/seams.ts';
import { aptosAddressOf, decodeAptosAddress } from './address.ts';

/** Aptos: an un-rotated account is a hash of its key; a rotated one names its authentication key as owner1. */
export const family: ChainFamily = ed25519Family('aptos', 'aptos', {
  decode: decodeAptosAddress,
  addressOf: aptosAddressOf,
  formats: [OKX_FORMAT],
});
