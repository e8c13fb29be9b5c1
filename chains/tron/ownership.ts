import { ok } from '../../src/domain/result.ts';
import type { AccountRules } from '../../src/lib/account-rows.ts';
import { checkRecovered, type DigestVariant, type RecoveryRules } from '../../src/lib/check-recovered.ts';
import { keccak256 } from '../../src/lib/keccak.ts';
import { ETHEREUM_NEARBY, OKX_ECDSA } from '../../src/lib/okx-account-rules.ts';
import { parsePublicKeyText } from '../../src/lib/public-key-text.ts';
import { parseTronAddress, tronAddressOf } from './address.ts';

const HEADER = '\x19TRON Signed Message:\n';

const hashOf = (length: number, body: Uint8Array): Uint8Array =>
  keccak256(Buffer.concat([Buffer.from(`${HEADER}${length}`, 'latin1'), body]));

/**
 * TIP-191. V2 is the header, the length in bytes and the text. V1 has the fixed length 32, behind which stands the Keccak-256 of the
 * text (OKX, most of HTX) or, in some of HTX's rows, the text itself whatever its length.
 */
const VARIANTS: readonly DigestVariant[] = [
  {
    scheme: 'tron-v2',
    variant: null,
    digest: (message) => hashOf(Buffer.byteLength(message), Buffer.from(message)),
  },
  { scheme: 'tron-v1', variant: 'tip191-v1', digest: (message) => hashOf(32, keccak256(message)) },
  { scheme: 'tron-v1-text', variant: 'tip191-v1-text', digest: (message) => hashOf(32, Buffer.from(message)) },
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
