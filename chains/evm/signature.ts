import { err, ok, type Result } from '../../src/domain/result.ts';
import { isHighS } from '../../src/lib/secp256k1.ts';
import { trace } from '../../src/lib/trace.ts';

/** A recoverable signature of an EVM account. */
export interface EvmSignature {
  /** r and s, 32 bytes each, big-endian. */
  readonly rs: Uint8Array;
  readonly recoveryId: 0 | 1;
  /** False for EIP-2098's 64 bytes and for s above n/2 (EIP-2): the same signature in a second spelling. */
  readonly canonical: boolean;
}

/**
 * Reads a signature from hex, with or without `0x`: 65 bytes r, s, v with v one of 0, 1, 27, 28, or 64 bytes by EIP-2098 (the top
 * bit of s is the recovery id). Any other length, letter, blank or v is an error that says what is there: v 37 and more belongs to
 * transactions (EIP-155), not to messages. Whether r and s are in range is left to the recovery.
 */
export function parseEvmSignature(text: string): Result<EvmSignature> {
  const hex = text.startsWith('0x') ? text.slice(2) : text;
  // Decoding ends silently at the first character that is not hex: the length tells.
  const bytes = Buffer.from(hex, 'hex');
  if (bytes.length * 2 !== hex.length) return err(describeBadHex(hex));
  if (bytes.length === 65) {
    const v = bytes[64] as number;
    const recoveryId = v === 27 || v === 0 ? 0 : v === 28 || v === 1 ? 1 : null;
    if (recoveryId === null) return err(`recovery byte ${v} is not one of 0, 1, 27, 28`);
    const rs = bytes.subarray(0, 64);
    traceSignature('r, s, v in hex', rs, v, recoveryId);
    return ok({ rs, recoveryId, canonical: !isHighS(rs) });
  }
  if (bytes.length === 64) {
    const recoveryId = (bytes[32] as number) >= 0x80 ? 1 : 0;
    bytes[32] = (bytes[32] as number) & 0x7f;
    traceSignature('64 bytes by EIP-2098 in hex', bytes, null, recoveryId);
    return ok({ rs: bytes, recoveryId, canonical: false });
  }
  return err(`it has ${bytes.length} bytes, 65 are needed (or 64 by EIP-2098)`);
}

const traceSignature = (form: string, rs: Uint8Array, v: number | null, recoveryId: number): void =>
  trace?.read(`signature: ${form}`, { r: rs.subarray(0, 32), s: rs.subarray(32), v, recoveryId, highS: isHighS(rs) });

function describeBadHex(hex: string): string {
  if (/\s/.test(hex)) return 'it has blanks in it';
  if (/[^0-9a-fA-F]/.test(hex)) return 'it is not hex';
  return `it has ${hex.length} hex digits, an odd number`;
}

/** The 32 bytes that end a signature wrapped by ERC-6492. */
const ERC_6492 = /(6492){16}$/;

/** Which kind of proof known elsewhere the text is in form, if it is no account signature: never checked here. */
export function foreignSignatureKind(text: string): 'erc-6492' | 'bls12-381' | null {
  if (text.length < 192) return null;
  const hex = text.startsWith('0x') ? text.slice(2) : text;
  if (!/^([0-9a-fA-F]{2})+$/.test(hex)) return null;
  if (hex.length > 192 && ERC_6492.test(hex)) return 'erc-6492';
  return hex.length === 192 ? 'bls12-381' : null;
}
