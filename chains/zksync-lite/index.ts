import { ok } from '../../src/domain/result.ts';
import { accountFamily } from '../../src/lib/account-family.ts';
import type { AccountRules } from '../../src/lib/account-rows.ts';
import { checkRecovered, type RecoveryRules } from '../../src/lib/check-recovered.ts';
import { parseEthAddress } from '../../src/lib/eth-address.ts';
import { ethMessageDigest } from '../../src/lib/eth-message.ts';
import { ethereumAccount } from '../../src/lib/key-hashes.ts';
import { OKX_ECDSA } from '../../src/lib/okx-account-rules.ts';
import { parsePublicKeyText } from '../../src/lib/public-key-text.ts';
import type { ChainFamily } from '../../src/seams.ts';

/** Accounts are Ethereum's, and so are the ways in which they sign. */
const recovery: RecoveryRules = {
  variants: [
    { scheme: 'evm-digest32', variant: 'digest32', digest: (message) => ethMessageDigest(message, 'digest32') },
    { scheme: 'evm-text', variant: null, digest: (message) => ethMessageDigest(message, 'text') },
    { scheme: 'evm-raw-keccak', variant: 'raw-keccak', digest: (message) => ethMessageDigest(message, 'raw-keccak') },
  ],
  nearby: [OKX_ECDSA],
  addresses: (key) => [`0x${Buffer.from(ethereumAccount(key)).toString('hex')}`],
};

const rules: AccountRules = {
  parseAccount(text) {
    const address = parseEthAddress(text);
    return address.ok ? ok({ canonical: address.value, derived: true, otherKeys: REPLACED }) : address;
  },
  parseKey: parsePublicKeyText,
  check: (...cells) => checkRecovered(recovery, ...cells),
};

const REPLACED = 'whether the account has that key was not read on chain';

/** zkSync Lite: Ethereum accounts on a chain that is no EVM. Ownership proofs only. */
export const family: ChainFamily = accountFamily('zksync-lite', 'zksync', rules);
