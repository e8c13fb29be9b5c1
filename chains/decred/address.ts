import { base58 } from '@scure/base';
import { quote } from '../../src/domain/ids.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import type { Account } from '../../src/lib/account-rows.ts';
import { blake256, ripemd160 } from '../../src/lib/digests.ts';
import { compressPublicKey } from '../../src/lib/secp256k1.ts';

/** dcrd, chaincfg/mainnetparams.go: `Ds…` is the hash of a secp256k1 key, `Dc…` of a script. */
const KEY_HASH = [0x07, 0x3f];
const SCRIPT_HASH = [0x07, 0x1a];

const checksumOf = (body: Uint8Array): Uint8Array => blake256(blake256(body)).subarray(0, 4);

/** Reads a Decred mainnet address: version, 20 bytes and four of double BLAKE-256, in base58. Case-sensitive. */
export function parseDecredAccount(text: string): Result<Account> {
  const wrong = (why: string) => err(`Decred address ${quote(text)} ${why}; copy it again`);
  if (!/^D[1-9A-HJ-NP-Za-km-z]{34}$/.test(text)) return wrong('must be D and 34 base58 digits');
  const bytes = base58.decode(text);
  const body = bytes.subarray(0, -4);
  if (bytes.length !== 26 || Buffer.compare(checksumOf(body), bytes.subarray(-4)) !== 0) {
    return wrong('fails its checksum');
  }
  const is = (version: readonly number[]): boolean => body[0] === version[0] && body[1] === version[1];
  if (is(KEY_HASH)) return ok({ canonical: text, derived: true, otherKeys: null });
  if (!is(SCRIPT_HASH)) return wrong('is of another kind or network than Ds and Dc');
  return ok({ canonical: text, derived: false, otherKeys: 'a Dc address is the hash of a script, not of a key' });
}

/** The addresses of a 65-byte key: of its compressed form, as wallets make them, and of its uncompressed one. */
export const decredAddressesOf = (key: Uint8Array): readonly string[] => [
  encode(ripemd160(blake256(compressPublicKey(key)))),
  encode(ripemd160(blake256(key))),
];

function encode(hash: Uint8Array): string {
  const body = Uint8Array.of(...KEY_HASH, ...hash);
  return base58.encode(Uint8Array.of(...body, ...checksumOf(body)));
}
