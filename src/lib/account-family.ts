import { type Address, quote } from '../domain/ids.ts';
import type { Network } from '../domain/network.ts';
import { err, ok, type Result } from '../domain/result.ts';
import type { ChainFamily } from '../seams.ts';
import { type AccountRules, gradeAccountRow, traceAccount } from './account-rows.ts';
import { noAdapter } from './no-adapter.ts';

/**
 * A chain family whose addresses stand for single accounts and whose balances are not read yet. `rulesOf` checks the network's params
 * and is asked once a network; rules given as they are mean that the family takes no params.
 */
export function accountFamily(
  name: string,
  namespace: string,
  rulesOf: AccountRules | ((network: Network) => Result<AccountRules>),
): ChainFamily {
  const kept = new WeakMap<Network, Result<AccountRules>>();
  const rules = (network: Network): Result<AccountRules> => {
    let found = kept.get(network);
    if (found === undefined) {
      found = typeof rulesOf === 'function' ? rulesOf(network) : withoutParams(network, rulesOf);
      kept.set(network, found);
    }
    return found;
  };
  return {
    name,
    namespace,
    parseAddress(text, network) {
      const known = rules(network);
      const account = known.ok ? known.value.parseAccount(text) : known;
      if (!account.ok) return account;
      traceAccount('address', account.value);
      return ok(account.value.canonical as Address);
    },
    parseTokenReference: (_text, network) => err(`${network.slug}: tokens of the ${name} family are not read yet`),
    ownership: {
      verify(proof, network) {
        const known = rules(network);
        if (known.ok) return gradeAccountRow(proof, known.value);
        return { grade: 'undecided', scheme: null, reason: known.error, flags: [] };
      },
    },
    connect: noAdapter,
  };
}

function withoutParams(network: Network, rules: AccountRules): Result<AccountRules> {
  const unknown = Object.keys(network.params)[0];
  if (unknown === undefined) return ok(rules);
  return err(`network ${network.slug}: params: ${quote(unknown)} is not known, this family takes none`);
}
