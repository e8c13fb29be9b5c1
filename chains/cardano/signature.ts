import type { SignatureCell } from '../../src/lib/ed25519-chain.ts';
import { decodeSignature64 } from '../../src/lib/ed25519-text.ts';

/** CBOR: an array of four that begins with a byte string, as COSE_Sign1 does (RFC 9052 section 4.2), in hex. */
const COSE_SIGN1 = /^(?:0x)?84(?:4[0-9a-f]|5[0-7]|58)(?:[0-9a-f]{2}){100,}$/i;

/** Reads a Cardano signature: 64 bytes (OKX). What wallets make by CIP-8 and CIP-30, COSE_Sign1, is recognised and not verified. */
export function readCardanoSignature(text: string): SignatureCell {
  const plain = decodeSignature64(text);
  if (plain.ok) return { kind: 'signature', bytes: plain.value, key: null };
  return COSE_SIGN1.test(text)
    ? { kind: 'unsupported', reason: 'a COSE_Sign1 signature (CIP-8, CIP-30), which is not verified yet' }
    : { kind: 'malformed', reason: plain.error };
}
