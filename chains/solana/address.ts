import { base58 } from '@scure/base';
import { type Address, quote } from '../../src/domain/ids.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';

/** 32 bytes take 32 (all zero) to 44 base58 digits; longer text is refused before the quadratic decoding. */
const BASE58_32_BYTES = /^[1-9A-HJ-NP-Za-km-z]{32,44}$/;

/**
 * The 32 bytes of a Solana address: base58 without checksum, case-sensitive, no blanks. One spelling per value, so the
 * printed text is the canonical one.
 */
export function decodeSolanaAddress(text: string): Result<Uint8Array> {
  if (text !== text.trim()) return err(`Solana address ${quote(text)} has blanks around it; remove them`);
  if (!BASE58_32_BYTES.test(text)) {
    return err(`Solana address ${quote(text)} must be 32 to 44 base58 digits (no 0, O, I, l); copy it again`);
  }
  const bytes = base58.decode(text);
  return bytes.length === 32
    ? ok(bytes)
    : err(`Solana address ${quote(text)} decodes to ${bytes.length} bytes, 32 are needed; copy it again`);
}

/** Checks a Solana address; the canonical spelling is the text itself. */
export function parseSolanaAddress(text: string): Result<Address> {
  const decoded = decodeSolanaAddress(text);
  return decoded.ok ? ok(text as Address) : decoded;
}

/** The address that a raw 32-byte Ed25519 key is on Solana. */
export const solanaAddressOf = (publicKey: Uint8Array): Address => base58.encode(publicKey) as Address;
