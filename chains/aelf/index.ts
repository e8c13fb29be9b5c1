import { accountFamily } from '../../src/lib/account-family.ts';
import { okxAccountRules } from '../../src/lib/okx-account-rules.ts';
import type { ChainFamily } from '../../src/seams.ts';
import { aelfAddressOf, parseAelfAccount } from './address.ts';

/** aelf: addresses are the double SHA-256 of the key. Ownership proofs only. */
export const family: ChainFamily = accountFamily(
  'aelf',
  'aelf',
  okxAccountRules(parseAelfAccount, (key) => [aelfAddressOf(key)]),
);
