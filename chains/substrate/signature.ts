import type { SignatureCell } from '../../src/lib/ed25519-chain.ts';
import { decodeSignature64 } from '../../src/lib/ed25519-text.ts';
import { trace } from '../../src/lib/trace.ts';

/** sp_runtime::MultiSignature: the byte before the signature. */
const ED25519 = 0x00;
const SR25519 = 0x01;
const ECDSA = 0x02;

/** Reads a Substrate signature: 64 bytes, or a MultiSignature in hex (scheme byte, then 64 or, for ECDSA, 65 bytes). */
export function readSubstrateSignature(text: string): SignatureCell {
  const plain = decodeSignature64(text);
  if (plain.ok) return { kind: 'signature', bytes: plain.value, key: null };
  const digits = /^(?:0x)?([0-9a-fA-F]+)$/.exec(text)?.[1] ?? '';
  const bytes = digits.length % 2 === 0 ? Buffer.from(digits, 'hex') : Buffer.alloc(0);
  if (bytes.length === 65 && bytes[0] === ED25519) {
    trace?.read('signature: MultiSignature in hex', { scheme: 0, R: bytes.subarray(1, 33), S: bytes.subarray(33) });
    return { kind: 'signature', bytes: bytes.subarray(1), key: null };
  }
  if (bytes.length === 65 && bytes[0] === SR25519 && schemeMark(bytes.subarray(1)) !== null) {
    return { kind: 'unsupported', reason: 'an sr25519 signature, which is not verified yet' };
  }
  if (bytes.length === 66 && bytes[0] === ECDSA) {
    return { kind: 'unsupported', reason: 'an ECDSA signature of a Substrate account, which is not verified yet' };
  }
  return { kind: 'malformed', reason: `${plain.error}, nor a MultiSignature of 65 bytes in hex` };
}

/** schnorrkel sets the top bit of the last byte of every sr25519 signature, which no Ed25519 signature may have. */
export const schemeMark = (signature: Uint8Array): string | null =>
  ((signature[63] ?? 0) & 0x80) === 0 ? null : 'the signature bears the mark of sr25519, which is not verified yet';
