import { ok, type Result } from '../../src/domain/result.ts';
import { notAnAddress, toHex } from '../../src/lib/decode-text.ts';
import { blake2b } from '../../src/lib/digests.ts';
import type { KeyedAddress } from '../../src/lib/ed25519-chain.ts';

/** The flag of Ed25519 in Sui's signatures and addresses. */
const ED25519_FLAG = 0x00;

/** BLAKE2b-256(00 ‖ key): Sui's address of a single Ed25519 key. */
export const suiAddressOf = (key: Uint8Array): string => `0x${toHex(blake2b(Uint8Array.of(ED25519_FLAG, ...key), 32))}`;

/** Reads a Sui address: 0x and all 64 hex digits, of either case, no checksum. */
export function decodeSuiAddress(text: string): Result<KeyedAddress> {
  if (!/^0x[0-9a-fA-F]{64}$/.test(text)) return notAnAddress('Sui', text, 'must be 0x and 64 hex digits');
  const address = text.toLowerCase();
  return ok({ kind: 'hash', canonical: address, isOf: (key) => suiAddressOf(key) === address });
}
