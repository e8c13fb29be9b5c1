/** Words of a slot: two of the key's hash, one of its first value's. */
const WORDS = 3;

/** Remembers, for any number of keys, whether a key came with more than one value. */
export interface PairIndex {
  add(key: string, value: string): void;
  /** Whether any key was added with two different values. */
  readonly anyShared: boolean;
  /** Whether the key was added with two different values. */
  isShared(key: string): boolean;
}

/**
 * Makes an index that keeps 13 bytes a key instead of the texts. Keys are told apart by 64 bits of a hash and the values of one
 * key by 32, both salted, so that values that look alike cannot be prepared.
 */
export function createPairIndex(salt: string): PairIndex {
  let slots = new Uint32Array(WORDS * 1024);
  let shared = new Uint8Array(1024);
  let used = 0;
  let anyShared = false;
  const seed = hash(salt, 0x9e3779b9, 0x85ebca6b);

  /** Index of the slot that holds the key, or of the empty one where it belongs. */
  function find(table: Uint32Array, a: number, b: number): number {
    const mask = table.length / WORDS - 1;
    for (let slot = a & mask; ; slot = (slot + 1) & mask) {
      const at = slot * WORDS;
      if (table[at + 2] === 0 || (table[at] === a && table[at + 1] === b)) return slot;
    }
  }

  function grow(): void {
    const oldSlots = slots;
    const oldShared = shared;
    slots = new Uint32Array(oldSlots.length * 2);
    shared = new Uint8Array(oldShared.length * 2);
    for (let slot = 0; slot < oldShared.length; slot += 1) {
      const words = oldSlots.subarray(slot * WORDS, slot * WORDS + WORDS);
      if (words[2] === 0) continue;
      const moved = find(slots, words[0] as number, words[1] as number);
      slots.set(words, moved * WORDS);
      shared[moved] = oldShared[slot] as number;
    }
  }

  return {
    add(key, value) {
      const [a, b] = hash(key, seed[0], seed[1]);
      // Zero marks an empty slot.
      const mark = hash(value, seed[1], seed[0])[0] || 1;
      const slot = find(slots, a, b);
      const at = slot * WORDS;
      if (slots[at + 2] === 0) {
        slots[at] = a;
        slots[at + 1] = b;
        slots[at + 2] = mark;
        used += 1;
        if (used * 2 > shared.length) grow();
      } else if (slots[at + 2] !== mark) {
        shared[slot] = 1;
        anyShared = true;
      }
    },
    get anyShared() {
      return anyShared;
    },
    isShared(key) {
      const [a, b] = hash(key, seed[0], seed[1]);
      return shared[find(slots, a, b)] === 1;
    },
  };
}

/** Two 32-bit lanes over UTF-16 code units, mixed as MurmurHash3 ends (public domain, A. Appleby). */
function hash(text: string, seedA: number, seedB: number): [number, number] {
  let a = seedA;
  let b = seedB;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, 0x85ebca6b);
    a ^= a >>> 15;
    b = Math.imul(b ^ code, 0xc2b2ae35);
    b ^= b >>> 13;
  }
  return [finish(a ^ Math.imul(b, 0x9e3779b1)), finish(b ^ text.length)];
}

function finish(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
