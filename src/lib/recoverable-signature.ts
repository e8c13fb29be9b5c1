import { err, ok, type Result } from '../domain/result.ts';
import { isHighS } from './secp256k1.ts';
import { trace } from './trace.ts';

/** An ECDSA signature over secp256k1 from which the key can be recovered. */
export interface RecoverableSignature {
  /** r and s, 32 bytes each, big-endian. */
  readonly rs: Uint8Array;
  readonly recoveryId: 0 | 1;
  /** False for s above n/2 and for the recovery bytes 31 and 32: the same signature in a second spelling. */
  readonly canonical: boolean;
}

/** 27 and 28 as Bitcoin counts, 0 and 1 bare, 31 and 32 with Bitcoin's mark of a compressed key, which OKX's tool takes too. */
const RECOVERY_IDS: Readonly<Record<number, 0 | 1>> = { 0: 0, 1: 1, 27: 0, 28: 1, 31: 0, 32: 1 };

/**
 * Reads r, s, v from 130 hex digits, with or without `0x`; v is one of 0, 1, 27, 28, 31, 32 (recovery ids 2 and 3 do not occur:
 * r would have to exceed the group order). Any other length, letter or blank is an error that says what is there.
 */
export function parseRecoverableSignature(text: string): Result<RecoverableSignature> {
  const bytes = parseHexBytes(text);
  if (!bytes.ok) return bytes;
  if (bytes.value.length !== 65) return err(`it has ${bytes.value.length} bytes, 65 are needed`);
  const v = bytes.value[64] as number;
  const recoveryId = RECOVERY_IDS[v];
  if (recoveryId === undefined) return err(`recovery byte ${v} is not one of ${Object.keys(RECOVERY_IDS).join(', ')}`);
  const rs = bytes.value.subarray(0, 64);
  trace?.read('signature: r, s, v in hex', {
    r: rs.subarray(0, 32),
    s: rs.subarray(32),
    v,
    recoveryId,
    highS: isHighS(rs),
  });
  return ok({ rs, recoveryId, canonical: v < 31 && !isHighS(rs) });
}

/** The bytes of hex digits of either case, with or without `0x`; the error says what is there instead. */
export function parseHexBytes(text: string): Result<Uint8Array> {
  const hex = text.startsWith('0x') ? text.slice(2) : text;
  // Decoding ends silently at the first character that is not hex: the length tells.
  const bytes = Buffer.from(hex, 'hex');
  if (bytes.length * 2 === hex.length) return ok(bytes);
  if (/\s/.test(hex)) return err('it has blanks in it');
  if (/[^0-9a-fA-F]/.test(hex)) return err('it is not hex');
  return err(`it has ${hex.length} hex digits, an odd number`);
}
