import { accountFamily } from '../../src/lib/account-family.ts';
import { okxAccountRules } from '../../src/lib/okx-account-rules.ts';
import type { ChainFamily } from '../../src/seams.ts';
import { iconAddressOf, parseIconAccount } from './address.ts';

/** ICON: the end of the key's SHA3-256. Ownership proofs only. */
export const family: ChainFamily = accountFamily(
  'icon',
  'icon',
  okxAccountRules(parseIconAccount, (key) => [iconAddressOf(key)]),
);
