import { quote } from '../../src/domain/ids.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import type { Account } from '../../src/lib/account-rows.ts';
import { hash160, sha256d } from '../../src/lib/key-hashes.ts';
import { compressPublicKey } from '../../src/lib/secp256k1.ts';

/** SIP-005: c32 is Crockford's base32, read without regard to case, with O as 0 and I, L as 1. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** Version 22 is a mainnet address of one key, 20 of several (SIP-005, "Account addresses"). */
const SINGLE = 22;
const MULTI = 20;

/**
 * Reads a Stacks mainnet address: S, the version, and 20 bytes with four of checksum in c32check; a contract's name may stand behind a dot.
 * Canonical is upper case.
 */
export function parseStacksAccount(text: string): Result<Account> {
  const wrong = (why: string) => err(`Stacks address ${quote(text)} ${why}; copy it again`);
  const parts = /^([0-9A-Za-z]{28,41})(\.[a-zA-Z][a-zA-Z0-9-]{0,127})?$/.exec(text);
  if (parts === null) return wrong('must be S and 27 to 40 letters and digits');
  const [, body = '', contract = ''] = parts;
  const digits = body.toUpperCase().replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  if (digits[0] !== 'S') return wrong('must begin with S');
  const version = ALPHABET.indexOf(digits[1] as string);
  const bytes = decodeC32(digits.slice(2));
  if (bytes === null) return wrong('is not 20 bytes and a checksum in c32');
  const hash = bytes.subarray(0, 20);
  if (encode(version, hash) !== digits) return wrong('fails its checksum');
  if (version !== SINGLE && version !== MULTI) return wrong('is of another network');
  const otherKeys = describeOther(version, contract);
  return ok({ canonical: digits + contract, derived: otherKeys === null, otherKeys });
}

function describeOther(version: number, contract: string): string | null {
  if (contract !== '') return 'a contract has no key';
  return version === MULTI ? 'an SM address stands for several keys' : null;
}

/** The addresses of a 65-byte key: of its compressed form, as wallets make them, and of its uncompressed one. */
export const stacksAddressesOf = (key: Uint8Array): readonly string[] => [
  encode(SINGLE, hash160(compressPublicKey(key))),
  encode(SINGLE, hash160(key)),
];

function encode(version: number, hash: Uint8Array): string {
  const checksum = sha256d(Uint8Array.of(version, ...hash)).subarray(0, 4);
  return `S${ALPHABET[version]}${encodeC32(Buffer.concat([hash, checksum]))}`;
}

/** The bytes as one number in base 32, and a 0 before it for each leading zero byte. */
function encodeC32(bytes: Buffer): string {
  let digits = '';
  for (let rest = BigInt(`0x${bytes.toString('hex')}`); rest > 0n; rest >>= 5n)
    digits = ALPHABET[Number(rest & 31n)] + digits;
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return '0'.repeat(zeros < 0 ? bytes.length : zeros) + digits;
}

/** 24 bytes; null where there are more or a letter that c32 does not have. That text is the one spelling is left to encoding. */
function decodeC32(digits: string): Buffer | null {
  let number = 0n;
  for (const digit of digits) {
    const value = ALPHABET.indexOf(digit);
    if (value < 0) return null;
    number = (number << 5n) | BigInt(value);
  }
  const hex = number.toString(16).padStart(48, '0');
  return hex.length === 48 ? Buffer.from(hex, 'hex') : null;
}
