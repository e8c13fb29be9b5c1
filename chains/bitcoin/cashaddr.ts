import { quote } from '../../src/domain/ids.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';

const CHARSET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATOR = [0x98f2bc8e61n, 0x79b76d99e2n, 0xf33e5fb3c4n, 0xae2eabe2a8n, 0x1e4f43e470n] as const;
/** Hash sizes in bits by the low three bits of the version byte (cashaddr specification, "Version byte"). */
const HASH_BITS = [160, 192, 224, 256, 320, 384, 448, 512] as const;

/** A decoded cashaddr payload: type 0 is P2PKH, 1 is P2SH; 2 and 3 are the same two for token-aware wallets. */
export interface CashaddrPayload {
  readonly type: number;
  readonly hash: Uint8Array;
}

/** The 40-bit BCH checksum of 5-bit values (cashaddr specification, "Checksum"). */
function polymod(values: readonly number[]): bigint {
  let state = 1n;
  for (const value of values) {
    const top = state >> 35n;
    state = ((state & 0x07ffffffffn) << 5n) ^ BigInt(value);
    for (const [bit, constant] of GENERATOR.entries()) if ((top >> BigInt(bit)) & 1n) state ^= constant;
  }
  return state ^ 1n;
}

/** The prefix as the checksum sees it: the low five bits of each letter, then a zero. */
const expandPrefix = (prefix: string): number[] => [...prefix].map((letter) => letter.charCodeAt(0) & 31).concat(0);

/** Decodes a cashaddr with or without its prefix; the checksum is always that of `prefix`. All upper case is allowed, mixed is not. */
export function decodeCashaddr(text: string, prefix: string): Result<CashaddrPayload> {
  if (text !== text.toLowerCase() && text !== text.toUpperCase())
    return err(`${quote(text)} mixes upper and lower case`);
  const lower = text.toLowerCase();
  const colon = lower.lastIndexOf(':');
  if (colon >= 0 && lower.slice(0, colon) !== prefix) {
    return err(`${quote(text)} has another prefix than ${prefix}:`);
  }
  const values = [...lower.slice(colon + 1)].map((letter) => CHARSET.indexOf(letter));
  if (values.length < 8 || values.length > 112 || values.includes(-1)) return err(`${quote(text)} is not a cashaddr`);
  if (polymod([...expandPrefix(prefix), ...values]) !== 0n) {
    return err(`${quote(text)} has a wrong checksum for the prefix ${prefix}:`);
  }
  const bytes = toBytes(values.slice(0, -8));
  const version = bytes?.[0];
  if (!bytes || version === undefined || version & 0x80) return err(`${quote(text)} has a malformed payload`);
  const hash = bytes.slice(1);
  if (hash.length * 8 !== HASH_BITS[version & 7]) return err(`${quote(text)} has a hash of a wrong length`);
  return ok({ type: version >> 3, hash });
}

/** Encodes a payload with its prefix, in lower case. */
export function encodeCashaddr(prefix: string, { type, hash }: CashaddrPayload): string {
  const size = (HASH_BITS as readonly number[]).indexOf(hash.length * 8);
  if (size < 0 || type < 0 || type > 15) throw new RangeError('no cashaddr for this type and hash length');
  const values = toFiveBits(Uint8Array.of((type << 3) | size, ...hash));
  const checksum = polymod([...expandPrefix(prefix), ...values, 0, 0, 0, 0, 0, 0, 0, 0]);
  for (let shift = 35n; shift >= 0n; shift -= 5n) values.push(Number((checksum >> shift) & 31n));
  return `${prefix}:${values.map((value) => CHARSET[value]).join('')}`;
}

/** Five-bit groups as bytes, or null where the padding is longer than needed or not zero. */
function toBytes(values: readonly number[]): Uint8Array | null {
  const bytes: number[] = [];
  let buffer = 0;
  let bits = 0;
  for (const value of values) {
    buffer = ((buffer << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((buffer >> bits) & 0xff);
    }
  }
  return bits < 5 && (buffer & ((1 << bits) - 1)) === 0 ? Uint8Array.from(bytes) : null;
}

function toFiveBits(bytes: Uint8Array): number[] {
  const values: number[] = [];
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      values.push((buffer >> bits) & 31);
    }
  }
  if (bits > 0) values.push((buffer << (5 - bits)) & 31);
  return values;
}
