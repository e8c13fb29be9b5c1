import { ok, type Result } from '../../src/domain/result.ts';
import { notAnAddress, toHex } from '../../src/lib/decode-text.ts';
import type { KeyedAddress } from '../../src/lib/ed25519-chain.ts';
import { sha256Bytes } from '../../src/lib/hash.ts';

/** A party: a hint, then the fingerprint of its namespace's key. */
const PARTY = /^(?! )[A-Za-z0-9:_ -]{1,185}::(1220[0-9a-f]{64})$/;

/** Canton, HashPurpose 12 (public key fingerprint): 1220 (multihash of SHA-256) and SHA-256(0000000c ‖ key). */
export const cantonFingerprint = (key: Uint8Array): string =>
  `1220${toHex(sha256Bytes(Uint8Array.of(0, 0, 0, 12), key))}`;

/** Reads a Canton party id; one spelling each. The fingerprint is a hash, the hint before it means nothing. */
export function decodeCantonParty(text: string): Result<KeyedAddress> {
  const fingerprint = PARTY.exec(text)?.[1];
  if (fingerprint === undefined) return notAnAddress('Canton', text, 'is not hint::1220 and 64 lower-case hex digits');
  const reason =
    "not of the party's namespace key: which keys sign for it stands on the ledger only; the key is the one in the row";
  return ok({ kind: 'open', canonical: text, isOf: (key) => cantonFingerprint(key) === fingerprint, reason });
}
