import { quote } from '../../src/domain/ids.ts';
import { err, ok } from '../../src/domain/result.ts';
import { accountFamily } from '../../src/lib/account-family.ts';
import type { ChainFamily } from '../../src/seams.ts';
import { cosmosRules } from './ownership.ts';
import { parseCosmosParams } from './params.ts';

/** Chains built with the Cosmos SDK: bech32 accounts, each with its own prefix. Ownership proofs only. */
export const family: ChainFamily = {
  ...accountFamily('cosmos', 'cosmos', (network) => {
    const params = parseCosmosParams(network);
    return params.ok ? ok(cosmosRules(params.value)) : params;
  }),
  /** A denomination (Cosmos SDK, x/bank): a letter and 2 to 127 more of letters, digits and /:._- . */
  parseTokenReference: (text) =>
    /^[a-zA-Z][a-zA-Z0-9/:._-]{2,127}$/.test(text) ? ok(text) : err(`${quote(text)} is not a denomination`),
};
