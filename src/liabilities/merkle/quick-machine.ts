import { hash } from 'node:crypto';
import * as w from '../../lib/wasm-assembler.ts';
import { type Code, createModule, type ModuleBuilder } from '../../lib/wasm-assembler.ts';
import type { Window } from './line-cursor.ts';
import { writeReadingTables } from './quick-reading.ts';

/**
 * Where things lie in the machine's memory, beside the tables of quick-reading.ts. First the ends of the pair and of its parent that
 * were read last: 8 bytes each.
 */
const ENDS = 0;
/** Room for what a format writes: 64 bytes. */
export const OWN = 64;
/** The digest that the parent's line prints: 32 bytes. */
export const DIGEST = 128;
/** What is hashed. */
export const PREIMAGE = 512;
const PREIMAGE_BYTES = 512;
const CHILDREN = 4096;
const BLOCK = 65_536;
const PARENTS = CHILDREN + BLOCK + 4096;
const PAGES = 3;

/** No line of a plain form is as long. */
const LONGEST = 256;
/** Bytes that are copied to begin with: where the quick way finds nothing, looking costs little. */
const FIRST_BLOCK = 2048;

/** Leaves the pair's end (0) or the parent's (1) for the caller. */
export const leaveEnd = (which: 0 | 1, end: Code): Code => w.store(w.i32(ENDS), w.widen(end), 8 * which);

// Node has it as a global; the type library without the browser's names does not declare it.
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    validate(code: Uint8Array): boolean;
    Module: new (code: Uint8Array) => object;
    Instance: new (module: object) => { readonly exports: unknown };
  };
};

/** A machine that reads a pair of children and their parent, if they are of the plain form and their sums are right. */
interface QuickMachine {
  readonly memory: Uint8Array;
  /** Leaves the preimage of the parent's hash and returns its length; 0 where it leaves all to the careful way. */
  readonly pair: (child: number, parent: number, ...more: number[]) => number;
}

/** Starts a machine whose function `pair` is so defined; null where this processor has no such vectors. */
export function startMachine(define: (m: ModuleBuilder) => void): QuickMachine | null {
  const m = createModule();
  define(m);
  const code = m.bytes(PAGES);
  if (!WebAssembly.validate(code)) return null;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code));
  const { memory: room, pair } = exports as { memory: { buffer: ArrayBuffer }; pair: QuickMachine['pair'] };
  const memory = new Uint8Array(room.buffer);
  writeReadingTables(memory);
  return { memory, pair };
}

/**
 * The quick way with such a machine: rebuilds as many parents as fit, at most `most`, moves both windows past them and returns their
 * number. It only ever accepts: whatever is not exactly of the plain form, does not fit, or is not read whole, is left to the careful way.
 */
export function quickWay(
  machine: QuickMachine,
): (children: Window, parents: Window, most: number, ...more: number[]) => number {
  const { memory, pair } = machine;
  const ends = new Int32Array(memory.buffer, ENDS, 4);
  const views = Array.from({ length: PREIMAGE_BYTES }, (_, size) => memory.subarray(PREIMAGE, PREIMAGE + size));

  return (children, parents, most, ...more) => {
    let [child, childrenEnd] = [CHILDREN, CHILDREN];
    let [parent, parentsEnd] = [PARENTS, PARENTS];
    let block = FIRST_BLOCK;
    let pairs = 0;
    for (; pairs < most; pairs += 1) {
      if (childrenEnd - child < 2 * LONGEST) {
        children.at += child - CHILDREN;
        child = CHILDREN;
        childrenEnd = CHILDREN + copy(children, CHILDREN, block);
        block = Math.min(2 * block, BLOCK);
        if (childrenEnd - child < 2 * LONGEST) break;
      }
      if (parentsEnd - parent < LONGEST) {
        parents.at += parent - PARENTS;
        parent = PARENTS;
        parentsEnd = PARENTS + copy(parents, PARENTS, block);
        if (parentsEnd - parent < LONGEST) break;
      }
      const size = pair(child, parent, ...more);
      if (size === 0 || !hashFits(size)) break;
      child = ends[0] as number;
      parent = ends[2] as number;
    }
    children.at += child - CHILDREN;
    parents.at += parent - PARENTS;
    return pairs;
  };

  function copy({ bytes, at, end }: Window, to: number, most: number): number {
    const size = Math.min(end - at, most);
    memory.set(bytes.subarray(at, at + size), to);
    return size;
  }

  function hashFits(size: number): boolean {
    const digest = hash('sha256', views[size] as Uint8Array, 'binary');
    for (let i = 0; i < 32; i += 1) if (digest.charCodeAt(i) !== memory[DIGEST + i]) return false;
    return true;
  }
}
