import { quote } from '../../src/domain/ids.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import type { Account } from '../../src/lib/account-rows.ts';
import { decodeBase58check, encodeBase58check } from '../../src/lib/base58check.ts';
import { sha256d } from '../../src/lib/key-hashes.ts';

/**
 * Reads an aelf address: base58check of 32 bytes, case-sensitive, bare or in the wrapping that names token and chain, which must be the main
 * chain's (`ELF_…_AELF`). Canonical is bare.
 */
export function parseAelfAccount(text: string): Result<Account> {
  const wrong = (why: string) => err(`aelf address ${quote(text)} ${why}; copy it again`);
  const wrapped = /^ELF_(.+)_([A-Za-z]{4})$/.exec(text);
  if (wrapped && wrapped[2] !== 'AELF') return wrong('is of a side chain');
  const bare = wrapped?.[1] ?? text;
  if (!/^[1-9A-HJ-NP-Za-km-z]{36,50}$/.test(bare)) return wrong('must be 36 to 50 base58 digits');
  const bytes = decodeBase58check(bare);
  if (bytes === null) return wrong('fails its checksum');
  return bytes.length === 32
    ? ok({ canonical: bare, derived: true, otherKeys: null })
    : wrong(`holds ${bytes.length} bytes, 32 are needed`);
}

/** The address of a 65-byte key. */
export const aelfAddressOf = (key: Uint8Array): string => encodeBase58check(sha256d(key));
