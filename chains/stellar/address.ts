import { base32 } from '@scure/base';
import { ok, type Result } from '../../src/domain/result.ts';
import { crc16Xmodem } from '../../src/lib/crc16.ts';
import { decodeOrNull, notAnAddress } from '../../src/lib/decode-text.ts';
import type { KeyedAddress } from '../../src/lib/ed25519-chain.ts';

/** SEP-23 version bytes: `G…` an account's key, `C…` a contract, `M…` an account with a number of the recipient's. */
const ACCOUNT = 6 << 3;
const CONTRACT = 2 << 3;
const MUXED = 12 << 3;

/** The strkey of an account: base32(version ‖ key ‖ CRC-16, little-endian). */
export function strkeyOf(key: Uint8Array): string {
  const data = Uint8Array.of(ACCOUNT, ...key);
  const crc = crc16Xmodem(data);
  return base32.encode(Uint8Array.of(...data, crc & 0xff, crc >> 8));
}

/** Reads a strkey of an account or a contract, upper case, with its checksum (SEP-23); one spelling each. */
export function decodeStrkey(text: string): Result<KeyedAddress> {
  const bytes = /^[A-Z2-7]{56,69}$/.test(text)
    ? decodeOrNull(base32, text.padEnd(Math.ceil(text.length / 8) * 8, '='))
    : null;
  if (bytes === null) return notAnAddress('Stellar', text, 'is not a strkey of 56 upper-case base32 digits');
  const [low = 0, high = 0] = bytes.subarray(-2);
  if (crc16Xmodem(bytes.subarray(0, -2)) !== low + high * 256) {
    return notAnAddress('Stellar', text, 'has a wrong checksum (CRC-16)');
  }
  if (bytes[0] === MUXED) return notAnAddress('Stellar', text, 'is a muxed one (M…): list the account itself (G…)');
  if (bytes.length !== 35) return notAnAddress('Stellar', text, 'is not a strkey of 56 digits');
  if (bytes[0] === ACCOUNT) return ok({ kind: 'key', canonical: text, key: bytes.slice(1, 33) });
  return bytes[0] === CONTRACT
    ? ok({ kind: 'none', canonical: text, reason: 'a contract (C…) has no key that could sign' })
    : notAnAddress('Stellar', text, 'is neither an account (G…) nor a contract (C…)');
}
