import { sha256Bytes } from '../lib/hash.ts';

const LEAF_PREFIX = Uint8Array.of(0);
const NODE_PREFIX = Uint8Array.of(1);
const HASH_BYTES = 32;
const utf8 = new TextEncoder();

/** The hash of a leaf's bytes: SHA-256(0x00 || bytes) (RFC 6962 section 2.1). Text is taken as UTF-8. */
export const leafHash = (leaf: Uint8Array | string): Uint8Array =>
  sha256Bytes(LEAF_PREFIX, typeof leaf === 'string' ? utf8.encode(leaf) : leaf);

/** The hash of an inner node: SHA-256(0x01 || left || right) (RFC 6962 section 2.1). */
export const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array => sha256Bytes(NODE_PREFIX, left, right);

/** The root of no leaves: SHA-256 of nothing (RFC 6962 section 2.1). */
export const EMPTY_ROOT: Uint8Array = sha256Bytes();

/**
 * The RFC 6962 root of leaves that come one after another, in memory of O(log n).
 * It holds the roots of the perfect subtrees so far, as a binary counter does.
 */
export function createRootHasher(): { add(leaf: string): void; count(): number; root(): Uint8Array } {
  const peaks: { readonly height: number; readonly hash: Uint8Array }[] = [];
  let count = 0;
  return {
    add(leaf) {
      let peak = { height: 0, hash: leafHash(leaf) };
      for (let last = peaks.at(-1); last?.height === peak.height; last = peaks.at(-1)) {
        peaks.pop();
        peak = { height: peak.height + 1, hash: nodeHash(last.hash, peak.hash) };
      }
      peaks.push(peak);
      count += 1;
    },
    count: () => count,
    root: () => {
      const hashes = peaks.map((peak) => peak.hash);
      return hashes.length === 0 ? EMPTY_ROOT : hashes.reduceRight((right, left) => nodeHash(left, right));
    },
  };
}

/** The RFC 6962 root of a list of leaves. */
export function merkleRoot(leaves: Iterable<string>): Uint8Array {
  const hasher = createRootHasher();
  for (const leaf of leaves) hasher.add(leaf);
  return hasher.root();
}

/**
 * An RFC 6962 tree whose leaves can change in place and grow at the end; a root after k changes costs O(k log n).
 * Level by level, an odd last node moves up unchanged, which is the RFC's split at the largest power of two.
 */
export class MerkleTree {
  readonly #levels: Level[] = [createLevel()];
  #dirty: number[] = [];

  /** How many leaves there are. */
  get size(): number {
    return this.#level(0).size;
  }

  /** Sets the leaf at an index, which is at most the present size. */
  setLeaf(index: number, leaf: Uint8Array | string): void {
    if (index > this.size) throw new RangeError(`leaf ${index} would leave a hole after ${this.size} leaves`);
    this.#level(0).set(index, leafHash(leaf));
    this.#dirty.push(index);
  }

  /** The root of all leaves as they are now. */
  root(): Uint8Array {
    this.#flush();
    return this.size === 0 ? EMPTY_ROOT : (this.#levels.at(-1) as Level).get(0);
  }

  /** The audit path of a leaf, from the leaf upward (RFC 6962 section 2.1.1). */
  proof(index: number): readonly Uint8Array[] {
    if (index < 0 || index >= this.size) throw new RangeError(`no leaf ${index} in a tree of ${this.size}`);
    this.#flush();
    const path: Uint8Array[] = [];
    let at = index;
    for (const level of this.#levels) {
      const sibling = at ^ 1;
      if (sibling < level.size) path.push(level.get(sibling));
      at >>= 1;
    }
    return path;
  }

  #level(height: number): Level {
    let level = this.#levels[height];
    if (!level) {
      level = createLevel();
      this.#levels[height] = level;
    }
    return level;
  }

  #flush(): void {
    let changed = distinct(this.#dirty.sort((a, b) => a - b));
    this.#dirty = [];
    if (changed.length === 0) return;
    for (let height = 0; this.#level(height).size > 1; height += 1) {
      const level = this.#level(height);
      const above = this.#level(height + 1);
      changed = distinct(changed.map((index) => index >> 1));
      for (const index of changed) {
        const left = level.get(2 * index);
        above.set(index, 2 * index + 1 < level.size ? nodeHash(left, level.get(2 * index + 1)) : left);
      }
    }
  }
}

/** Whether the audit path leads from that leaf at that index of a tree of that size to the root (RFC 9162 section 2.1.3.2). */
export function verifyInclusion(
  leaf: Uint8Array | string,
  index: number,
  size: number,
  path: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (index < 0 || index >= size) return false;
  let position = index;
  let last = size - 1;
  let hash = leafHash(leaf);
  for (const sibling of path) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      hash = nodeHash(sibling, hash);
      while (position % 2 === 0 && position !== 0) {
        position >>= 1;
        last >>= 1;
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    position >>= 1;
    last >>= 1;
  }
  return last === 0 && Buffer.compare(hash, root) === 0;
}

interface Level {
  readonly size: number;
  get(index: number): Uint8Array;
  set(index: number, hash: Uint8Array): void;
}

function createLevel(): Level {
  let bytes = new Uint8Array(HASH_BYTES * 16);
  let size = 0;
  return {
    get size() {
      return size;
    },
    get: (index) => bytes.slice(index * HASH_BYTES, (index + 1) * HASH_BYTES),
    set(index, hash) {
      if ((index + 1) * HASH_BYTES > bytes.length) {
        const grown = new Uint8Array(Math.max(bytes.length * 2, (index + 1) * HASH_BYTES));
        grown.set(bytes);
        bytes = grown;
      }
      bytes.set(hash, index * HASH_BYTES);
      size = Math.max(size, index + 1);
    },
  };
}

const distinct = (sorted: readonly number[]): number[] =>
  sorted.filter((value, at) => at === 0 || value !== sorted[at - 1]);
