import { ed25519Family, OKX_FORMAT } from '../../src/lib/ed25519-family.ts';
import type { ChainFamily } from '../../src/seams.ts';
import { decodeErdAddress, erdAddressOf } from './address.ts';

/** MultiversX (Elrond): an address is its key in bech32. */
export const family: ChainFamily = ed25519Family('multiversx', 'mvx', {
  decode: decodeErdAddress,
  addressOf: erdAddressOf,
  formats: [OKX_FORMAT],
});
