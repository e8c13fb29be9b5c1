import { err, ok, type Result } from '../../src/domain/result.ts';
import type { AccountRules } from '../../src/lib/account-rows.ts';
import { checkRecovered, type DigestVariant, type RecoveryRules } from '../../src/lib/check-recovered.ts';
import { blake256 } from '../../src/lib/digests.ts';
import { sha256d } from '../../src/lib/key-hashes.ts';
import { OKX_ECDSA } from '../../src/lib/okx-account-rules.ts';
import { compactSize } from '../../src/lib/okx-envelope.ts';
import { parsePublicKeyText } from '../../src/lib/public-key-text.ts';
import type { RecoverableSignature } from '../../src/lib/recoverable-signature.ts';
import { isHighS } from '../../src/lib/secp256k1.ts';
import { trace } from '../../src/lib/trace.ts';
import { decredAddressesOf, parseDecredAccount } from './address.ts';

const sized = (text: string): Uint8Array => {
  const bytes = Buffer.from(text, 'utf8');
  return Buffer.concat([compactSize(bytes.length), bytes]);
};
const lines = (coin: string, message: string): Uint8Array =>
  Buffer.concat([sized(`${coin} Signed Message:\n`), sized(message)]);

/** What Decred's wallets sign (dcrwallet `signmessage`), and what OKX does: Bitcoin's header and hash. */
const VARIANTS: readonly DigestVariant[] = [
  { scheme: 'decred-message', variant: null, digest: (message) => blake256(lines('Decred', message)) },
  { scheme: 'bip137-header', variant: 'bitcoin-header', digest: (message) => sha256d(lines('Bitcoin', message)) },
];

const base64Rules: RecoveryRules = {
  variants: VARIANTS,
  addresses: decredAddressesOf,
  flagUnusual: true,
  parse: parseHeaderFirst,
};
const hexRules: RecoveryRules = { variants: [OKX_ECDSA], addresses: decredAddressesOf, flagUnusual: true };

/** Rows of Decred: a header byte, r and s in base64, or OKX's envelope with r, s, v in hex behind `0x`. */
export const decredRules: AccountRules = {
  parseAccount: parseDecredAccount,
  parseKey: (text) => (SCRIPT.test(text) ? ok('') : parsePublicKeyText(text)),
  check: (text, message, account, key) =>
    checkRecovered(text.startsWith('0x') ? hexRules : base64Rules, text, message, account, key || null),
};

/** UTXO rows carry a script in the key column: of one key hash, which the address says already, or of several keys, not read here. */
const SCRIPT = /^(76a914[0-9a-f]{40}88ac|5[1-9a-f]([0-9a-f]{2})+ae)$/i;

/** BIP-137's 27 to 34: recovery id, and 4 more for a compressed key; the address says which form of the key counts. */
function parseHeaderFirst(text: string): Result<RecoverableSignature> {
  if (!/^[A-Za-z0-9+/]{86}[AEIMQUYcgkosw048]=$/.test(text)) return err('it is not 65 bytes in base64');
  const bytes = Buffer.from(text, 'base64');
  const recoveryId = ((bytes[0] as number) - 27) & 3;
  if ((bytes[0] as number) < 27 || (bytes[0] as number) > 34 || recoveryId > 1) {
    return err(`its header ${bytes[0]} is not one of 27, 28, 31, 32`);
  }
  const rs = bytes.subarray(1);
  trace?.read('signature: header, r, s in base64', {
    header: bytes[0] as number,
    r: rs.subarray(0, 32),
    s: rs.subarray(32),
    recoveryId,
    highS: isHighS(rs),
  });
  return ok({ rs, recoveryId: recoveryId as 0 | 1, canonical: !isHighS(rs) });
}
