import { ok, type Result } from '../../src/domain/result.ts';
import { notAnAddress, toHex } from '../../src/lib/decode-text.ts';
import { sha3 } from '../../src/lib/digests.ts';
import type { KeyedAddress } from '../../src/lib/ed25519-chain.ts';

const HEX = /^0x([0-9a-fA-F]{1,64})$/;

/** AIP-40: 0x0 to 0xf are written short, every other address with all its 64 digits. */
const canonical = (digits: string): string =>
  /^0{63}[0-9a-f]$/.test(digits) ? `0x${digits.slice(-1)}` : `0x${digits}`;

/** The address of an account whose key was never rotated: SHA3-256(key ‖ 00), the authentication key of a single Ed25519 key. */
export const aptosAddressOf = (key: Uint8Array): string => canonical(toHex(sha3(Uint8Array.of(...key, 0x00))));

/** Reads an Aptos address: 0x and 1 to 64 hex digits (publishers leave leading zeros out); hex of either case, no checksum. */
export function decodeAptosAddress(text: string): Result<KeyedAddress> {
  const digits = HEX.exec(text)?.[1];
  if (digits === undefined) return notAnAddress('Aptos', text, 'must be 0x and 1 to 64 hex digits');
  const address = canonical(digits.toLowerCase().padStart(64, '0'));
  const otherwise = 'an account whose key was rotated names its authentication key as owner1';
  return ok({ kind: 'hash', canonical: address, isOf: (key) => aptosAddressOf(key) === address, otherwise });
}
