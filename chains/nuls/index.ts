import { accountFamily } from '../../src/lib/account-family.ts';
import { okxAccountRules } from '../../src/lib/okx-account-rules.ts';
import type { ChainFamily } from '../../src/seams.ts';
import { nulsAddressOf, parseNulsAccount } from './address.ts';

/** NULS: key hashes in base58 with a checksum of one byte. Ownership proofs only. */
export const family: ChainFamily = accountFamily(
  'nuls',
  'nuls',
  okxAccountRules(parseNulsAccount, (key) => [nulsAddressOf(key)]),
);
