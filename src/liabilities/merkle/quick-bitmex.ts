import type { Code, Local, ModuleBuilder } from '../../lib/wasm-assembler.ts';
import * as w from '../../lib/wasm-assembler.ts';
import * as v from '../../lib/wasm-simd.ts';
import type { Window } from './line-cursor.ts';
import * as q from './quick-machine.ts';
import { characters, defineReading, digitCount, type Reading, whole } from './quick-reading.ts';

const HASH = 64;
const MOST_DIGITS = 15;
const NONE = w.i64(-1n);

/** The quick way over BitMEX's lines, for values of up to 15 digits: see quickWay. */
export function createQuickBitmex(): (children: Window, parents: Window, most: number) => number {
  const machine = q.startMachine(definePair);
  return machine === null ? () => 0 : q.quickWay(machine);
}

/** Each level is printed from left to right. What is hashed: each child's digest and its value as 64 bits, the lowest byte first. */
function definePair(m: ModuleBuilder): void {
  const reading = defineReading(m);
  const value = defineValue(m, reading);
  m.define('pair', ['i32', 'i32'], 'i32', ({ parameters, local }) => {
    const [left, parent] = parameters as [Local, Local];
    const [right, sum, one] = [local('i32'), local('i64'), local('i64')];
    const unless = (condition: Code): Code => v.returnWhen(v.not32(condition), w.i32(0));
    const read = (line: Local, digestTo: number): Code => [
      unless(reading.hex(line.get, w.i32(digestTo))),
      one.set(value(w.add32(line.get, w.i32(HASH)))),
      unless(v.differ(one.get, NONE)),
    ];
    return [
      read(left, q.PREIMAGE),
      w.store(w.i32(q.PREIMAGE), one.get, 32),
      sum.set(one.get),
      right.set(reading.end.get),
      read(right, q.PREIMAGE + 40),
      w.store(w.i32(q.PREIMAGE), one.get, 72),
      sum.set(w.add(sum.get, one.get)),
      q.leaveEnd(0, reading.end.get),
      read(parent, q.DIGEST),
      v.returnWhen(v.differ(sum.get, one.get), w.i32(0)),
      q.leaveEnd(1, reading.end.get),
      w.i32(80),
    ];
  });
}

/** The value (i64) behind a comma that ends its line, −1 where it is none; moves `end` behind the line. */
function defineValue(m: ModuleBuilder, reading: Reading): (at: Code) => Code {
  return m.define('value', ['i32'], 'i64', ({ parameters, local }) => {
    const [at] = parameters as [Local];
    const [text, between, count] = [local('v128'), local('v128'), local('i32')];
    const isByte = (offset: number, byte: number, from: Code = at.get): Code =>
      w.equal32(v.byteAt(from, offset), w.i32(byte));
    const from = w.add32(at.get, count.get);
    return [
      text.set(characters(at.get, 1)),
      count.set(digitCount(text.get)),
      v.returnWhen(w.lessThan32(w.i32(MOST_DIGITS - 1), w.sub32(count.get, w.i32(1))), NONE),
      v.returnWhen(v.not32(v.and32(isByte(0, 44), isByte(1, 10, from))), NONE),
      v.returnWhen(v.and32(isByte(1, 48), w.lessThan32(w.i32(1), count.get)), NONE),
      reading.end.set(w.add32(from, w.i32(2))),
      whole(text.get, count.get, between),
    ];
  });
}
