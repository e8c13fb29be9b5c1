import { quote } from '../../src/domain/ids.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import type { Account } from '../../src/lib/account-rows.ts';
import { ethereumAccount } from '../../src/lib/key-hashes.ts';

/** CIP-37: base32 of its own alphabet, and the mainnet's prefix (network 1029). */
const ALPHABET = 'abcdefghjkmnprstuvwxyz0123456789';
const PREFIX = 'cfx';
/** Version byte 0 (type 0, 20 bytes) and the account. */
const BYTES = 21;
const CHECKSUM_DIGITS = 8;

/** What the first four bits of an account say (Conflux protocol, section 2.1). */
const TYPES: Readonly<Record<number, string>> = { 0: 'builtin', 1: 'user', 8: 'contract' };

/**
 * Reads a Conflux Core address by CIP-37: `cfx:` and 42 digits with their checksum, all lower or all upper case, with or without the type
 * between (`CFX:TYPE.USER:…`), which must then be the address's own. Canonical is lower case without type.
 */
export function parseConfluxAccount(text: string): Result<Account> {
  const wrong = (why: string) => err(`Conflux address ${quote(text)} ${why}; copy it again`);
  if (text !== text.toLowerCase() && text !== text.toUpperCase()) return wrong('mixes upper and lower case');
  const parts = /^cfx:(?:type\.([a-z]+):)?([a-z0-9]{42})$/.exec(text.toLowerCase());
  const digits = parts?.[2];
  if (digits === undefined) return wrong('must be cfx: and 42 digits');
  const values = [...digits].map((digit) => ALPHABET.indexOf(digit));
  if (values.includes(-1)) return wrong('has a letter that its base32 does not have');
  if (polymod([...prefixValues, ...values]) !== 0n) return wrong('fails its checksum');
  const bytes = toBytes(values.slice(0, -CHECKSUM_DIGITS));
  if (bytes === null || bytes[0] !== 0) return wrong('is of a version that is not known');
  const type = TYPES[(bytes[1] as number) >> 4];
  if (type === undefined) return wrong('is of no known account type');
  if (parts?.[1] !== undefined && parts[1] !== type) return wrong(`says ${parts[1]} but is of type ${type}`);
  const user = type === 'user';
  return ok({ canonical: `${PREFIX}:${digits}`, derived: user, otherKeys: user ? null : `a ${type} has no key` });
}

/** The address of a 65-byte key: its Ethereum account with the first four bits replaced by 1 (user). */
export function confluxAddressOf(key: Uint8Array): string {
  const account = Uint8Array.from(ethereumAccount(key));
  account[0] = 0x10 | ((account[0] as number) & 0x0f);
  const values = toValues(Uint8Array.of(0, ...account));
  const checksum = polymod([...prefixValues, ...values, ...new Array<number>(CHECKSUM_DIGITS).fill(0)]);
  for (let shift = 35n; shift >= 0n; shift -= 5n) values.push(Number((checksum >> shift) & 31n));
  return `${PREFIX}:${values.map((value) => ALPHABET[value]).join('')}`;
}

const prefixValues = [...[...PREFIX].map((letter) => (letter.codePointAt(0) as number) & 31), 0];

/** The 40-bit checksum of Bitcoin Cash's address format, which CIP-37 takes over. */
function polymod(values: readonly number[]): bigint {
  const generators = [0x98f2bc8e61n, 0x79b76d99e2n, 0xf33e5fb3c4n, 0xae2eabe2a8n, 0x1e4f43e470n];
  let checksum = 1n;
  for (const value of values) {
    const top = checksum >> 35n;
    checksum = ((checksum & 0x07ffffffffn) << 5n) ^ BigInt(value);
    for (const [bit, generator] of generators.entries()) {
      if ((top >> BigInt(bit)) & 1n) checksum ^= generator;
    }
  }
  return checksum ^ 1n;
}

/** Five bits each, the last filled up with zeros. */
function toValues(bytes: Uint8Array): number[] {
  const values: number[] = [];
  let kept = 0;
  let bits = 0;
  for (const byte of bytes) {
    kept = ((kept << 8) | byte) & 0xfff;
    bits += 8;
    for (; bits >= 5; bits -= 5) values.push((kept >> (bits - 5)) & 31);
  }
  values.push((kept << (5 - bits)) & 31);
  return values;
}

/** The 21 bytes of 34 digits; null where the spare bits are not zero. */
function toBytes(values: readonly number[]): Uint8Array | null {
  let joined = 0n;
  for (const value of values) joined = (joined << 5n) | BigInt(value);
  const spare = BigInt(values.length * 5 - BYTES * 8);
  if ((joined & ((1n << spare) - 1n)) !== 0n) return null;
  return Buffer.from((joined >> spare).toString(16).padStart(BYTES * 2, '0'), 'hex');
}
