import type { Result } from '../domain/result.ts';
import type { Account, AccountRules } from './account-rows.ts';
import { checkRecovered, type DigestVariant, type RecoveryRules } from './check-recovered.ts';
import { ethMessageDigest } from './eth-message.ts';
import { okxEnvelopeDigest } from './okx-envelope.ts';
import { parsePublicKeyText } from './public-key-text.ts';

/** OKX's ECDSA rows: Keccak-256 of its envelope, signed with secp256k1. */
export const OKX_ECDSA: DigestVariant = {
  scheme: 'okx-ecdsa',
  variant: 'okx-envelope',
  digest: okxEnvelopeDigest,
};

/** What Ethereum's tools sign: told where it would have fitted. */
export const ETHEREUM_NEARBY: readonly DigestVariant[] = [
  { scheme: 'evm', variant: 'personal_sign text', digest: (message) => ethMessageDigest(message, 'text') },
  { scheme: 'evm', variant: 'personal_sign digest32', digest: (message) => ethMessageDigest(message, 'digest32') },
  { scheme: 'evm', variant: 'raw Keccak', digest: (message) => ethMessageDigest(message, 'raw-keccak') },
];

/** The rules of a chain whose rows are signed in OKX's ECDSA envelope only; `addresses` gives the spellings of a 65-byte key's address. */
export function okxAccountRules(
  parseAccount: (text: string) => Result<Account>,
  addresses: (key: Uint8Array) => readonly string[],
  more: Pick<RecoveryRules, 'flagUnusual'> = {},
): AccountRules {
  const recovery: RecoveryRules = { variants: [OKX_ECDSA], nearby: ETHEREUM_NEARBY, addresses, ...more };
  return { parseAccount, parseKey: parsePublicKeyText, check: (...cells) => checkRecovered(recovery, ...cells) };
}
