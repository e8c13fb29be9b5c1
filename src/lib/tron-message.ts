import { keccak256 } from './keccak.ts';

/**
 * The hashes of a message that TRON accounts sign (TIP-191): V2 is the header, the length in bytes and the text; V1 has the
 * fixed length 32, behind which stands the Keccak-256 of the text (OKX, most of HTX) or, in some of HTX's rows, the text itself
 * whatever its length.
 */
export type TronMessageVariant = 'v2' | 'v1' | 'v1-text';

const HEADER = '\x19TRON Signed Message:\n';

/** The 32 bytes that a variant signs. */
export function tronMessageDigest(message: string, variant: TronMessageVariant): Uint8Array {
  const body = variant === 'v1' ? keccak256(message) : Buffer.from(message, 'utf8');
  const length = variant === 'v2' ? body.length : 32;
  return keccak256(Buffer.concat([Buffer.from(`${HEADER}${length}`, 'latin1'), body]));
}
