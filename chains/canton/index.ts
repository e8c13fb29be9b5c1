import { ed25519Family, OKX_FORMAT } from '../../src/lib/ed25519-family.ts';
import type { ChainFamily } from '../../src/seams.ts';
import { cantonFingerprint, decodeCantonParty } from './address.ts';

/** Canton: a party is named by the fingerprint of the key that made its namespace. */
export const family: ChainFamily = ed25519Family('canton', 'canton', {
  decode: decodeCantonParty,
  addressOf: (key) => `…::${cantonFingerprint(key)}`,
  formats: [OKX_FORMAT],
});
