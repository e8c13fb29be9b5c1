import { ed25519Family, OKX_FORMAT } from '../../src/lib/ed25519-family.ts';
import type { ChainFamily } from '../../src/seams.ts';
import { decodeHederaAccount } from './address.ts';

/** Hedera: an account is a number that the chain gave it, so that no key leads to it offline. */
export const family: ChainFamily = ed25519Family('hedera', 'hedera', {
  decode: decodeHederaAccount,
  addressOf: () => null,
  formats: [OKX_FORMAT],
});
