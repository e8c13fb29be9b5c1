import { accountFamily } from '../../src/lib/account-family.ts';
import type { ChainFamily } from '../../src/seams.ts';
import { beaconRules } from './ownership.ts';

/** Ethereum's consensus layer: validators by their BLS keys. Ownership proofs only. */
export const family: ChainFamily = accountFamily('beacon', 'beacon', beaconRules);
