import { quote } from '../../src/domain/ids.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import type { Account } from '../../src/lib/account-rows.ts';
import { toHex } from '../../src/lib/decode-text.ts';
import { sha3 } from '../../src/lib/digests.ts';

/** Reads an ICON address: `hx` (key) or `cx` (contract) and 40 hex digits in either case; there is no checksum. Canonical is lower case. */
export function parseIconAccount(text: string): Result<Account> {
  if (!/^[hc]x[0-9a-fA-F]{40}$/.test(text)) {
    return err(`ICON address ${quote(text)} must be hx or cx and 40 hex digits; copy it again`);
  }
  const derived = text.startsWith('hx');
  return ok({ canonical: text.toLowerCase(), derived, otherKeys: derived ? null : 'a contract has no key' });
}

/** The address of a 65-byte key: the last 20 bytes of the SHA3-256 of its 64 bytes x, y. */
export const iconAddressOf = (key: Uint8Array): string => `hx${toHex(sha3(key.subarray(1)).subarray(-20))}`;
