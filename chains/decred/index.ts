import { accountFamily } from '../../src/lib/account-family.ts';
import type { ChainFamily } from '../../src/seams.ts';
import { decredRules } from './ownership.ts';

/** Decred: key hashes and checksums in BLAKE-256. Ownership proofs of single keys only. */
export const family: ChainFamily = accountFamily('decred', 'bip122', decredRules);
