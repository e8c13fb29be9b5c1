import { hash } from './text-hash.ts';

/** Remembers which 64-bit hashes came before, in 16 bytes or less each. */
export interface SeenIndex {
  /** Adds a hash; true where it was there already. */
  add(a: number, b: number): boolean;
}

/** Makes the function that hashes texts to two 32-bit words under a salt, never both zero. */
export function createTextHasher(salt: string): (text: string) => [number, number] {
  const [seedA, seedB] = hash(salt, 0x27d4eb2f, 0x165667b1);
  return (text) => {
    const [a, b] = hash(text, seedA, seedB);
    return [a, a === 0 && b === 0 ? 1 : b];
  };
}

/** Makes an index of nothing yet. */
export function createSeenIndex(): SeenIndex {
  let words = new Uint32Array(2 * 1024);
  let used = 0;

  function find(table: Uint32Array, a: number, b: number): number {
    const mask = table.length / 2 - 1;
    for (let slot = a & mask; ; slot = (slot + 1) & mask) {
      const at = slot * 2;
      if ((table[at] === a && table[at + 1] === b) || (table[at] === 0 && table[at + 1] === 0)) return at;
    }
  }

  function grow(): void {
    const larger = new Uint32Array(words.length * 2);
    for (let at = 0; at < words.length; at += 2) {
      const [a, b] = [words[at] as number, words[at + 1] as number];
      if (a === 0 && b === 0) continue;
      const to = find(larger, a, b);
      larger[to] = a;
      larger[to + 1] = b;
    }
    words = larger;
  }

  return {
    add(a, b) {
      if (used * 8 >= words.length * 3) grow();
      const at = find(words, a, b);
      if (words[at] !== 0 || words[at + 1] !== 0) return true;
      words[at] = a;
      words[at + 1] = b;
      used += 1;
      return false;
    },
  };
}
