import { ok } from '../../src/domain/result.ts';
import type { AccountRules } from '../../src/lib/account-rows.ts';
import { checkRecovered, type DigestVariant, type RecoveryRules } from '../../src/lib/check-recovered.ts';
import { ETHEREUM_NEARBY, OKX_ECDSA } from '../../src/lib/okx-account-rules.ts';
import { parsePublicKeyText } from '../../src/lib/public-key-text.ts';
import { tronMessageDigest } from '../../src/lib/tron-message.ts';
import { parseTronAddress, tronAddressOf } from './address.ts';

/** TIP-191, see `tronMessageDigest`. */
const VARIANTS: readonly DigestVariant[] = [
  { scheme: 'tron-v2', variant: null, digest: (message) => tronMessageDigest(message, 'v2') },
  { scheme: 'tron-v1', variant: 'tip191-v1', digest: (message) => tronMessageDigest(message, 'v1') },
  { scheme: 'tron-v1-text', variant: 'tip191-v1-text', digest: (message) => tronMessageDigest(message, 'v1-text') },
];

const recovery: RecoveryRules = {
  variants: VARIANTS,
  nearby: [...ETHEREUM_NEARBY, OKX_ECDSA],
  addresses: (key: Uint8Array) => [tronAddressOf(key)],
};

/**
 * TRON rows: the address is the hash of the key that signed. Every account can be given other keys on chain (account permissions) and
 * contracts have none, so a key column that signed for an address not its own is `key-only`.
 */
export const tronRules: AccountRules = {
  parseAccount(text) {
    const address = parseTronAddress(text);
    return address.ok ? ok({ canonical: address.value, derived: true, otherKeys: PERMISSIONS }) : address;
  },
  parseKey: parsePublicKeyText,
  check: (...cells) => checkRecovered(recovery, ...cells),
};

const PERMISSIONS = 'whether the account lists that key among its permissions was not read on chain';
