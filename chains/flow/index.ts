import { quote } from '../../src/domain/ids.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { accountFamily } from '../../src/lib/account-family.ts';
import type { Account } from '../../src/lib/account-rows.ts';
import { parseEthAddress } from '../../src/lib/eth-address.ts';
import { ethereumAccount } from '../../src/lib/key-hashes.ts';
import { okxAccountRules } from '../../src/lib/okx-account-rules.ts';
import type { ChainFamily } from '../../src/seams.ts';

/** `0x` and 40 hex digits are an account of Flow EVM, 16 one of Cadence, whose keys stand on chain only. */
function parseFlowAccount(text: string): Result<Account> {
  if (/^(0x)?[0-9a-fA-F]{16}$/.test(text)) {
    const canonical = `0x${text.replace('0x', '').toLowerCase()}`;
    return ok({ canonical, derived: false, otherKeys: 'the keys of a Cadence account were not read on chain' });
  }
  const address = parseEthAddress(text);
  if (address.ok) return ok({ canonical: address.value, derived: true, otherKeys: null });
  return /^0x[0-9a-fA-F]{40}$/.test(text)
    ? address
    : err(`Flow address ${quote(text)} must be 0x and 40 hex digits (Flow EVM) or 16 (Cadence); copy it again`);
}

/** Flow: accounts of its EVM and of Cadence. Ownership proofs only. */
export const family: ChainFamily = accountFamily(
  'flow',
  'flow',
  okxAccountRules(parseFlowAccount, (key) => [`0x${Buffer.from(ethereumAccount(key)).toString('hex')}`]),
);
