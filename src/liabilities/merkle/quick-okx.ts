import type { Code, Local, ModuleBuilder } from '../../lib/wasm-assembler.ts';
import * as w from '../../lib/wasm-assembler.ts';
import * as v from '../../lib/wasm-simd.ts';
import type { Window } from './line-cursor.ts';
import * as q from './quick-machine.ts';
import { characters, decimal, defineReading, digitCount, type Reading } from './quick-reading.ts';

const HASH = 64;
/** What stands before the amounts of the children and of their parent, `,height,{"BTC":"`, and the height above: each in 16 bytes. */
const MARK = q.OWN;
const MARK_ABOVE = q.OWN + 16;
const SUFFIX = q.OWN + 32;
/** What stands after each amount of a line. */
const AFTER = ['","ETH":"', '","USDT":"', '"}\n'] as const;
const NONE = w.i64(-1n);

/**
 * The quick way over OKX's lines, for amounts of up to 10 and 8 digits: see quickWay. Amounts are counted in 10⁻⁸ parts, below 2^63.
 */
export function createQuickOkx(): (children: Window, parents: Window, height: number) => number {
  const machine = q.startMachine(definePair);
  if (machine === null) return () => 0;
  const { memory } = machine;
  const quick = q.quickWay(machine);
  return (children, parents, height) => {
    const [mark, above, suffix] = [markOf(height), markOf(height + 1), `${height + 1}`];
    memory.set(Buffer.from(mark), MARK);
    memory.set(Buffer.from(above), MARK_ABOVE);
    memory.set(Buffer.from(suffix), SUFFIX);
    return quick(children, parents, Number.POSITIVE_INFINITY, mark.length, above.length);
  };
}

const markOf = (height: number): string => `,${height},{"BTC":"`;

const when = (condition: Code): Code => v.returnWhen(condition, w.i32(0));
const unless = (condition: Code): Code => when(v.not32(condition));
const plus = (a: Code, b: number): Code => w.add32(a, w.i32(b));
const isByte = (byte: number, at: Code, offset = 0): Code => w.equal32(v.byteAt(at, offset), w.i32(byte));

/** Whether those of 16 bytes that the bits name are the same. */
const same = (at: Code, other: Code, bits: Code): Code =>
  w.equal32(v.and32(v.bits8(v.equal8(v.loadVector(at), other)), bits), bits);
/** Refuses what stands at that place, unless it is this text of at most 16 characters. */
const expect = (text: string, at: Code): Code =>
  unless(same(at, v.vector([...Buffer.from(text.padEnd(16, '\0'))]), w.i32(2 ** text.length - 1)));
const copy = (from: Code, to: Code, size: number): Code =>
  Array.from({ length: size / 16 }, (_, i) => v.storeVector(to, v.loadVector(from, 16 * i), 16 * i));

/** Each level is printed from right to left. What is hashed: the left hash, the right one, the three sums, and the height above. */
function definePair(m: ModuleBuilder): void {
  const reading = defineReading(m);
  const { end } = reading;
  const pointed = m.global('pointed', 0);
  const amount = defineAmount(m, reading, pointed);
  m.define('pair', ['i32', 'i32', 'i32', 'i32'], 'i32', ({ parameters, local }) => {
    const [right, parent, markSize, aboveSize] = parameters as [Local, Local, Local, Local];
    const [left, at, above, to] = [local('i32'), local('i32'), local('i32'), local('i32')];
    const [sums, one] = [AFTER.map(() => local('i64')), local('i64')];
    /** Moves a place from a line's start to its first amount. */
    const passMark = (line: Code, mark: number, size: Local, place: Local): Code => [
      place.set(plus(line, HASH)),
      unless(same(place.get, v.loadVector(w.i32(mark)), w.sub32(w.shl32(w.i32(1), size.get), w.i32(1)))),
      place.set(w.add32(place.get, size.get)),
    ];
    /** Moves a place from an amount that was just read to the next one. */
    const passAfter = (text: string, place: Local): Code => [
      expect(text, end.get),
      place.set(plus(end.get, text.length)),
    ];
    return [
      passMark(right.get, MARK, markSize, at),
      sums.map((sum, asset) => [sum.set(amount(at.get)), when(isNone(sum.get)), passAfter(AFTER[asset] as string, at)]),
      left.set(at.get),
      unless(reading.isHex(left.get)),
      unless(reading.isHex(right.get)),
      unless(reading.hex(parent.get, w.i32(q.DIGEST))),
      // Two nodes of one hash may be a padding, which the careful way judges.
      when(v.all8(v.equal8(v.loadVector(left.get), v.loadVector(right.get)))),
      copy(left.get, w.i32(q.PREIMAGE), HASH),
      copy(right.get, w.i32(q.PREIMAGE + HASH), HASH),
      to.set(w.i32(q.PREIMAGE + 2 * HASH)),
      passMark(left.get, MARK, markSize, at),
      passMark(parent.get, MARK_ABOVE, aboveSize, above),
      sums.map((sum, asset) => [
        one.set(amount(at.get)),
        when(isNone(one.get)),
        passAfter(AFTER[asset] as string, at),
        when(v.differ(amount(above.get), w.add(sum.get, one.get))),
        // Sums are printed without leading zeros, and without trailing ones after a point.
        when(
          v.and32(
            v.and32(isByte(48, above.get), v.not32(isByte(46, above.get, 1))),
            w.lessThan32(w.i32(1), w.sub32(end.get, above.get)),
          ),
        ),
        when(v.and32(pointed.get, isByte(48, plus(end.get, -1)))),
        copy(above.get, to.get, 32),
        to.set(w.add32(to.get, w.sub32(end.get, above.get))),
        passAfter(AFTER[asset] as string, above),
      ]),
      v.storeVector(to.get, v.loadVector(w.i32(SUFFIX))),
      q.leaveEnd(0, at.get),
      q.leaveEnd(1, above.get),
      w.sub32(w.add32(to.get, w.sub32(aboveSize.get, w.i32(',,{"BTC":"'.length))), w.i32(q.PREIMAGE)),
    ];
  });
}

const isNone = (value: Code): Code => v.not32(v.differ(value, NONE));

/** An amount (i64) in 10⁻⁸ parts, −1 where it is none of up to 10 and 8 digits; moves `end` behind it. */
function defineAmount(m: ModuleBuilder, reading: Reading, pointed: Reading['end']): (at: Code) => Code {
  return m.define('amount', ['i32'], 'i64', ({ parameters, local }) => {
    const [at] = parameters as [Local];
    const [whole, part, between] = [local('v128'), local('v128'), local('v128')];
    const [digits, decimals, point] = [local('i32'), local('i32'), local('i32')];
    const from = w.add32(at.get, digits.get);
    return [
      whole.set(characters(at.get)),
      digits.set(digitCount(whole.get)),
      point.set(w.equal32(v.byteAt(from), w.i32(46))),
      part.set(characters(w.add32(from, w.i32(1)))),
      decimals.set(w.select(point.get, digitCount(part.get), w.i32(0))),
      v.returnWhen(
        w.or32(
          w.or32(w.lessThan32(w.i32(9), w.sub32(digits.get, w.i32(1))), w.lessThan32(w.i32(8), decimals.get)),
          w.lessThan32(decimals.get, point.get),
        ),
        NONE,
      ),
      pointed.set(point.get),
      reading.end.set(w.add32(from, w.add32(point.get, decimals.get))),
      decimal(whole.get, digits.get, part.get, decimals.get, between),
    ];
  });
}
