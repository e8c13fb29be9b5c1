import { bech32 } from '@scure/base';
import { quote } from '../domain/ids.ts';
import { err, ok, type Result } from '../domain/result.ts';

/** Bytes as bech32 (BIP-173) in lower case. */
export const encodeBech32 = (prefix: string, bytes: Uint8Array): string => bech32.encode(prefix, bech32.toWords(bytes));

/** The bytes of a bech32 text of that prefix: right checksum, all lower or all upper case, no spare bits, one of the lengths. */
export function decodeBech32(text: string, prefix: string, lengths: readonly number[]): Result<Uint8Array> {
  const wrong = (why: string) => err(`address ${quote(text)} ${why}; copy it again`);
  const decoded = bech32.decodeUnsafe(text, 90);
  if (!decoded) return wrong(`is not bech32 with a right checksum (${prefix}1…)`);
  if (decoded.prefix !== prefix) return wrong(`has the prefix ${quote(decoded.prefix)}, this chain's is ${prefix}`);
  const bytes = bech32.fromWordsUnsafe(decoded.words);
  if (!bytes || !lengths.includes(bytes.length)) return wrong(`does not decode to ${lengths.join(' or ')} bytes`);
  return ok(bytes);
}
