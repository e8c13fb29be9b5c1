import { compactSize } from '../../src/lib/okx-envelope.ts';
import { trace } from '../../src/lib/trace.ts';
import { sha256d } from './hash.ts';

/** A text as its UTF-8 length in bytes (CompactSize), then its bytes. */
export function varString(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'utf8');
  return new Uint8Array(Buffer.concat([compactSize(bytes.length), bytes]));
}

/** The last digest: a published list signs one text with thousands of keys. */
let last: { readonly header: string; readonly message: string; readonly digest: Uint8Array } | null = null;

/** BIP-137: sha256d(varString(header) || varString(message)); each coin's wallets have their own header. */
export function signedMessageDigest(header: string, message: string): Uint8Array {
  if (trace !== null || last?.message !== message || last.header !== header) {
    last = { header, message, digest: sha256d(varString(header), varString(message)) };
  }
  return last.digest;
}

/** Message headers of the coins that are known to sign this way: only to say, of a failing row, which one would have fitted. */
export const KNOWN_HEADERS: readonly string[] = [
  'Bitcoin',
  'Litecoin',
  'Dogecoin',
  'DarkCoin',
  'Bitcoin Gold',
  'Bitcoindiamond',
  'DigiByte',
  'Qtum',
  'Raven',
  'Zcash',
  'Decred',
].map((coin) => `${coin} Signed Message:\n`);
