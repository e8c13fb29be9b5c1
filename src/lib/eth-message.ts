import { keccak256 } from './keccak.ts';

/**
 * The hashes of a message that Ethereum accounts sign: `digest32` is personal_sign of the 32 bytes keccak256(message) (OKX), `text`
 * is EIP-191 version 0x45 with the length in bytes (wallets), `raw-keccak` is keccak256(message) itself (HTX). A signature
 * recovers a different key for each, so that at most one can fit an address.
 */
export type EthMessageVariant = 'digest32' | 'text' | 'raw-keccak';

const PERSONAL = '\x19Ethereum Signed Message:\n';

/** The 32 bytes that a variant signs. */
export function ethMessageDigest(message: string, variant: EthMessageVariant): Uint8Array {
  if (variant === 'raw-keccak') return keccak256(message);
  const body = variant === 'digest32' ? keccak256(message) : Buffer.from(message, 'utf8');
  return keccak256(Buffer.concat([Buffer.from(`${PERSONAL}${body.length}`, 'latin1'), body]));
}
