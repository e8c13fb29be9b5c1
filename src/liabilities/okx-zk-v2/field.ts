import type { Brand } from '../../domain/ids.ts';
import { writeDecimal } from './decimal.ts';
import { P } from './goldilocks.ts';
import { assembleMachine, HEAP_AT, PAGES } from './machine.ts';
import { ROUND_CONSTANTS_AT, STATE_AT } from './machine-poseidon.ts';
import { ROUND_CONSTANTS, WIDTH } from './poseidon-constants.ts';

/** A byte address of consecutive 64-bit words in the field machine's memory. */
export type Words = Brand<number, 'Words'>;
/** The address of an element of the quadratic extension: two words, the coefficients of 1 and of X. */
export type Ext = Brand<number, 'Ext'>;

/** Exact arithmetic in the quadratic extension: what gates are written against. */
export interface ExtensionOps {
  readonly zero: Ext;
  readonly one: Ext;
  add(a: Ext, b: Ext): Ext;
  sub(a: Ext, b: Ext): Ext;
  mul(a: Ext, b: Ext): Ext;
  /** The embedded base-field constant, made once and kept. */
  constant(value: bigint): Ext;
}

/** One field machine: extension arithmetic, Poseidon and a heap that grows until it is rewound. */
export interface Field extends ExtensionOps {
  /** The inverse; zero for zero. */
  inverse(a: Ext): Ext;
  equal(a: Ext, b: Ext): boolean;
  /** Σ cᵢ·xⁱ over `length` base-field words, and the same over extension elements. */
  evaluateBase(coefficients: Words, length: number, x: Ext): Ext;
  evaluate(coefficients: Words, length: number, x: Ext): Ext;
  /** Poseidon hash_no_pad of `length` words into the four words at `out`. */
  hash(source: Words, length: number, out: Words): void;
  /** two_to_one of two digests into `out`, which may be one of them. */
  compress(left: Words, right: Words, out: Words): void;
  /** Applies the permutation to a state of twelve words. */
  permute(state: Words): void;
  /** Permutations run since the machine was made. */
  permutations(): number;
  /** Fresh memory for that many words, not cleared. */
  reserve(words: number): Words;
  read(words: Words, index: number): bigint;
  /** Stores a value that must be below P. */
  write(words: Words, index: number, value: bigint): void;
  /** Stores canonical decimal digits of an element; false, with nothing stored, for anything else. */
  writeText(words: Words, index: number, text: string): boolean;
  /** Stores little-endian words; false where one is not below P. */
  writeBytes(words: Words, bytes: Uint8Array): boolean;
  /** The words as an extension element, and the index-th of a row of elements. */
  element(words: Words, index: number): Ext;
  sameDigest(a: Words, b: Words): boolean;
  /** The present top of the heap, and a return to it: everything reserved or computed since then is forgotten. */
  mark(): number;
  rewind(mark: number): void;
}

interface Machine
  extends Pick<Field, 'add' | 'sub' | 'mul' | 'inverse' | 'evaluateBase' | 'evaluate' | 'hash' | 'compress'> {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly top: { value: number };
  readonly permutations: { readonly value: number };
  readonly permute: () => void;
}

// Node has it as a global; the type library without the browser's names does not declare it.
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    Module: new (bytes: Uint8Array) => object;
    Instance: new (module: object) => { readonly exports: unknown };
  };
};

let compiled: object | undefined;

/** Room for distinct constants: round constants, matrix entries, roots of unity. */
const CONSTANTS = 4096;

/** The number of words that the machine's memory holds: callers bound their work below it. */
export const MEMORY_WORDS = (PAGES * 65536 - HEAP_AT) / 8;

/** Makes a field machine with its own memory; the module is compiled once a thread. */
export function createField(): Field {
  compiled ??= new WebAssembly.Module(assembleMachine());
  const machine = new WebAssembly.Instance(compiled).exports as Machine;
  const words = new BigUint64Array(machine.memory.buffer);
  const halves = new Uint32Array(machine.memory.buffer);
  const heap = heapOf(machine, words, halves);
  words.set(ROUND_CONSTANTS, ROUND_CONSTANTS_AT / 8);
  const constants = new Map<bigint, Ext>();
  const same = (a: number, b: number, count: number): boolean => {
    for (let i = 0; i < 2 * count; i++) if (halves[a / 4 + i] !== halves[b / 4 + i]) return false;
    return true;
  };
  // Constants live below the first mark, so that no rewind forgets one: room for them is kept at the start.
  const pool = heap.reserve(2 * CONSTANTS);
  const constant = (value: bigint): Ext => {
    const known = constants.get(value);
    if (known !== undefined) return known;
    if (constants.size >= CONSTANTS) throw new Error('more constants than the field machine has room for');
    const fresh = (pool + 16 * constants.size) as Ext;
    words[fresh / 8] = value % P;
    words[fresh / 8 + 1] = 0n;
    constants.set(value, fresh);
    return fresh;
  };
  return {
    ...heap,
    zero: constant(0n),
    one: constant(1n),
    add: machine.add,
    sub: machine.sub,
    mul: machine.mul,
    constant,
    inverse: machine.inverse,
    equal: (a, b) => same(a, b, 2),
    evaluateBase: machine.evaluateBase,
    evaluate: machine.evaluate,
    hash: machine.hash,
    compress: machine.compress,
    permute(state) {
      words.copyWithin(STATE_AT / 8, state / 8, state / 8 + WIDTH);
      machine.permute();
      words.copyWithin(state / 8, STATE_AT / 8, STATE_AT / 8 + WIDTH);
    },
    permutations: () => machine.permutations.value,
    sameDigest: (a, b) => same(a, b, 4),
  };
}

function heapOf(
  machine: Machine,
  words: BigUint64Array,
  halves: Uint32Array,
): Pick<Field, 'reserve' | 'read' | 'write' | 'writeText' | 'writeBytes' | 'element' | 'mark' | 'rewind'> {
  return {
    reserve(count) {
      const start = machine.top.value;
      if (start + 8 * count > words.byteLength) throw new Error('the field machine is out of memory');
      machine.top.value = start + 8 * count;
      return start as Words;
    },
    read: (at, index) => words[at / 8 + index]!,
    write(at, index, value) {
      words[at / 8 + index] = value;
    },
    writeText: (at, index, text) => writeDecimal(text, halves, at / 4 + 2 * index),
    writeBytes(at, bytes) {
      new Uint8Array(halves.buffer, at, bytes.length).set(bytes);
      for (let i = at / 4; i < (at + bytes.length) / 4; i += 2)
        if (halves[i + 1] === 0xffff_ffff && halves[i] !== 0) return false;
      return true;
    },
    element: (at, index) => (at + 16 * index) as unknown as Ext,
    mark: () => machine.top.value,
    rewind(mark) {
      machine.top.value = mark;
    },
  };
}
