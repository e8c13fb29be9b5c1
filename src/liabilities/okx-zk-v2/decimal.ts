/** Digits taken at a time: small enough that every intermediate product below stays an exact double. */
const CHUNK = 10_000_000;
const CHUNK_DIGITS = 7;

/**
 * Writes a canonical element below 2^64 − 2^32 + 1, given as decimal digits, as two 32-bit halves (low first) at `at`.
 * False for a sign, a leading zero, any other character, or a value out of the field. A proof has some 25,000 of them:
 * going through BigInt costs as much as all the hashing.
 */
export function writeDecimal(text: string, halves: Uint32Array, at: number): boolean {
  const { length } = text;
  if (length === 0 || length > 20 || (length > 1 && text.charCodeAt(0) === 48)) return false;
  const split = Math.max(0, length - 2 * CHUNK_DIGITS);
  const middle = Math.max(0, length - CHUNK_DIGITS);
  const a = digits(text, 0, split);
  const b = digits(text, split, middle);
  const c = digits(text, middle, length);
  if (a < 0 || b < 0 || c < 0) return false;
  const upper = a * CHUNK + b;
  // upper·10^7 + c with upper split at 2^22, so that each part stays below 2^53; bit operations take doubles modulo 2^32.
  const high = Math.floor(upper / 0x40_0000) * CHUNK;
  const low = (upper & 0x3f_ffff) * CHUNK + c;
  const lowSum = (high & 0x3ff) * 0x40_0000 + low;
  const highHalf = Math.floor(high / 0x400) + Math.floor(lowSum / 0x1_0000_0000);
  const lowHalf = lowSum >>> 0;
  if (highHalf > 0xffff_ffff || (highHalf === 0xffff_ffff && lowHalf > 0)) return false;
  halves[at] = lowHalf;
  halves[at + 1] = highHalf;
  return true;
}

/** The value of text[from, to), or −1 when a character is not a digit. */
function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}
