/** Fewer bytes are no signature of any scheme: two lists that both print `0x00` have copied nothing. */
const LEAST_BYTES = 32;

/**
 * The bytes of a printed signature as lower-case hex, whether it was printed as hex (with 0x or not) or as base64, so that one
 * signature is known again in another spelling; the text itself where it is neither. Null for less than 32 bytes.
 */
export function signatureBytes(text: string): string | null {
  const hex = /^(?:0x)?((?:[0-9a-f]{2})+)$/i.exec(text)?.[1]?.toLowerCase();
  const base64 = /^[A-Za-z0-9+/_-]+={0,2}$/.test(text) ? Buffer.from(text, 'base64').toString('hex') : null;
  const key = hex ?? base64 ?? Buffer.from(text, 'utf8').toString('hex');
  return key.length >= 2 * LEAST_BYTES ? key : null;
}
