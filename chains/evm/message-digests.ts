import { keccak256 } from '../../src/lib/keccak.ts';

/**
 * The hashes of a message that EVM accounts sign, in the one order in which they are tried: `digest32` is personal_sign of the 32
 * bytes keccak256(message) (OKX), `text` is EIP-191 version 0x45 with the length in bytes (wallets), `raw-keccak` is
 * keccak256(message) itself (HTX). A signature recovers a different key for each, so that at most one can fit an address.
 */
export const VARIANTS = ['digest32', 'text', 'raw-keccak'] as const;
export type Variant = (typeof VARIANTS)[number];

const PERSONAL = '\x19Ethereum Signed Message:\n';

/** The 32 bytes that a variant signs. */
export function messageDigest(message: string, variant: Variant): Uint8Array {
  if (variant === 'raw-keccak') return keccak256(message);
  const body = variant === 'digest32' ? keccak256(message) : Buffer.from(message, 'utf8');
  return keccak256(Buffer.concat([Buffer.from(`${PERSONAL}${body.length}`, 'latin1'), body]));
}

/** OKX proof-of-reserves, common/crypto.go: 20 bytes, written with their length before them. */
const OKX_HEADER = Buffer.from('\x14OKX Signed Message:\n', 'latin1');

/** The hash that OKX uses for its own ECDSA labels: keccak256(header ‖ CompactSize(bytes) ‖ message). */
export function okxEnvelopeDigest(message: string): Uint8Array {
  const body = Buffer.from(message, 'utf8');
  const long = Buffer.alloc(3, 0xfd);
  long.writeUInt16LE(Math.min(body.length, 0xffff), 1);
  return keccak256(Buffer.concat([OKX_HEADER, body.length < 0xfd ? Buffer.from([body.length]) : long, body]));
}

/** The digests of one message, each made when first asked, and the variant that fitted last. */
export interface MessageDigests {
  readonly of: (variant: Variant) => Uint8Array;
  /** Tried first next time: a file keeps to one variant, and order cannot change the outcome. */
  last: Variant;
}

const KEPT_MESSAGES = 256;
const kept = new Map<string, MessageDigests>();

/** The digests of a message, kept for the next row: a published file has a handful of distinct messages. */
export function messageDigests(message: string): MessageDigests {
  let digests = kept.get(message);
  if (digests === undefined) {
    const made = new Map<Variant, Uint8Array>();
    digests = {
      last: VARIANTS[0],
      of(variant) {
        const known = made.get(variant);
        if (known) return known;
        const digest = messageDigest(message, variant);
        made.set(variant, digest);
        return digest;
      },
    };
    if (kept.size >= KEPT_MESSAGES) kept.clear();
    kept.set(message, digests);
  }
  return digests;
}
