import { type Code, TYPE, unsigned } from './wasm-assembler.ts';

/** A vector instruction: the prefix, then its number (WebAssembly SIMD, part of the core specification 2.0, section 5.4.8). */
const operation = (number: number): Code => [0xfd, unsigned(number)];
const binary =
  (number: number) =>
  (left: Code, right: Code): Code => [left, right, operation(number)];
const unary =
  (number: number) =>
  (operand: Code): Code => [operand, operation(number)];

/** The 16 bytes at address + offset, wherever they lie. */
export const loadVector = (address: Code, offset = 0): Code => [address, operation(0x00), 0, unsigned(offset)];
/** Stores 16 bytes at address + offset. */
export const storeVector = (address: Code, value: Code, offset = 0): Code => [
  [address, value],
  [operation(0x0b), 0, unsigned(offset)],
];
/** A constant of 16 bytes. */
export const vector = (bytes: readonly number[]): Code => [operation(0x0c), bytes];
/** The same byte 16 times. */
export const every8 = (byte: number): Code => vector(new Array<number>(16).fill(byte));
/** Numbers of 16 bits, a few in turn. */
export const every16 = (...numbers: readonly number[]): Code =>
  vector(
    Array.from({ length: 16 }, (_, at) => ((numbers[(at >> 1) % numbers.length] as number) >> (8 * (at % 2))) & 255),
  );

/** The bytes of the first at the places that the second names; 0 where there is no such place. */
export const pick = binary(0x0e);
export const equal8 = binary(0x23);
export const above8 = binary(0x28);
export const atMost8 = binary(0x2a);
export const sub8 = binary(0x71);
export const either = binary(0x50);
export const both = binary(0x4e);
/** Bits of the first where the third has ones, else of the second. */
export const choose = (yes: Code, no: Code, mask: Code): Code => [yes, no, mask, operation(0x52)];
/** 1 where no byte is zero. */
export const all8 = unary(0x63);
/** One bit a byte: its highest. */
export const bits8 = unary(0x64);
export const shiftLeft16 = binary(0x8b);
export const shiftRight16 = binary(0x8d);
/** Numbers of 16 bits of two vectors as bytes of one. */
export const narrow16 = binary(0x66);
/** Numbers of 32 bits of two vectors as numbers of 16 bits of one. */
export const narrow32 = binary(0x85);
export const add16 = binary(0x8e);
export const mul16 = binary(0x95);
/** Products of numbers of 16 bits, each two neighbours' added into 32 bits. */
export const dot16 = binary(0xba);
/** One of the four numbers of 32 bits. */
export const lane32 = (value: Code, lane: number): Code => [value, operation(0x1b), lane];

/** Scalar instructions that reading text needs. */
export const byteAt = (address: Code, offset = 0): Code => [address, 0x2d, 0, unsigned(offset)];
export const lowestBit32 = (value: Code): Code => [value, 0x68];
export const and32 = (left: Code, right: Code): Code => [left, right, 0x71];
export const not32 = (value: Code): Code => [value, 0x45];
export const differ = (left: Code, right: Code): Code => [left, right, 0x52];
/** Ends the function with that result where the condition is non-zero. */
export const returnWhen = (condition: Code, result: Code): Code => [condition, 0x04, 0x40, result, 0x0f, 0x0b];
/** `condition ? yes : no` as an i64, of which only one is evaluated. */
export const either64 = (condition: Code, yes: Code, no: Code): Code => [
  condition,
  0x04,
  TYPE.i64,
  yes,
  0x05,
  no,
  0x0b,
];
