/** Input of one operation, in 32-bit words: 97 bytes and zeros behind them. */
const INPUT_WORDS = 25;
/** Its result: 65 bytes, of which none are filled where there is none. */
const RESULT_WORDS = 17;
const ENTRY_WORDS = 1 + INPUT_WORDS + RESULT_WORDS;
const RESULT_BYTES = 65;

/** Words before the slots: how many entries are taken, how many there are, and three of salt. */
const HEADER_WORDS = 5;
const TAKEN = 0;
const ENTRIES = 1;
const SALT = 2;

/** A crafted file may aim all its signatures at one slot: then the search ends here and nothing is kept. */
const LONGEST_PROBE = 64;

/** States of an entry. */
const WORKED_ON = 0;
const FOUND = 1;
const NOTHING = 2;
const FAILED = 3;

/** A thread that died while it worked must not hold up the others for ever: then they do the work themselves. */
const LONGEST_WAIT_MS = 30_000;

/** Bytes of one input. */
export const INPUT_BYTES = 97;

/** Results of slow pure functions in memory that all threads of a run share, so that each is computed once in the whole run. */
export interface SharedResults {
  /**
   * The result for an input of 97 bytes (65 bytes, or null for «none»): computed by whichever thread asks first, while the others
   * that ask wait for it. Whole inputs are compared, never hashes of them. Undefined where the table is full: then nothing was computed.
   */
  once(input: Uint8Array, compute: () => Uint8Array | null): Uint8Array | null | undefined;
}

/** Makes the memory for that many results, at 180 bytes each once used; three words of salt, random for each run, keep prepared inputs from one slot. */
export function createSharedMemory(entries: number, salt: Uint32Array): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(4 * (HEADER_WORDS + slotsFor(entries) + entries * ENTRY_WORDS));
  const words = new Uint32Array(buffer);
  words[ENTRIES] = entries;
  words.set(salt.subarray(0, HEADER_WORDS - SALT), SALT);
  return buffer;
}

/** A power of two: at least two slots an entry. */
const slotsFor = (entries: number): number => 2 ** Math.ceil(Math.log2(Math.max(2, entries * 2)));

/** Opens the memory in a thread. */
export function openSharedResults(buffer: SharedArrayBuffer): SharedResults {
  const words = new Int32Array(buffer);
  const bytes = new Uint8Array(buffer);
  const entries = words[ENTRIES] as number;
  const slots = slotsFor(entries);
  const mask = slots - 1;
  const firstEntry = HEADER_WORDS + slots;
  const [seedA, seedB, seedC] = words.subarray(SALT, HEADER_WORDS) as unknown as [number, number, number];
  const scratch = new Int32Array(INPUT_WORDS);
  const scratchBytes = new Uint8Array(scratch.buffer);

  function slotOf(): number {
    let mixed = seedA;
    for (let at = 0; at < INPUT_WORDS; at += 1) {
      mixed = Math.imul(mixed ^ (scratch[at] as number), 0x85ebca6b) + seedB;
      mixed ^= mixed >>> 15;
    }
    mixed = Math.imul(mixed ^ seedC, 0xc2b2ae35);
    return (mixed ^ (mixed >>> 16)) & mask;
  }

  function holds(entry: number): boolean {
    for (let at = 0; at < INPUT_WORDS; at += 1) if (words[entry + 1 + at] !== scratch[at]) return false;
    return true;
  }

  /** A free entry with the input in it, or 0 where there is none. */
  function takeEntry(): number {
    if ((words[TAKEN] as number) >= entries) return 0;
    const taken = Atomics.add(words, TAKEN, 1);
    if (taken >= entries) return 0;
    const entry = firstEntry + taken * ENTRY_WORDS;
    words.set(scratch, entry + 1);
    return entry;
  }

  function fill(entry: number, compute: () => Uint8Array | null): Uint8Array | null {
    let state = FAILED;
    try {
      const result = compute();
      if (result !== null) bytes.set(result, (entry + 1 + INPUT_WORDS) * 4);
      state = result === null ? NOTHING : FOUND;
      return result;
    } finally {
      Atomics.store(words, entry, state);
      Atomics.notify(words, entry);
    }
  }

  function take(entry: number): Uint8Array | null | undefined {
    if (Atomics.load(words, entry) === WORKED_ON) Atomics.wait(words, entry, WORKED_ON, LONGEST_WAIT_MS);
    const state = Atomics.load(words, entry);
    const at = (entry + 1 + INPUT_WORDS) * 4;
    return state === FOUND ? bytes.slice(at, at + RESULT_BYTES) : state === NOTHING ? null : undefined;
  }

  return {
    once(input, compute) {
      if (input.length !== INPUT_BYTES) throw new RangeError(`an input has ${input.length} bytes, not ${INPUT_BYTES}`);
      scratchBytes.set(input);
      const start = slotOf();
      let own = 0;
      for (let probe = 0; probe < LONGEST_PROBE; probe += 1) {
        const slot = HEADER_WORDS + ((start + probe) & mask);
        let held = Atomics.load(words, slot);
        if (held === 0) {
          own = own === 0 ? takeEntry() : own;
          if (own === 0) return undefined;
          held = Atomics.compareExchange(words, slot, 0, own);
          if (held === 0) return fill(own, compute);
        }
        if (holds(held)) return take(held);
      }
      return undefined;
    },
  };
}
