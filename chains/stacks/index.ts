import { accountFamily } from '../../src/lib/account-family.ts';
import { okxAccountRules } from '../../src/lib/okx-account-rules.ts';
import type { ChainFamily } from '../../src/seams.ts';
import { parseStacksAccount, stacksAddressesOf } from './address.ts';

/** Stacks: key hashes in c32check. Ownership proofs only. */
export const family: ChainFamily = accountFamily(
  'stacks',
  'stacks',
  okxAccountRules(parseStacksAccount, stacksAddressesOf, { flagUnusual: true }),
);
