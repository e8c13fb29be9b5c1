import type { Field, Words } from './field.ts';
import { P } from './goldilocks.ts';

/** A digest as the files print it: four words of eight bytes, little-endian, as 64 lower-case hex digits. */
export function hexOfDigest(words: readonly bigint[]): string {
  const bytes = Buffer.alloc(8 * words.length);
  words.forEach((word, i) => {
    bytes.writeBigUInt64LE(word, 8 * i);
  });
  return bytes.toString('hex');
}

/**
 * Writes digests given as hex one after another; false when one is not 64 hex digits or holds a word that is not a
 * canonical field element. `wrap` is for tests only: takes words modulo P.
 */
export function writeDigests(field: Field, at: Words, hexes: readonly string[], wrap = false): boolean {
  if (!hexes.every(({ length }) => length === 64)) return false;
  const bytes = Buffer.from(hexes.join(''), 'hex');
  // Decoding stops at the first character that is not a hex digit.
  if (bytes.length !== 32 * hexes.length) return false;
  if (!wrap) return field.writeBytes(at, bytes);
  for (let i = 0; i < bytes.length / 8; i++) field.write(at, i, bytes.readBigUInt64LE(8 * i) % P);
  return true;
}
