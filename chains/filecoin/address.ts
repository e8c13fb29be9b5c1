import { base32nopad } from '@scure/base';
import { quote } from '../../src/domain/ids.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import type { Account } from '../../src/lib/account-rows.ts';
import { blake2b } from '../../src/lib/digests.ts';
import { ethereumAccount } from '../../src/lib/key-hashes.ts';

/** What each protocol says about keys (Filecoin spec, appendix "Address"), and how long its payload is. */
const PROTOCOLS: Readonly<Record<string, { readonly bytes: number; readonly otherKeys: string | null }>> = {
  '1': { bytes: 20, otherKeys: null },
  '2': { bytes: 20, otherKeys: 'an f2 address is an actor (multisig, contract), which has no key of its own' },
  '3': { bytes: 48, otherKeys: 'an f3 address is a BLS key' },
};

/** FRC-0055: namespace 10 is the Ethereum address manager. */
const F410 = 'f410f';

/**
 * Reads a Filecoin mainnet address: f0 (an actor's id, no checksum), f1 to f3 and f410f with the four bytes of BLAKE2b over protocol and
 * payload. Lower case only, as the base32 of the specification; `t…` is the test network.
 */
export function parseFilecoinAccount(text: string): Result<Account> {
  const wrong = (why: string) => err(`Filecoin address ${quote(text)} ${why}; copy it again`);
  if (/^f0(0|[1-9]\d{0,18})$/.test(text)) {
    return ok({ canonical: text, derived: false, otherKeys: 'an f0 id names an actor by its number, not by a key' });
  }
  const isF410 = text.startsWith(F410);
  const protocol = isF410 ? { bytes: 20, otherKeys: null } : PROTOCOLS[text[1] as string];
  if (text[0] !== 'f' || protocol === undefined) return wrong('must begin with f0, f1, f2, f3 or f410f');
  const digits = text.slice(isF410 ? F410.length : 2);
  if (!/^[a-z2-7]{1,84}$/.test(digits)) return wrong('must go on with a-z and 2-7');
  const bytes = decodeBase32(digits);
  if (bytes?.length !== protocol.bytes + 4) return wrong(`must hold ${protocol.bytes} bytes and a checksum`);
  const payload = bytes.subarray(0, protocol.bytes);
  const head = isF410 ? [4, 10] : [(text.codePointAt(1) as number) - 0x30];
  if (encode(text.slice(0, text.length - digits.length), head, payload) !== text) return wrong('fails its checksum');
  return ok({ canonical: text, derived: protocol.otherKeys === null, otherKeys: protocol.otherKeys });
}

/** The addresses of a 65-byte secp256k1 key: f1 of its hash, f410f of its Ethereum account. */
export const filecoinAddressesOf = (key: Uint8Array): readonly string[] => [
  encode('f1', [1], blake2b(key, 20)),
  encode(F410, [4, 10], ethereumAccount(key)),
];

function encode(prefix: string, head: readonly number[], payload: Uint8Array): string {
  const checksum = blake2b(Buffer.concat([Buffer.from(head), payload]), 4);
  return prefix + base32nopad.encode(Buffer.concat([payload, checksum])).toLowerCase();
}

function decodeBase32(digits: string): Uint8Array | null {
  try {
    return base32nopad.decode(digits.toUpperCase());
  } catch {
    return null;
  }
}
