import { hash } from './text-hash.ts';

/** Words of a slot: two of the key's hash, one of its first value's. */
const WORDS = 3;

/** Remembers, for any number of entries, which of their keys came with more than one value. */
export interface PairIndex {
  /** Adds an entry with one key or two; none is no entry. */
  add(keys: readonly string[], value: string): void;
  /** Whether any of the keys was added with two different values so far. */
  isShared(keys: readonly string[]): boolean;
  /** Adds entries that `createPairHasher` with the same salt packed. */
  addPacked(entries: Uint32Array): void;
  /** How many of the entries added so far have a shared key. */
  sharedEntries(): number;
}

/** Entries on their way from another thread: hashes instead of texts. */
export interface PairHasher {
  /** As `add` of the index. */
  add(keys: readonly string[], value: string): void;
  /** What was added since the last time, as words: mark, one key's hash or zeros, the other key's hash or zeros. */
  take(): Uint32Array<ArrayBuffer>;
}

/** Words of a packed entry. */
const PACKED = 5;

/** Makes what packs entries for an index of the same salt. */
export function createPairHasher(salt: string): PairHasher {
  const seed = seedOf(salt);
  let words = new Uint32Array(PACKED * 256);
  let used = 0;
  return {
    add([first, second], value) {
      if (first === undefined) return;
      if (used === words.length) words = withRoom(words);
      const [a, b] = keyHash(first, seed);
      const [c, d] = second === undefined ? NO_KEY : keyHash(second, seed);
      words[used] = markOf(value, seed);
      words[used + 1] = a;
      words[used + 2] = b;
      words[used + 3] = c;
      words[used + 4] = d;
      used += PACKED;
    },
    take() {
      const taken = words.slice(0, used);
      used = 0;
      return taken;
    },
  };
}

const NO_KEY = [0, 0] as const;

type Seed = readonly [number, number];
const seedOf = (salt: string): Seed => hash(salt, 0x9e3779b9, 0x85ebca6b);
/** Zero marks an empty slot. */
const markOf = (value: string, seed: Seed): number => hash(value, seed[1], seed[0])[0] || 1;

/** Never two zeros, which stand for no key. */
function keyHash(key: string, seed: Seed): [number, number] {
  const [a, b] = hash(key, seed[0], seed[1]);
  return [a, a === 0 && b === 0 ? 1 : b];
}

/**
 * Makes an index that keeps 17 bytes a slot (up to three of four are used; 16 more an entry with two keys) instead of the texts. Keys are told apart by 64 bits
 * of a hash and the values of one key by 32, both salted, so that values that look alike cannot be prepared.
 */
export function createPairIndex(salt: string): PairIndex {
  let slots = new Uint32Array(WORDS * 1024);
  let shared = new Uint8Array(1024);
  /** Entries with just that key. */
  let single = new Uint32Array(1024);
  /** Both keys' hashes of entries with two keys. */
  let double = new Uint32Array(1024);
  let doubles = 0;
  let used = 0;
  let anyShared = false;
  const seed = seedOf(salt);

  /** Index of the slot that holds the key, or of the empty one where it belongs. */
  function find(table: Uint32Array, a: number, b: number): number {
    const mask = table.length / WORDS - 1;
    for (let slot = a & mask; ; slot = (slot + 1) & mask) {
      const at = slot * WORDS;
      if (table[at + 2] === 0 || (table[at] === a && table[at + 1] === b)) return slot;
    }
  }

  function grow(): void {
    const old = { slots, shared, single };
    slots = new Uint32Array(old.slots.length * 2);
    shared = new Uint8Array(old.shared.length * 2);
    single = new Uint32Array(old.single.length * 2);
    for (let slot = 0; slot < old.shared.length; slot += 1) {
      const from = slot * WORDS;
      if (old.slots[from + 2] === 0) continue;
      const moved = find(slots, old.slots[from] as number, old.slots[from + 1] as number);
      const to = moved * WORDS;
      for (let word = 0; word < WORDS; word += 1) slots[to + word] = old.slots[from + word] as number;
      shared[moved] = old.shared[slot] as number;
      single[moved] = old.single[slot] as number;
    }
  }

  /** The slot of a key that has just come with that value's mark. */
  function put(a: number, b: number, mark: number): number {
    if (used * 4 >= shared.length * 3) grow();
    const slot = find(slots, a, b);
    const at = slot * WORDS;
    if (slots[at + 2] === 0) {
      slots[at] = a;
      slots[at + 1] = b;
      slots[at + 2] = mark;
      used += 1;
    } else if (slots[at + 2] !== mark) {
      shared[slot] = 1;
      anyShared = true;
    }
    return slot;
  }

  const isSharedHash = (a: number, b: number): boolean => shared[find(slots, a, b)] === 1;

  function addHashes(mark: number, a: number, b: number, c: number, d: number): void {
    const slot = put(a, b, mark);
    if (c === 0 && d === 0) {
      single[slot] = (single[slot] as number) + 1;
      return;
    }
    put(c, d, mark);
    if (doubles === double.length) double = withRoom(double);
    double[doubles] = a;
    double[doubles + 1] = b;
    double[doubles + 2] = c;
    double[doubles + 3] = d;
    doubles += 4;
  }

  return {
    add([first, second], value) {
      if (first === undefined) return;
      const [c, d] = second === undefined ? NO_KEY : keyHash(second, seed);
      addHashes(markOf(value, seed), ...keyHash(first, seed), c, d);
    },
    addPacked(entries) {
      const word = (at: number): number => entries[at] as number;
      for (let at = 0; at < entries.length; at += PACKED) {
        addHashes(word(at), word(at + 1), word(at + 2), word(at + 3), word(at + 4));
      }
    },
    isShared: (keys) => anyShared && keys.some((key) => isSharedHash(...keyHash(key, seed))),
    sharedEntries() {
      let entries = 0;
      for (let slot = 0; slot < shared.length; slot += 1) if (shared[slot] === 1) entries += single[slot] as number;
      const word = (at: number): number => double[at] as number;
      for (let at = 0; at < doubles; at += 4) {
        if (isSharedHash(word(at), word(at + 1)) || isSharedHash(word(at + 2), word(at + 3))) entries += 1;
      }
      return entries;
    },
  };
}

function withRoom(words: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(words.length * 2);
  larger.set(words);
  return larger;
}
