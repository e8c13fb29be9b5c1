import { accountFamily } from '../../src/lib/account-family.ts';
import type { ChainFamily } from '../../src/seams.ts';
import { xrplRules } from './ownership.ts';

/** The XRP Ledger. Ownership proofs only. */
export const family: ChainFamily = accountFamily('xrpl', 'xrpl', xrplRules);
