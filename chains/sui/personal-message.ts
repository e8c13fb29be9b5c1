import { blake2b } from '../../src/lib/digests.ts';
import type { SignatureCell, SignedFormat } from '../../src/lib/ed25519-chain.ts';
import { decodeSignature64 } from '../../src/lib/ed25519-text.ts';
import { trace } from '../../src/lib/trace.ts';

/** Sui's intent of a personal message: scope 3, version 0, application 0. */
const INTENT = Uint8Array.of(3, 0, 0);

/** What Sui wallets sign: BLAKE2b-256(intent ‖ BCS of the bytes, that is their count as ULEB128 and they themselves). */
export const PERSONAL_FORMAT: SignedFormat = {
  name: 'sui-personal',
  what: "Sui's personal message",
  bytes(message) {
    const text = Buffer.from(message, 'utf8');
    return blake2b(Buffer.concat([INTENT, uleb128(text.length), text]), 32);
  },
};

function uleb128(count: number): Uint8Array {
  const bytes: number[] = [];
  let rest = count;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  return Uint8Array.of(...bytes, rest);
}

/** Schemes by the first byte of a wallet's signature (Sui, crypto/signature). */
const OTHER_SCHEMES = new Map([
  [0x01, 'secp256k1'],
  [0x02, 'secp256r1'],
  [0x03, 'multisig'],
  [0x05, 'zkLogin'],
  [0x06, 'passkey'],
]);

/** Reads a Sui signature: flag ‖ 64 bytes ‖ 32-byte key in base64 (97 bytes, wallets), or 64 bytes alone (OKX). */
export function readSuiSignature(text: string): SignatureCell {
  const plain = decodeSignature64(text);
  if (plain.ok) return { kind: 'signature', bytes: plain.value, key: null };
  const bytes = Buffer.from(text, 'base64');
  const flag = bytes[0];
  if (flag === undefined || bytes.length < 97 || bytes.toString('base64') !== text) {
    return { kind: 'malformed', reason: `${plain.error}, nor flag, signature and key in base64` };
  }
  if (flag === 0x00 && bytes.length === 97) {
    trace?.read('signature: flag, R, S, key in base64', {
      flag,
      R: bytes.subarray(1, 33),
      S: bytes.subarray(33, 65),
      key: bytes.subarray(65),
    });
    return { kind: 'signature', bytes: bytes.subarray(1, 65), key: bytes.subarray(65) };
  }
  const scheme = OTHER_SCHEMES.get(flag);
  return scheme === undefined
    ? {
        kind: 'malformed',
        reason: `the signature of ${bytes.length} bytes has the flag ${flag}, an Ed25519 one has 97 and 0`,
      }
    : { kind: 'unsupported', reason: `a Sui signature of the scheme ${scheme}, which is not verified yet` };
}
