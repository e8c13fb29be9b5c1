import { ed25519Family, OKX_FORMAT } from '../../src/lib/ed25519-family.ts';
import type { ChainFamily } from '../../src/seams.ts';
import { decodeKadenaAccount, singleKeyAccountOf } from './address.ts';

/** Kadena: a k: account can have no other guard than the key that it spells. */
export const family: ChainFamily = ed25519Family('kadena', 'kadena', {
  decode: decodeKadenaAccount,
  addressOf: singleKeyAccountOf,
  formats: [OKX_FORMAT],
});
