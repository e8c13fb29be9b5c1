import { ed25519Family, OKX_FORMAT } from '../../src/lib/ed25519-family.ts';
import type { ChainFamily } from '../../src/seams.ts';
import { decodeIotaAddress, iotaAddressOf } from './address.ts';

/** IOTA, Stardust and Rebased: an account is a hash of its key. */
export const family: ChainFamily = ed25519Family('iota', 'iota', {
  decode: decodeIotaAddress,
  addressOf: iotaAddressOf,
  formats: [OKX_FORMAT],
});
