import type { Code, Local, ModuleBuilder } from '../../lib/wasm-assembler.ts';
import * as w from '../../lib/wasm-assembler.ts';
import * as v from '../../lib/wasm-simd.ts';

const HUNDRED_MILLION = 100_000_000n;

/**
 * Where the tables lie: which bytes move where, to bring 0 to 16 digits to the right end of a vector, 0 to 8 to the right end of its
 * first half, and 0 to 8 to the left end of its second half.
 */
const TO_RIGHT = 1024;
const TO_MIDDLE = 1536;
const TO_END = 1792;

/** Writes the tables that reading needs into a machine's memory, up to address 2048. */
export function writeReadingTables(memory: Uint8Array): void {
  for (let count = 0; count <= 16; count += 1) {
    for (let at = 0; at < 16; at += 1) {
      memory[TO_RIGHT + 16 * count + at] = at < 16 - count ? 255 : at - (16 - count);
      if (count > 8) continue;
      memory[TO_MIDDLE + 16 * count + at] = at < 8 - count || at >= 8 ? 255 : at - (8 - count);
      memory[TO_END + 16 * count + at] = at < 8 || at >= 8 + count ? 255 : at - 8;
    }
  }
}

/** Code that both formats read their lines with. */
export interface Reading {
  /** The place behind what was read last. */
  readonly end: ReturnType<ModuleBuilder['global']>;
  /** Reads 64 lower-case hex characters into 32 bytes; 0 where they are none. */
  hex(from: Code, to: Code): Code;
  /** Whether 64 lower-case hex characters stand there. */
  isHex(from: Code): Code;
}

/** 16 characters less '0'. */
export const characters = (at: Code, offset = 0): Code => v.sub8(v.loadVector(at, offset), v.every8(48));

const isDigit = (text: Code): Code => v.atMost8(v.sub8(text, v.every8(48)), v.every8(9));
const isLetter = (text: Code): Code => v.atMost8(v.sub8(text, v.every8(97)), v.every8(5));

/** The number (i64) of sixteen digits; the local is for what stands in between. */
function number(digits: Code, between: Local): Code {
  // The first digit of two is the lower byte of their 16 bits.
  const twos = v.add16(
    v.mul16(v.both(between.get, v.every16(255)), v.every16(10)),
    v.shiftRight16(between.get, w.i32(8)),
  );
  return [
    between.set(digits),
    between.set(v.dot16(twos, v.every16(100, 1))),
    between.set(v.dot16(v.narrow32(between.get, between.get), v.every16(10_000, 1))),
    w.add(w.mul(w.widen(v.lane32(between.get, 0)), w.i64(HUNDRED_MILLION)), w.widen(v.lane32(between.get, 1))),
  ];
}

const moved = (text: Code, count: Code, table: number): Code =>
  v.pick(text, v.loadVector(w.shl32(count, w.i32(4)), table));

/** How many of such characters are digits from the start. */
export const digitCount = (text: Code): Code =>
  v.lowestBit32(w.or32(v.bits8(v.above8(text, v.every8(9))), w.i32(1 << 16)));

/** The value (i64) of so many first digits. */
export const whole = (text: Code, count: Code, between: Local): Code => number(moved(text, count, TO_RIGHT), between);

/** The value (i64) in 10⁻⁸ parts of up to ten first digits of one vector and, behind the point, up to eight of another. */
export const decimal = (coins: Code, count: Code, parts: Code, partCount: Code, between: Local): Code =>
  v.either64(
    w.lessThan32(w.i32(8), count),
    w.add(
      w.mul(whole(coins, count, between), w.i64(HUNDRED_MILLION)),
      number(moved(parts, partCount, TO_END), between),
    ),
    // Up to eight digits and eight decimals are the sixteen digits of one number.
    number(v.either(moved(coins, count, TO_MIDDLE), moved(parts, partCount, TO_END)), between),
  );

/** Defines what both formats read their lines with. */
export function defineReading(m: ModuleBuilder): Reading {
  const hex = m.define('hex', ['i32', 'i32'], 'i32', ({ parameters, local }) => {
    const [from, to] = parameters as [Local, Local];
    const [text, fine] = [local('v128'), local('v128')];
    const [even, odd] = [local('v128'), local('v128')];
    // Two characters are one number of 16 bits with the first one, the higher nibble, in its lower byte.
    const nibbles = (offset: number, into: Local): Code => [
      text.set(v.loadVector(from.get, offset)),
      fine.set(v.both(fine.get, v.either(isDigit(text.get), isLetter(text.get)))),
      into.set(v.choose(v.sub8(text.get, v.every8(48)), v.sub8(text.get, v.every8(97 - 10)), isDigit(text.get))),
      into.set(v.both(v.either(v.shiftLeft16(into.get, w.i32(4)), v.shiftRight16(into.get, w.i32(8))), v.every16(255))),
    ];
    const half = (at: number): Code => [
      nibbles(2 * at, even),
      nibbles(2 * at + 16, odd),
      v.storeVector(to.get, v.narrow16(even.get, odd.get), at),
    ];
    return [fine.set(v.every8(255)), half(0), half(16), v.all8(fine.get)];
  });
  const isHex = m.define('isHex', ['i32'], 'i32', ({ parameters, local }) => {
    const [from] = parameters as [Local];
    const [text, fine] = [local('v128'), local('v128')];
    return [
      fine.set(v.every8(255)),
      [0, 16, 32, 48].map((offset) => [
        text.set(v.loadVector(from.get, offset)),
        fine.set(v.both(fine.get, v.either(isDigit(text.get), isLetter(text.get)))),
      ]),
      v.all8(fine.get),
    ];
  });
  return { end: m.global('end', 0), hex, isHex };
}
