import type { AccountRules, SignatureCheck } from '../../src/lib/account-rows.ts';
import { checkRecovered, type DigestVariant, type RecoveryRules } from '../../src/lib/check-recovered.ts';
import { ETHEREUM_NEARBY, OKX_ECDSA } from '../../src/lib/okx-account-rules.ts';
import { parsePublicKeyText } from '../../src/lib/public-key-text.ts';
import { cosmosAddressOf, parseCosmosAccount } from './address.ts';
import { adr36Digest } from './adr36.ts';
import { parseCompactSignature } from './compact-signature.ts';
import type { CosmosParams } from './params.ts';

/**
 * Rows of Cosmos SDK chains: OKX's envelope with a recoverable signature, or ADR-36 as wallets sign it, 64 bytes with the key in its
 * own column. Both are bound to the address, which is the hash of the key.
 */
export function cosmosRules(params: CosmosParams): AccountRules {
  const addresses = (key: Uint8Array): readonly string[] => [cosmosAddressOf(key, params)];
  const okx: RecoveryRules = { variants: [OKX_ECDSA], nearby: ETHEREUM_NEARBY, addresses };
  return {
    parseAccount: (text) => parseCosmosAccount(text, params.hrp),
    parseKey: parsePublicKeyText,
    check(signature, message, account, key) {
      const compact = parseCompactSignature(signature);
      if (compact === null) return checkRecovered(okx, signature, message, account, key);
      const adr36: DigestVariant = {
        scheme: 'cosmos-adr36',
        variant: null,
        digest: (text) => adr36Digest(text, account.canonical, params.account),
      };
      // 64 bytes carry no recovery id: each of the two keys that they fit is tried, and one at most is the address's.
      const checks = compact.map((parsed) =>
        checkRecovered({ variants: [adr36], addresses, parse: () => parsed }, signature, message, account, key),
      );
      const best = (['account', 'key'] as const).map((shows) => checks.find((check) => check.shows === shows));
      return best[0] ?? best[1] ?? (checks[0] as SignatureCheck);
    },
  };
}
