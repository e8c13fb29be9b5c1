import { type Address, quote } from '../../src/domain/ids.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { decodeBase58check, encodeBase58check } from '../../src/lib/base58check.ts';
import { ethereumAccount } from '../../src/lib/key-hashes.ts';

/** TRON mainnet's version byte (java-tron, Constant.ADD_PRE_FIX_BYTE_MAINNET). */
const VERSION = 0x41;

/**
 * Reads a TRON address: `T` and 33 more base58 digits with their checksum, case-sensitive, or the 21 bytes in hex that nodes print
 * (`41…`, with or without `0x`; no checksum). Canonical is base58.
 */
export function parseTronAddress(text: string): Result<Address> {
  const hex = /^(?:0x)?(41[0-9a-fA-F]{40})$/.exec(text)?.[1];
  if (hex !== undefined) return ok(encode(Buffer.from(hex, 'hex')));
  const wrong = (why: string) => err(`TRON address ${quote(text)} ${why}; copy it again`);
  if (!/^T[1-9A-HJ-NP-Za-km-z]{33}$/.test(text))
    return wrong('must be T and 33 base58 digits, or 41 and 40 hex digits');
  const bytes = decodeBase58check(text);
  if (bytes === null) return wrong('fails its checksum');
  return bytes.length === 21 && bytes[0] === VERSION ? ok(text as Address) : wrong('is of another chain');
}

/** The address of a 65-byte key: 0x41 before the account as Ethereum counts it. */
export const tronAddressOf = (key: Uint8Array): Address =>
  encode(Buffer.concat([Buffer.from([VERSION]), ethereumAccount(key)]));

const encode = (bytes: Uint8Array): Address => encodeBase58check(bytes) as Address;
