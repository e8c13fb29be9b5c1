import type { Code, Local, ModuleBuilder } from '../../lib/wasm-assembler.ts';
import * as w from '../../lib/wasm-assembler.ts';
import * as v from '../../lib/wasm-simd.ts';

const HUNDRED_MILLION = 100_000_000n;

/** Where the tables lie: which bytes move where, to bring 0 to 16 digits to the right end of a vector, and 0 to 8 to its middle. */
const TO_RIGHT = 1024;
const TO_MIDDLE = 1536;

/** Writes the tables that reading needs into a machine's memory, up to address 2048. */
export function writeReadingTables(memory: Uint8Array): void {
  for (let count = 0; count <= 16; count += 1) {
    for (let at = 0; at < 16; at += 1) {
      memory[TO_RIGHT + 16 * count + at] = at < 16 - count ? 255 : at - (16 - count);
      if (count <= 8) memory[TO_MIDDLE + 16 * count + at] = at >= 8 && at < 8 + count ? at - 8 : 255;
    }
  }
}

/** Code that both formats read their lines with. */
export interface Reading {
  /** The place behind what was read last. */
  readonly end: ReturnType<ModuleBuilder['global']>;
  /** Reads 64 lower-case hex characters into 32 bytes; 0 where they are none. */
  hex(from: Code, to: Code): Code;
  /** How many of such characters are digits from the start. */
  digitCount(characters: Code): Code;
  /** The value (i64) of so many first digits. */
  whole(characters: Code, count: Code): Code;
  /** The value (i64) of up to eight first digits as so many 10⁻⁸ parts. */
  parts(characters: Code, count: Code): Code;
}

/** 16 characters less '0'. */
export const characters = (at: Code, offset = 0): Code => v.sub8(v.loadVector(at, offset), v.every8(48));

/** Defines what both formats read their lines with. */
export function defineReading(m: ModuleBuilder): Reading {
  const hex = m.define('hex', ['i32', 'i32'], 'i32', ({ parameters, local }) => {
    const [from, to] = parameters as [Local, Local];
    const [text, digit, letter, isDigit] = [local('v128'), local('v128'), local('v128'), local('v128')];
    const [even, odd, fine] = [local('v128'), local('v128'), local('v128')];
    // Two characters are one number of 16 bits with the first one, the higher nibble, in its lower byte.
    const nibbles = (offset: number, into: Local): Code => [
      text.set(v.loadVector(from.get, offset)),
      digit.set(v.sub8(text.get, v.every8(48))),
      letter.set(v.sub8(text.get, v.every8(97))),
      isDigit.set(v.atMost8(digit.get, v.every8(9))),
      fine.set(v.both(fine.get, v.either(isDigit.get, v.atMost8(letter.get, v.every8(5))))),
      into.set(v.choose(digit.get, v.add8(letter.get, v.every8(10)), isDigit.get)),
      into.set(v.both(v.either(v.shiftLeft16(into.get, w.i32(4)), v.shiftRight16(into.get, w.i32(8))), v.every16(255))),
    ];
    const half = (at: number): Code => [
      nibbles(2 * at, even),
      nibbles(2 * at + 16, odd),
      v.storeVector(to.get, v.narrow16(even.get, odd.get), at),
    ];
    return [fine.set(v.every8(255)), half(0), half(16), v.all8(fine.get)];
  });
  const number = m.define('number', ['v128'], 'i64', ({ parameters, local }) => {
    const [digits] = parameters as [Local];
    const [fours, eights] = [local('v128'), local('v128')];
    const twos = v.narrow32(
      v.dot16(v.widenLow8(digits.get), v.every16(10, 1)),
      v.dot16(v.widenHigh8(digits.get), v.every16(10, 1)),
    );
    return [
      fours.set(v.dot16(twos, v.every16(100, 1))),
      eights.set(v.dot16(v.narrow32(fours.get, fours.get), v.every16(10_000, 1))),
      w.add(w.mul(w.widen(v.lane32(eights.get, 0)), w.i64(HUNDRED_MILLION)), w.widen(v.lane32(eights.get, 1))),
    ];
  });
  const moved = (text: Code, count: Code, table: number): Code =>
    number(v.pick(text, v.loadVector(w.shl32(count, w.i32(4)), table)));
  return {
    end: m.global('end', 0),
    hex,
    digitCount: (text) => v.lowestBit32(w.or32(v.bits8(v.above8(text, v.every8(9))), w.i32(1 << 16))),
    whole: (text, count) => moved(text, count, TO_RIGHT),
    parts: (text, count) => moved(text, count, TO_MIDDLE),
  };
}
