import { hash } from 'node:crypto';

/** 12 bytes of a key's hash and 4 of its first value's. */
const WORDS = 4;

/** Remembers, for any number of keys, whether a key came with more than one value. */
export interface PairIndex {
  add(key: string, value: string): void;
  /** Whether the key was added with two different values. */
  isShared(key: string): boolean;
}

/**
 * Makes an index that keeps 17 bytes a key instead of the texts. Keys are told apart by 96 bits of SHA-256 and the two
 * values of one key by 32 bits of a salted SHA-256, so that nobody can prepare values that look alike.
 */
export function createPairIndex(salt: string): PairIndex {
  let slots = new Uint32Array(WORDS * 1024);
  let shared = new Uint8Array(1024);
  let used = 0;

  /** Index of the slot that holds the key, or of the empty one where it belongs. */
  function find(table: Uint32Array, a: number, b: number, c: number): number {
    const mask = table.length / WORDS - 1;
    for (let slot = a & mask; ; slot = (slot + 1) & mask) {
      const at = slot * WORDS;
      if (table[at + 3] === 0 || (table[at] === a && table[at + 1] === b && table[at + 2] === c)) return slot;
    }
  }

  function grow(): void {
    const oldSlots = slots;
    const oldShared = shared;
    slots = new Uint32Array(oldSlots.length * 2);
    shared = new Uint8Array(oldShared.length * 2);
    for (let slot = 0; slot < oldShared.length; slot += 1) {
      const words = oldSlots.subarray(slot * WORDS, slot * WORDS + WORDS);
      if (words[3] === 0) continue;
      const moved = find(slots, words[0] as number, words[1] as number, words[2] as number);
      slots.set(words, moved * WORDS);
      shared[moved] = oldShared[slot] as number;
    }
  }

  return {
    add(key, value) {
      const [a, b, c] = wordsOf(salt + key);
      // Zero marks an empty slot.
      const mark = wordsOf(salt + value)[0] || 1;
      const slot = find(slots, a, b, c);
      if (slots[slot * WORDS + 3] === 0) {
        slots.set([a, b, c, mark], slot * WORDS);
        used += 1;
        if (used * 2 > shared.length) grow();
      } else if (slots[slot * WORDS + 3] !== mark) shared[slot] = 1;
    },
    isShared(key) {
      const [a, b, c] = wordsOf(salt + key);
      return shared[find(slots, a, b, c)] === 1;
    },
  };
}

function wordsOf(text: string): [number, number, number] {
  const bytes = hash('sha256', text, 'buffer');
  return [bytes.readUInt32LE(0), bytes.readUInt32LE(4), bytes.readUInt32LE(8)];
}
