import { accountFamily } from '../../src/lib/account-family.ts';
import type { ChainFamily } from '../../src/seams.ts';
import { starknetRules } from './ownership.ts';

/** Starknet: accounts are contracts. Ownership proofs only. */
export const family: ChainFamily = accountFamily('starknet', 'starknet', starknetRules);
