/**
 * A WebAssembly assembler of about a hundred lines: just the integer instructions that 64-bit field arithmetic needs.
 * Code is built inside out from expressions; they nest as trees and are flattened to bytes once, when a function is defined
 * (WebAssembly core specification 1.0, section 5).
 */
export type Code = readonly (number | Code)[];

/** Finished code. */
type Bytes = readonly number[];

/** The value types used here and their binary tags. */
export const TYPE = { i32: 0x7f, i64: 0x7e, v128: 0x7b } as const;
export type ValueType = keyof typeof TYPE;

/** Unsigned LEB128. */
export function unsigned(value: number): Bytes {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest === 0 ? low : low + 128);
  } while (rest !== 0);
  return bytes;
}

/** Signed LEB128 of a value taken as a 64-bit two's complement number. */
export function signed(value: bigint): Bytes {
  const bytes: number[] = [];
  let rest = BigInt.asIntN(64, value);
  for (;;) {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    const done = (rest === 0n && low < 64) || (rest === -1n && low >= 64);
    bytes.push(done ? low : low + 128);
    if (done) return bytes;
  }
}

const binary =
  (opcode: number) =>
  (left: Code, right: Code): Code => [left, right, opcode];
const unary =
  (opcode: number) =>
  (operand: Code): Code => [operand, opcode];

/** A 32-bit constant. */
export const i32 = (value: number): Code => [0x41, signed(BigInt(value | 0))];
/** A 64-bit constant; values up to 2^64 − 1 are taken as unsigned. */
export const i64 = (value: bigint): Code => [0x42, signed(value)];

export const add32 = binary(0x6a);
export const sub32 = binary(0x6b);
export const shl32 = binary(0x74);
export const lessThan32 = binary(0x49);
export const equal32 = binary(0x46);
export const or32 = binary(0x72);
export const atLeast32 = binary(0x4f);

export const add = binary(0x7c);
export const sub = binary(0x7d);
export const mul = binary(0x7e);
export const and = binary(0x83);
export const or = binary(0x84);
export const shl = binary(0x86);
export const shr = binary(0x88);
/** Unsigned comparisons; the result is an i32. */
export const lessThan = binary(0x54);
export const atLeast = binary(0x5a);
/** An i32 read as an unsigned i64. */
export const widen = unary(0xad);

/** `condition ? yes : no`, both evaluated (the `select` instruction). */
export const select = (condition: Code, yes: Code, no: Code): Code => [yes, no, condition, 0x1b];

/** The i64 at address + offset (8-byte aligned). */
export const load = (address: Code, offset = 0): Code => [address, 0x29, 3, unsigned(offset)];
/** Stores an i64 at address + offset (8-byte aligned). */
export const store = (address: Code, value: Code, offset = 0): Code => [address, value, 0x37, 3, unsigned(offset)];

/** Runs the body while the condition, checked before each round, is non-zero. */
export const whileLoop = (condition: Code, body: Code): Code => [
  [0x02, 0x40, 0x03, 0x40],
  [condition, 0x45, 0x0d, 1],
  [body, 0x0c, 0, 0x0b, 0x0b],
];

/** Runs the body when the condition is non-zero. */
export const when = (condition: Code, body: Code): Code => [condition, 0x04, 0x40, body, 0x0b];

/** A parameter or local variable of a function under construction. */
export interface Local {
  readonly get: Code;
  set(value: Code): Code;
  /** Sets and leaves the value on the stack. */
  tee(value: Code): Code;
}

const local = (index: number): Local => ({
  get: [0x20, unsigned(index)],
  set: (value) => [value, 0x21, unsigned(index)],
  tee: (value) => [value, 0x22, unsigned(index)],
});

/** What a function's body is built from: its parameters and a way to declare further locals. */
export interface FunctionScope {
  readonly parameters: readonly Local[];
  local(type: ValueType): Local;
}

/** A module under construction: functions in order of definition, each callable by those after it. */
export interface ModuleBuilder {
  /** Defines and exports a function; returns what calls it. */
  define(
    name: string,
    parameters: readonly ValueType[],
    result: ValueType | null,
    body: (scope: FunctionScope) => Code,
  ): (...args: readonly Code[]) => Code;
  /** Declares and exports a mutable i32 global. */
  global(name: string, initial: number): { readonly get: Code; set(value: Code): Code };
  /** The finished binary, with a memory of that many 64 KiB pages exported as `memory`. */
  bytes(pages: number): Uint8Array;
}

/** Starts an empty module. */
export function createModule(): ModuleBuilder {
  const types: Bytes[] = [];
  const bodies: Bytes[] = [];
  const exports: Bytes[] = [[...text('memory'), 0x02, 0]];
  const globals: Bytes[] = [];
  return {
    define(name, parameters, result, body) {
      const index = bodies.length;
      const extra: ValueType[] = [];
      const code = body({
        parameters: parameters.map((_type, position) => local(position)),
        local: (type) => local(parameters.length + extra.push(type) - 1),
      });
      const results = result === null ? [] : [TYPE[result]];
      types.push([0x60, ...vector(parameters.map((type) => [TYPE[type]])), ...vector(results.map((type) => [type]))]);
      const declared = vector(extra.map((type) => [1, TYPE[type]]));
      const whole = [...declared, ...flatten(code), 0x0b];
      bodies.push([...unsigned(whole.length), ...whole]);
      exports.push([...text(name), 0x00, ...unsigned(index)]);
      return (...args) => [args, 0x10, unsigned(index)];
    },
    global(name, initial) {
      const index = globals.push([TYPE.i32, 1, ...flatten(i32(initial)), 0x0b]) - 1;
      exports.push([...text(name), 0x03, ...unsigned(index)]);
      return { get: [0x23, ...unsigned(index)], set: (value) => [...value, 0x24, ...unsigned(index)] };
    },
    bytes: (pages) =>
      Uint8Array.from([
        ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
        ...section(1, vector(types)),
        ...section(3, vector(types.map((_type, index) => unsigned(index)))),
        ...section(5, vector([[0, ...unsigned(pages)]])),
        ...section(6, vector(globals)),
        ...section(7, vector(exports)),
        ...section(10, vector(bodies)),
      ]),
  };
}

function flatten(code: Code, into: number[] = []): Bytes {
  for (const part of code) {
    if (typeof part === 'number') into.push(part);
    else flatten(part, into);
  }
  return into;
}

const vector = (items: readonly Bytes[]): Bytes => flatten([unsigned(items.length), items]);
const section = (id: number, content: Bytes): Bytes => flatten([id, unsigned(content.length), content]);
const text = (name: string): Bytes => vector([...name].map((letter) => [letter.charCodeAt(0)]));
