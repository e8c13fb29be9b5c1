import { ok, type Result } from '../../src/domain/result.ts';
import { decodeBech32, notAnAddress, toHex } from '../../src/lib/decode-text.ts';
import { blake2b } from '../../src/lib/digests.ts';
import type { KeyedAddress } from '../../src/lib/ed25519-chain.ts';

/** TIP-31: kinds of address before the ledger of 2025; 0 is the hash of an Ed25519 key. */
const ED25519 = 0;
const CONTROLLED = new Map([
  [8, 'an alias'],
  [16, 'an NFT'],
]);

/** The address of a key: 0x and BLAKE2b-256 of it, without a flag byte (IOTA Rebased keeps Stardust's hash). */
export const iotaAddressOf = (key: Uint8Array): string => `0x${toHex(blake2b(key, 32))}`;

/** Reads an IOTA address: 0x and 64 hex digits (Rebased), or `iota1…` bech32 (Stardust), which names the same 32 bytes. */
export function decodeIotaAddress(text: string): Result<KeyedAddress> {
  if (/^0x[0-9a-fA-F]{64}$/.test(text)) return ofKey(text.toLowerCase());
  const decoded = decodeBech32(text, 90);
  const type = decoded?.bytes[0];
  if (decoded?.prefix !== 'iota' || decoded.bytes.length !== 33 || type === undefined) {
    return notAnAddress('IOTA', text, 'is neither 0x and 64 hex digits nor iota1 bech32 of 33 bytes');
  }
  const canonical = `0x${toHex(decoded.bytes.subarray(1))}`;
  if (type === ED25519) return ofKey(canonical);
  const kind = CONTROLLED.get(type);
  const reason = `${kind}: who controls it stands on chain only; the key is the one in the row`;
  return kind === undefined
    ? notAnAddress('IOTA', text, `has the unknown kind ${type}`)
    : ok({ kind: 'open', canonical, isOf: () => false, reason });
}

const ofKey = (canonical: string): Result<KeyedAddress> =>
  ok({ kind: 'hash', canonical, isOf: (key) => iotaAddressOf(key) === canonical });
