import { ok, type Result } from '../../src/domain/result.ts';
import { equalBytes, notAnAddress } from '../../src/lib/decode-text.ts';
import type { KeyedAddress } from '../../src/lib/ed25519-chain.ts';
import { sha256Bytes } from '../../src/lib/hash.ts';

/** LIP-18: the digits of lisk32, and the generator of its checksum (six digits, 30 bits). */
const DIGITS = 'zxvcpmbn3465o978uyrtkqew2adsjhfg';
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3] as const;

function polymod(values: readonly number[]): number {
  let state = 1;
  for (const value of values) {
    const top = state >>> 25;
    state = ((state & 0x1ff_ffff) << 5) ^ value;
    for (const [bit, constant] of GENERATOR.entries()) if ((top >> bit) & 1) state ^= constant;
  }
  return state >>> 0;
}

const addressBytes = (key: Uint8Array): Uint8Array => sha256Bytes(key).subarray(0, 20);

/** The lisk32 address of a key: prefix, 20 bytes of SHA-256 of the key as 32 digits, six digits of checksum (LIP-18). */
export function lisk32Of(key: Uint8Array, prefix: string): string {
  const bits = [...addressBytes(key)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const values = (bits.match(/.{5}/g) ?? []).map((group) => Number.parseInt(group, 2));
  const checksum = polymod([...values, 0, 0, 0, 0, 0, 0]) ^ 1;
  for (let at = 5; at >= 0; at -= 1) values.push((checksum >>> (5 * at)) & 31);
  return `${prefix}${values.map((value) => DIGITS[value]).join('')}`;
}

/** The number by which Lisk called an account before LIP-18: the first eight bytes of SHA-256 of the key, reversed, and L. */
const legacyOf = (key: Uint8Array): string => `${Buffer.from(sha256Bytes(key).subarray(0, 8)).readBigUInt64LE()}L`;

/** Reads a lisk32 address with one of the prefixes (spelled canonically with the first) or the older number with L. */
export function decodeLiskAddress(text: string, prefixes: readonly [string, ...string[]]): Result<KeyedAddress> {
  if (/^(?:0|[1-9]\d{0,19})L$/.test(text)) {
    return BigInt(text.slice(0, -1)) < 2n ** 64n
      ? ok({ kind: 'hash', canonical: text, isOf: (key) => legacyOf(key) === text })
      : notAnAddress('Lisk', text, 'is larger than 64 bits');
  }
  const prefix = prefixes.find((one) => text.startsWith(one));
  const values = [...text.slice(prefix?.length ?? 0)].map((digit) => DIGITS.indexOf(digit));
  if (prefix === undefined || values.length !== 38 || values.includes(-1)) {
    return notAnAddress('Lisk', text, `is not ${prefixes.join(' or ')} and 38 digits of lisk32, nor a number and L`);
  }
  if (polymod(values) !== 1) return notAnAddress('Lisk', text, 'has a wrong checksum (LIP-18)');
  const bits = values
    .slice(0, 32)
    .map((value) => value.toString(2).padStart(5, '0'))
    .join('');
  const bytes = Buffer.from((bits.match(/.{8}/g) ?? []).map((octet) => Number.parseInt(octet, 2)));
  const canonical = `${prefixes[0]}${text.slice(prefix.length)}`;
  return ok({ kind: 'hash', canonical, isOf: (key) => equalBytes(addressBytes(key), bytes) });
}
