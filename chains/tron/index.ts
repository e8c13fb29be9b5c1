import { accountFamily } from '../../src/lib/account-family.ts';
import type { ChainFamily } from '../../src/seams.ts';
import { parseTronAddress } from './address.ts';
import { tronRules } from './ownership.ts';

/** TRON: accounts as on Ethereum, printed in base58check. Ownership proofs only. */
export const family: ChainFamily = {
  ...accountFamily('tron', 'tron', tronRules),
  parseTokenReference: (text) => parseTronAddress(text),
};
