import { accountFamily } from '../../src/lib/account-family.ts';
import { okxAccountRules } from '../../src/lib/okx-account-rules.ts';
import type { ChainFamily } from '../../src/seams.ts';
import { confluxAddressOf, parseConfluxAccount } from './address.ts';

/** Conflux Core by its own addresses (CIP-37); its eSpace is an EVM chain. Ownership proofs only. */
export const family: ChainFamily = accountFamily(
  'conflux',
  'conflux',
  okxAccountRules(parseConfluxAccount, (key) => [confluxAddressOf(key)]),
);
