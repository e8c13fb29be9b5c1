import { ok, type Result } from '../../src/domain/result.ts';
import { decodeBech32, equalBytes, notAnAddress, toHex } from '../../src/lib/decode-text.ts';
import type { KeyedAddress } from '../../src/lib/ed25519-chain.ts';
import { sha256Bytes } from '../../src/lib/hash.ts';

/** Tendermint's address of an Ed25519 key: the first 20 bytes of its SHA-256. */
const addressBytes = (key: Uint8Array): Uint8Array => sha256Bytes(key).subarray(0, 20);

/** The address of a key before the Shannon upgrade: 40 hex digits. */
export const pocketAddressOf = (key: Uint8Array): string => toHex(addressBytes(key));

/** Reads a Pocket address: 40 hex digits without checksum (until 2025), or pokt1 bech32 of a secp256k1 key (since). */
export function decodePocketAddress(text: string): Result<KeyedAddress> {
  if (/^[0-9a-fA-F]{40}$/.test(text)) {
    const bytes = Buffer.from(text, 'hex');
    return ok({ kind: 'hash', canonical: text.toLowerCase(), isOf: (key) => equalBytes(addressBytes(key), bytes) });
  }
  const decoded = decodeBech32(text, 90);
  if (decoded?.prefix !== 'pokt' || decoded.bytes.length !== 20) {
    return notAnAddress('Pocket', text, 'is neither 40 hex digits nor pokt1 bech32 of 20 bytes');
  }
  const reason = 'a pokt1 address: which key it is of stands on chain only; the key is the one in the row';
  return ok({ kind: 'open', canonical: text.toLowerCase(), isOf: () => false, reason });
}
