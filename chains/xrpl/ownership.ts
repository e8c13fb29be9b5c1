import { secp256k1 } from '@noble/curves/secp256k1.js';
import { ok, type Result } from '../../src/domain/result.ts';
import type { Account, AccountRules, SignatureCheck } from '../../src/lib/account-rows.ts';
import { checkRecovered, type DigestVariant } from '../../src/lib/check-recovered.ts';
import { sha512 } from '../../src/lib/digests.ts';
import { isUsableEd25519Key, verifyEd25519 } from '../../src/lib/ed25519.ts';
import { ETHEREUM_NEARBY, OKX_ECDSA } from '../../src/lib/okx-account-rules.ts';
import { okxEnvelope } from '../../src/lib/okx-envelope.ts';
import { parsePublicKeyText } from '../../src/lib/public-key-text.ts';
import { parseHexBytes, type RecoverableSignature } from '../../src/lib/recoverable-signature.ts';
import { compressPublicKey, isHighS } from '../../src/lib/secp256k1.ts';
import { trace } from '../../src/lib/trace.ts';
import { parseXrplAddress, xrplAddressOf } from './address.ts';

const addresses = (key: Uint8Array): readonly string[] => [xrplAddressOf(compressPublicKey(key))];
const okx = { variants: [OKX_ECDSA], nearby: ETHEREUM_NEARBY, addresses };

/** What XRP Ledger wallets sign (xrpl.org, "Cryptographic Keys"): the first half of the SHA-512 of the bytes. */
const HALF: DigestVariant = {
  scheme: 'xrpl-secp256k1',
  variant: null,
  digest: (message) => sha512(Buffer.from(message, 'utf8')).subarray(0, 32),
};

const NOT_READ = 'whether the account has that key as regular key or signer was not read on chain';

/**
 * Rows of the XRP Ledger: OKX's envelope with a recoverable signature, or what wallets sign with the key in its column, ECDSA in DER or Ed25519.
 * An account may have a regular key or a list of signers, which its address does not show: such a key is `key-only`.
 */
export const xrplRules: AccountRules = {
  parseAccount(text) {
    const address = parseXrplAddress(text);
    return address.ok ? ok({ canonical: address.value, derived: true, otherKeys: NOT_READ }) : address;
  },
  parseKey: (text) => (/^ED[0-9a-f]{64}$/i.test(text) ? ok(text.toLowerCase()) : parsePublicKeyText(text)),
  check(text, message, account, key) {
    if (key?.startsWith('ed')) return checkEd25519(text, message, account, key);
    const der = /^30[0-9a-f]+$/i.test(text) && text.length !== 130 ? parseDer(text) : null;
    if (der === null) return checkRecovered(okx, text, message, account, key);
    const checks = der.map((parsed) =>
      checkRecovered({ variants: [HALF], addresses, parse: () => parsed }, text, message, account, key),
    );
    return checks.find(({ shows }) => shows !== 'nothing') ?? (checks[0] as SignatureCheck);
  },
};

/** A DER signature once for each recovery id; null where it is none. */
function parseDer(text: string): readonly Result<RecoverableSignature>[] | null {
  try {
    const rs = secp256k1.Signature.fromBytes(Buffer.from(text, 'hex'), 'der').toBytes('compact');
    const canonical = !isHighS(rs);
    trace?.read('signature: DER in hex, no recovery id: both are tried', {
      r: rs.subarray(0, 32),
      s: rs.subarray(32),
      highS: !canonical,
    });
    return [ok({ rs, recoveryId: 0, canonical }), ok({ rs, recoveryId: 1, canonical })];
  } catch {
    return null;
  }
}

/** Ed25519 signs the bytes themselves: the text, or OKX's envelope of it. */
function checkEd25519(text: string, message: string, account: Account, key: string): SignatureCheck {
  const nothing = (reason: string): SignatureCheck => ({ shows: 'nothing', reason });
  const signature = parseHexBytes(text);
  if (!signature.ok) return nothing(`cannot be read: ${signature.error}`);
  const bytes = Buffer.from(key, 'hex');
  if (!isUsableEd25519Key(bytes.subarray(1))) return nothing('cannot count: the key column is a point of small order');
  const address = xrplAddressOf(bytes);
  const isOwn = address === account.canonical;
  trace?.compare('address of the key column, the signer', address, account.canonical, isOwn);
  const shows = isOwn ? 'account' : 'key';
  trace?.attempt('xrpl-ed25519: the message itself');
  if (verifyEd25519(bytes.subarray(1), Buffer.from(message, 'utf8'), signature.value)) {
    return { shows, scheme: 'xrpl-ed25519', flags: [] };
  }
  trace?.attempt("ed25519-okx: OKX's own envelope of the message");
  if (verifyEd25519(bytes.subarray(1), okxEnvelope(message), signature.value)) {
    return { shows, scheme: 'ed25519-okx', flags: ['message-variant:okx-envelope'] };
  }
  return nothing('does not fit the key column for this message');
}
