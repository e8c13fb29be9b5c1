/** Input of one recovery: 32 bytes of digest, 64 of signature, 1 of recovery id. */
const INPUT_BYTES = 97;
/** Input and the 65-byte key; a first key byte of zero stands for «no key». */
const ENTRY_BYTES = INPUT_BYTES + 65;
const CHUNK_ENTRIES = 4096;
const FIRST_SLOTS = 8192;
/** A crafted file may aim all its signatures at one slot: then the search ends here and nothing is kept. */
const LONGEST_PROBE = 64;

/** A bounded memory of recoveries already made; undefined means «not known». */
export interface RecoveryMemo {
  get(digest: Uint8Array, rs: Uint8Array, recoveryId: number): Uint8Array | null | undefined;
  put(digest: Uint8Array, rs: Uint8Array, recoveryId: number, key: Uint8Array | null): void;
}

/**
 * Makes a memo that compares whole inputs, never hashes of them. It holds at most `maxEntries` recoveries at 170 bytes each,
 * outside the garbage collector's sight, growing with use; when it is full it starts again empty.
 */
export function createRecoveryMemo(maxEntries = 262_144): RecoveryMemo {
  let chunks: Buffer[] = [];
  let slots = new Uint32Array(FIRST_SLOTS);
  let entries = 0;

  const chunkOf = (entry: number): Buffer => chunks[Math.floor(entry / CHUNK_ENTRIES)] as Buffer;
  const offsetOf = (entry: number): number => (entry % CHUNK_ENTRIES) * ENTRY_BYTES;

  function place(entry: number): void {
    const chunk = chunkOf(entry);
    const offset = offsetOf(entry);
    const mask = slots.length - 1;
    const start = mix(word(chunk, offset + 28), word(chunk, offset + 60), word(chunk, offset + 92));
    for (let probe = 0; probe < LONGEST_PROBE; probe += 1) {
      const slot = (start + probe) & mask;
      if (slots[slot] === 0) {
        slots[slot] = entry + 1;
        return;
      }
    }
  }

  function grow(): void {
    slots = new Uint32Array(slots.length * 2);
    for (let entry = 0; entry < entries; entry += 1) place(entry);
  }

  return {
    get(digest, rs, recoveryId) {
      const mask = slots.length - 1;
      const start = mix(word(digest, 28), word(rs, 28), word(rs, 60));
      for (let probe = 0; probe < LONGEST_PROBE; probe += 1) {
        const held = slots[(start + probe) & mask] as number;
        if (held === 0) return undefined;
        const chunk = chunkOf(held - 1);
        const offset = offsetOf(held - 1);
        if (chunk[offset + 96] !== recoveryId) continue;
        if (!same(chunk, offset + 32, rs) || !same(chunk, offset, digest)) continue;
        const key = chunk.subarray(offset + INPUT_BYTES, offset + ENTRY_BYTES);
        return key[0] === 0 ? null : Uint8Array.from(key);
      }
      return undefined;
    },
    put(digest, rs, recoveryId, key) {
      if (entries >= maxEntries) {
        chunks = [];
        slots = new Uint32Array(FIRST_SLOTS);
        entries = 0;
      }
      if (entries % CHUNK_ENTRIES === 0) chunks.push(Buffer.alloc(CHUNK_ENTRIES * ENTRY_BYTES));
      const chunk = chunkOf(entries);
      const offset = offsetOf(entries);
      chunk.set(digest, offset);
      chunk.set(rs, offset + 32);
      chunk[offset + 96] = recoveryId;
      if (key !== null) chunk.set(key, offset + INPUT_BYTES);
      entries += 1;
      if (entries * 2 > slots.length) grow();
      else place(entries - 1);
    },
  };
}

const word = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)) >>>
  0;

const mix = (a: number, b: number, c: number): number =>
  (Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35)) >>> 0;

function same(chunk: Buffer, offset: number, bytes: Uint8Array): boolean {
  for (let index = 0; index < bytes.length; index += 1) {
    if (chunk[offset + index] !== bytes[index]) return false;
  }
  return true;
}
