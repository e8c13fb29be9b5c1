import { ed25519Family, OKX_FORMAT, RAW_FORMAT } from '../../src/lib/ed25519-family.ts';
import type { ChainFamily } from '../../src/seams.ts';
import { algorandAddressOf, decodeAlgorandAddress } from './address.ts';

/** Algorand: an address is its key; HTX signs the bare message. A rekeyed account's other key is not known here. */
export const family: ChainFamily = ed25519Family('algorand', 'algorand', {
  decode: decodeAlgorandAddress,
  addressOf: algorandAddressOf,
  formats: [RAW_FORMAT, OKX_FORMAT],
});
