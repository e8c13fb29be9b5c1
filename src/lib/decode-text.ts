import { bech32, type Coder } from '@scure/base';
import { quote } from '../domain/ids.ts';
import { err, type Result } from '../domain/result.ts';

/** The error of a text that is no address of a chain: the chain's name, the text made safe, why, and that it is to be checked. */
export const notAnAddress = (chain: string, text: string, why: string): Result<never> =>
  err(`${chain} address ${quote(text)} ${why}; copy it again`);

/** What a coder of @scure/base makes of a text that nobody vouches for; null where it does not decode. */
export function decodeOrNull(coder: Coder<Uint8Array, string>, text: string): Uint8Array | null {
  try {
    return coder.decode(text);
  } catch {
    return null;
  }
}

/** Prefix and bytes of a bech32 text (BIP-173, here of at most `limit` characters); null where checksum, case or padding is wrong. */
export function decodeBech32(
  text: string,
  limit: number,
): { readonly prefix: string; readonly bytes: Uint8Array } | null {
  if (text.length > limit) return null;
  const decoded = bech32.decodeUnsafe(text, limit);
  const bytes = decoded ? bech32.fromWordsUnsafe(decoded.words) : undefined;
  return decoded && bytes ? { prefix: decoded.prefix, bytes: Uint8Array.from(bytes) } : null;
}

/** Lower-case hex of bytes, without prefix. */
export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Whether two byte strings are equal. Nothing here is secret, so the time may differ. */
export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
