import { keccak256 } from '../../src/lib/keccak.ts';
import { sha256d } from './hash.ts';

/** Bitcoin's CompactSize of a count below 2^32: 1, 3 or 5 bytes, little-endian. */
export function compactSize(count: number): Uint8Array {
  if (!Number.isInteger(count) || count < 0 || count > 0xffff_ffff) throw new RangeError(`no CompactSize for ${count}`);
  if (count < 0xfd) return Uint8Array.of(count);
  const bytes = Buffer.alloc(count <= 0xffff ? 3 : 5);
  bytes[0] = count <= 0xffff ? 0xfd : 0xfe;
  if (count <= 0xffff) bytes.writeUInt16LE(count, 1);
  else bytes.writeUInt32LE(count, 1);
  return new Uint8Array(bytes);
}

/** A text as its UTF-8 length in bytes (CompactSize), then its bytes. */
export function varString(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'utf8');
  return new Uint8Array(Buffer.concat([compactSize(bytes.length), bytes]));
}

/** The last digest: a published list signs one text with thousands of keys. */
let last: { readonly header: string; readonly message: string; readonly digest: Uint8Array } | null = null;

/** BIP-137: sha256d(varString(header) || varString(message)); each coin's wallets have their own header. */
export function signedMessageDigest(header: string, message: string): Uint8Array {
  if (last?.message !== message || last.header !== header) {
    last = { header, message, digest: sha256d(varString(header), varString(message)) };
  }
  return last.digest;
}

/** OKX's second envelope for UTXO rows (signature as 0x hex r, s, v): keccak256(varString("OKX Signed Message:\n") || varString(message)). */
export const okxEnvelopeDigest = (message: string): Uint8Array =>
  keccak256(Buffer.concat([varString('OKX Signed Message:\n'), varString(message)]));

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
