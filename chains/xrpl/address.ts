import { base58xrp } from '@scure/base';
import { quote } from '../../src/domain/ids.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { hash160, sha256d } from '../../src/lib/key-hashes.ts';

/** Version 0 is an account (xrpl.org, "base58 Encodings"). */
const ACCOUNT = 0;
/** The two bytes before a mainnet X-address (XLS-5). */
const X_HEAD = [0x05, 0x44];

/**
 * Reads an XRP Ledger address, case-sensitive and with its checksum: `r…`, or the `X…` form that carries a tag with it (XLS-5). Canonical is
 * the `r…` of the account: a tag belongs to a payment, not to the balance.
 */
export function parseXrplAddress(text: string): Result<string> {
  const wrong = (why: string) => err(`XRP Ledger address ${quote(text)} ${why}; copy it again`);
  if (!/^(r[1-9A-HJ-NP-Za-km-z]{24,34}|X[1-9A-HJ-NP-Za-km-z]{46})$/.test(text)) {
    return wrong('must be r and 24 to 34 base58 digits, or X and 46');
  }
  const bytes = base58xrp.decode(text);
  const body = bytes.subarray(0, -4);
  if (Buffer.compare(sha256d(body).subarray(0, 4), bytes.subarray(-4)) !== 0) return wrong('fails its checksum');
  if (text.startsWith('r')) {
    return body.length === 21 && body[0] === ACCOUNT ? ok(text) : wrong('is not an account of this ledger');
  }
  const [first, second] = body;
  const [flag, ...tag] = body.subarray(22);
  const rightTag =
    flag === 1 ? tag.slice(4).every((byte) => byte === 0) : flag === 0 && tag.every((byte) => byte === 0);
  if (body.length !== 31 || first !== X_HEAD[0] || second !== X_HEAD[1] || !rightTag) {
    return wrong('is not an account of this ledger');
  }
  return ok(encode(body.subarray(2, 22)));
}

/** The address of a 33-byte key: compressed secp256k1, or 0xED and an Ed25519 key. */
export const xrplAddressOf = (key: Uint8Array): string => encode(hash160(key));

function encode(account: Uint8Array): string {
  const body = Uint8Array.of(ACCOUNT, ...account);
  return base58xrp.encode(Uint8Array.of(...body, ...sha256d(body).subarray(0, 4)));
}
