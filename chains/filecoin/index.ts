import { accountFamily } from '../../src/lib/account-family.ts';
import { okxAccountRules } from '../../src/lib/okx-account-rules.ts';
import type { ChainFamily } from '../../src/seams.ts';
import { filecoinAddressesOf, parseFilecoinAccount } from './address.ts';

/** Filecoin by its own addresses (f1…); `chains/evm` reads the same chain by Ethereum's. Ownership proofs only. */
export const family: ChainFamily = accountFamily(
  'filecoin',
  'filecoin',
  okxAccountRules(parseFilecoinAccount, filecoinAddressesOf),
);
