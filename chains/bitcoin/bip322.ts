import { sha256Bytes } from '../../src/lib/hash.ts';
import { compactSize } from '../../src/lib/okx-envelope.ts';
import { sha256d, taggedHash } from './hash.ts';

const VERSION_0 = new Uint8Array(4);
const LOCKTIME_0 = new Uint8Array(4);
const SEQUENCE_0 = new Uint8Array(4);
const AMOUNT_0 = new Uint8Array(8);
const OP_RETURN = 0x6a;

/** SIGHASH_ALL: the signature commits to every input and output. */
export const SIGHASH_ALL = 0x01;
/** Taproot's way of meaning ALL without saying it (BIP-341). */
export const SIGHASH_DEFAULT = 0x00;

/** BIP-322's hash of a message. */
export const bip322MessageHash = (message: string): Uint8Array =>
  taggedHash('BIP0322-signed-message', Buffer.from(message, 'utf8'));

/** A byte string after its CompactSize. */
const sized = (bytes: Uint8Array): Uint8Array => Buffer.concat([compactSize(bytes.length), bytes]);

/** The txid (in internal order) of BIP-322's to_spend: it holds the message's hash, and pays nothing to the address. */
export function toSpendId(message: string, scriptPubKey: Uint8Array): Uint8Array {
  const outpoint = Buffer.concat([new Uint8Array(32), Buffer.alloc(4, 0xff)]);
  const scriptSig = Buffer.concat([Uint8Array.of(0x00, 0x20), bip322MessageHash(message)]);
  return sha256d(
    VERSION_0,
    Uint8Array.of(1),
    outpoint,
    sized(scriptSig),
    SEQUENCE_0,
    Uint8Array.of(1),
    AMOUNT_0,
    sized(scriptPubKey),
    LOCKTIME_0,
  );
}

const OUTPUTS = Buffer.concat([AMOUNT_0, sized(Uint8Array.of(OP_RETURN))]);
const outpointOf = (toSpend: Uint8Array): Uint8Array => Buffer.concat([toSpend, new Uint8Array(4)]);

/** The txid (in internal order) of BIP-322's to_sign in its simple form: spends to_spend, one OP_RETURN output. */
export const toSignId = (toSpend: Uint8Array): Uint8Array =>
  sha256d(
    VERSION_0,
    Uint8Array.of(1),
    outpointOf(toSpend),
    Uint8Array.of(0),
    SEQUENCE_0,
    Uint8Array.of(1),
    OUTPUTS,
    LOCKTIME_0,
  );

/** What an ECDSA signature of to_sign's input signs, SIGHASH_ALL, for that script code (BIP-143). */
export function segwitSighash(toSpend: Uint8Array, scriptCode: Uint8Array): Uint8Array {
  return sha256d(
    VERSION_0,
    sha256d(outpointOf(toSpend)),
    sha256d(SEQUENCE_0),
    outpointOf(toSpend),
    sized(scriptCode),
    AMOUNT_0,
    SEQUENCE_0,
    sha256d(OUTPUTS),
    LOCKTIME_0,
    Uint8Array.of(SIGHASH_ALL, 0, 0, 0),
  );
}

/** What a Schnorr signature of to_sign's input signs on the key path, without annex (BIP-341, hash types DEFAULT and ALL). */
export function taprootSighash(toSpend: Uint8Array, scriptPubKey: Uint8Array, hashType: number): Uint8Array {
  const keyPath = Uint8Array.of(0);
  const inputIndex = new Uint8Array(4);
  return taggedHash(
    'TapSighash',
    Uint8Array.of(0, hashType),
    VERSION_0,
    LOCKTIME_0,
    sha256Bytes(outpointOf(toSpend)),
    sha256Bytes(AMOUNT_0),
    sha256Bytes(sized(scriptPubKey)),
    sha256Bytes(SEQUENCE_0),
    sha256Bytes(OUTPUTS),
    keyPath,
    inputIndex,
  );
}
