import { base58 } from '@scure/base';
import { quote } from '../../src/domain/ids.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import type { Account } from '../../src/lib/account-rows.ts';
import { hash160 } from '../../src/lib/key-hashes.ts';
import { compressPublicKey } from '../../src/lib/secp256k1.ts';

/** The chain's prefix and the letter that says how long it is (nuls-v2, AddressTool). */
const PREFIX = 'NULSd';
/** Chain 1, little-endian. */
const CHAIN = [1, 0];
const KEY_TYPE = 1;
const OTHER_TYPES: Readonly<Record<number, string>> = {
  2: 'a contract has no key',
  3: 'a multisig address stands for several keys',
};

/** Reads a NULS address: `NULSd` and base58 of chain, type, 20 bytes and the exclusive or of all of them. Case-sensitive. */
export function parseNulsAccount(text: string): Result<Account> {
  const wrong = (why: string) => err(`NULS address ${quote(text)} ${why}; copy it again`);
  if (!/^NULSd[1-9A-HJ-NP-Za-km-z]{24,33}$/.test(text)) return wrong('must be NULSd and up to 33 base58 digits');
  const bytes = base58.decode(text.slice(PREFIX.length));
  if (bytes.length !== 24) return wrong(`holds ${bytes.length} bytes, 24 are needed`);
  if (xorOf(bytes) !== 0) return wrong('fails its checksum');
  if (bytes[0] !== CHAIN[0] || bytes[1] !== CHAIN[1]) return wrong('is of another chain');
  const type = bytes[2] as number;
  if (type === KEY_TYPE) return ok({ canonical: text, derived: true, otherKeys: null });
  const otherKeys = OTHER_TYPES[type];
  return otherKeys === undefined
    ? wrong(`is of unknown type ${type}`)
    : ok({ canonical: text, derived: false, otherKeys });
}

/** The address of a 65-byte key. */
export function nulsAddressOf(key: Uint8Array): string {
  const body = Uint8Array.of(...CHAIN, KEY_TYPE, ...hash160(compressPublicKey(key)));
  return PREFIX + base58.encode(Uint8Array.of(...body, xorOf(body)));
}

const xorOf = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => sum ^ byte, 0);
