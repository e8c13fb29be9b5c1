import { ok, type Result } from '../../src/domain/result.ts';
import { notAnAddress, toHex } from '../../src/lib/decode-text.ts';
import type { KeyedAddress } from '../../src/lib/ed25519-chain.ts';

/** Accounts whose name binds a guard: several keys (w:), a capability (c:), a keyset (r:), a user guard (u:). */
const OTHER_PRINCIPAL = /^(?:[wcu]:[A-Za-z0-9_-]{43}(?::[\x21-\x7e]{1,128})?|r:[\x21-\x7e]{1,128})$/;

/** The single-key account of a key: k: and its hex. */
export const singleKeyAccountOf = (key: Uint8Array): string => `k:${toHex(key)}`;

/** Reads a Kadena account that names its guard, or the 64 hex digits by which older wallets called theirs. Vanity names are refused: any chain's address would be one. */
export function decodeKadenaAccount(text: string): Result<KeyedAddress> {
  const [, prefix, digits] = /^(k:)?([0-9a-f]{64})$/.exec(text) ?? [];
  if (prefix !== undefined) return ok({ kind: 'key', canonical: text, key: Buffer.from(digits ?? '', 'hex') });
  if (digits === undefined && !OTHER_PRINCIPAL.test(text)) {
    return notAnAddress(
      'Kadena',
      text,
      'is neither k: and 64 lower-case hex digits nor another guarded account (w: c: r: u:)',
    );
  }
  const reason = 'which keys guard the account stands on chain only; the key is the one in the row';
  return ok({ kind: 'open', canonical: text, isOf: () => false, reason });
}
