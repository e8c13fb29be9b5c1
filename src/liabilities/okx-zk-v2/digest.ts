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
  if (!hexes.every((hex) => /^[0-9a-fA-F]{64}$/.test(hex))) return false;
  const bytes = Buffer.from(hexes.join(''), 'hex');
  for (let i = 0; i < 4 * hexes.length; i++) {
    const word = bytes.readBigUInt64LE(8 * i);
    if (word >= P && !wrap) return false;
    field.write(at, i, word % P);
  }
  return true;
}
