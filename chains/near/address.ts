import { ok, type Result } from '../../src/domain/result.ts';
import { notAnAddress, toHex } from '../../src/lib/decode-text.ts';
import type { KeyedAddress } from '../../src/lib/ed25519-chain.ts';

/** NEP-20: 2 to 64 characters, words of a-z 0-9 joined by single `-`, `_` or `.`; never upper case. */
const ACCOUNT = /^(?=.{2,64}$)[a-z0-9]+(?:[-_.][a-z0-9]+)*$/;

/** The implicit account of a key: its 64 hex digits. */
export const implicitAccountOf = (key: Uint8Array): string => toHex(key);

/** Reads a NEAR account id: 64 hex digits are the key itself, 0x and 40 a key of Ethereum's kind, anything else is a name. */
export function decodeNearAccount(text: string): Result<KeyedAddress> {
  if (/^[0-9a-f]{64}$/.test(text)) return ok({ kind: 'key', canonical: text, key: Buffer.from(text, 'hex') });
  if (!ACCOUNT.test(text)) return notAnAddress('NEAR', text, 'is not an account id (2 to 64 of a-z 0-9 - _ .)');
  const reason =
    'a named account: which keys it has stands on chain only (view_access_key); the key is the one in the row';
  return ok({ kind: 'open', canonical: text, isOf: () => false, reason });
}
