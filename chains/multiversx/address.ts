import { bech32 } from '@scure/base';
import { ok, type Result } from '../../src/domain/result.ts';
import { decodeBech32, notAnAddress } from '../../src/lib/decode-text.ts';
import type { KeyedAddress } from '../../src/lib/ed25519-chain.ts';

/** The address of a key: its bech32 with the prefix erd. */
export const erdAddressOf = (key: Uint8Array): string => bech32.encode('erd', bech32.toWords(key));

/** Reads a MultiversX address: bech32 of 32 bytes; eight zero bytes in front mark a contract. Lower case is canonical. */
export function decodeErdAddress(text: string): Result<KeyedAddress> {
  const decoded = decodeBech32(text, 90);
  if (decoded?.prefix !== 'erd' || decoded.bytes.length !== 32) {
    return notAnAddress('MultiversX', text, 'does not decode as erd bech32 of 32 bytes');
  }
  const canonical = text.toLowerCase();
  return decoded.bytes.subarray(0, 8).every((byte) => byte === 0)
    ? ok({ kind: 'none', canonical, reason: 'a contract has no key that could sign' })
    : ok({ kind: 'key', canonical, key: decoded.bytes });
}
