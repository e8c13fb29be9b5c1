import { keccak256 } from './keccak.ts';

/** okx/proof-of-reserves, common/crypto.go: 20 bytes, written with their length before them. */
const HEADER = Buffer.from('OKX Signed Message:\n', 'utf8');

/** Bitcoin's CompactSize of a byte count below 2^32: one byte below 253, else a marker and 2 or 4 bytes little-endian. */
export function compactSize(count: number): Uint8Array {
  if (!Number.isInteger(count) || count < 0 || count > 0xffff_ffff) throw new RangeError(`no CompactSize for ${count}`);
  if (count < 0xfd) return Uint8Array.of(count);
  const bytes = Buffer.alloc(count <= 0xffff ? 3 : 5);
  bytes[0] = count <= 0xffff ? 0xfd : 0xfe;
  if (count <= 0xffff) bytes.writeUInt16LE(count, 1);
  else bytes.writeUInt32LE(count, 1);
  return new Uint8Array(bytes);
}

/**
 * OKX's envelope of a message: CompactSize(20) ‖ `OKX Signed Message:\n` ‖ CompactSize(bytes) ‖ UTF-8 of the message. Ed25519
 * signs these bytes themselves; the ECDSA schemes sign a hash of them.
 */
export function okxEnvelope(message: string): Uint8Array {
  const text = Buffer.from(message, 'utf8');
  return new Uint8Array(Buffer.concat([compactSize(HEADER.length), HEADER, compactSize(text.length), text]));
}

/** The 32 bytes that OKX's ECDSA rows sign: Keccak-256 of the envelope (okx/proof-of-reserves, common/crypto.go). */
export const okxEnvelopeDigest = (message: string): Uint8Array => keccak256(okxEnvelope(message));
