import { crc32 } from 'node:zlib';
import { base32nopad } from '@scure/base';
import { ok, type Result } from '../../src/domain/result.ts';
import { decodeOrNull, equalBytes, notAnAddress, toHex } from '../../src/lib/decode-text.ts';
import { sha224 as hash } from '../../src/lib/digests.ts';
import type { KeyedAddress } from '../../src/lib/ed25519-chain.ts';

/** RFC 8410: what stands before the 32 bytes of a key in DER. */
const DER_HEAD = Buffer.from('302a300506032b6570032100', 'hex');
const SELF_AUTHENTICATING = 0x02;

const sha224 = (...parts: readonly Uint8Array[]): Uint8Array => hash(Buffer.concat(parts));

const withCrc = (bytes: Uint8Array): Buffer => {
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crc32(bytes));
  return Buffer.concat([crc, bytes]);
};

/** The self-authenticating principal of a key, in bytes: SHA-224(DER of the key) ‖ 02. */
const principalBytes = (key: Uint8Array): Uint8Array => Uint8Array.of(...sha224(DER_HEAD, key), SELF_AUTHENTICATING);

/** A principal as text: lower-case base32 of CRC-32 and bytes, in groups of five. */
const principalText = (bytes: Uint8Array): string =>
  (
    base32nopad
      .encode(withCrc(bytes))
      .toLowerCase()
      .match(/.{1,5}/g) ?? []
  ).join('-');

/** The principal of a key as text. */
export const principalOf = (key: Uint8Array): string => principalText(principalBytes(key));

/** The ledger account of a principal with the subaccount of 32 zero bytes: hex of CRC-32 and SHA-224. */
export const accountIdOfPrincipal = (principal: Uint8Array): string =>
  toHex(withCrc(sha224(Buffer.from('\x0aaccount-id', 'latin1'), principal, new Uint8Array(32))));

/** The ledger account of a key. */
export const accountIdOf = (key: Uint8Array): string => accountIdOfPrincipal(principalBytes(key));

/**
 * Reads a ledger account id (64 hex digits) or a principal, each with its CRC-32. A principal names its account of subaccount 0, whose id is
 * the canonical spelling of both.
 */
export function decodeIcpAddress(text: string): Result<KeyedAddress> {
  return /^[0-9a-fA-F]{64}$/.test(text) ? decodeAccountId(text) : decodePrincipal(text);
}

function decodeAccountId(text: string): Result<KeyedAddress> {
  const canonical = text.toLowerCase();
  const bytes = Buffer.from(canonical, 'hex');
  if (!equalBytes(withCrc(bytes.subarray(4)), bytes)) return notAnAddress('ICP', text, 'has a wrong checksum (CRC-32)');
  const reason =
    "the account is not the key's own (subaccount 0): another subaccount or principal; the key is the one in the row";
  return ok({ kind: 'open', canonical, isOf: (key) => accountIdOf(key) === canonical, reason });
}

function decodePrincipal(text: string): Result<KeyedAddress> {
  const isForm = /^[a-z2-7]{5}(?:-[a-z2-7]{5}){0,11}(?:-[a-z2-7]{1,5})?$/.test(text) && text.length <= 63;
  const data = isForm ? decodeOrNull(base32nopad, text.replaceAll('-', '').toUpperCase()) : null;
  if (data === null || data.length < 5)
    return notAnAddress('ICP', text, 'is neither an account id of 64 hex digits nor a principal');
  const bytes = data.slice(4);
  if (principalText(bytes) !== text) return notAnAddress('ICP', text, 'has a wrong checksum (CRC-32)');
  if (bytes.length !== 29 || bytes[28] !== SELF_AUTHENTICATING) {
    return ok({
      kind: 'none',
      canonical: accountIdOfPrincipal(bytes),
      reason: 'a principal of a canister or of nobody has no key that could sign',
    });
  }
  const canonical = accountIdOfPrincipal(bytes);
  return ok({ kind: 'hash', canonical, isOf: (key) => equalBytes(principalBytes(key), bytes) });
}
