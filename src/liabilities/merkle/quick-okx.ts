import { hash } from 'node:crypto';
import type { Window } from './line-cursor.ts';

const HASH = 64;
const PARTS = 100_000_000;
const POWERS = [PARTS, 10_000_000, 1_000_000, 100_000, 10_000, 1000, 100, 10, 1] as const;
const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'latin1');
/** What stands after each amount of a line. */
const AFTER = [bytesOf('","ETH":"'), bytesOf('","USDT":"'), bytesOf('"}\n')] as const;
/** No line of the plain form is as long. */
const LONGEST = 256;
/** 1 for every character that is no lower-case hex digit. */
const STRANGE = Uint8Array.from({ length: 256 }, (_, char) =>
  '0123456789abcdef'.includes(String.fromCharCode(char)) ? 0 : 1,
);
/** Longest preimage: two hashes, three sums of up to 25 characters, a height. */
const SCRATCH = 256;

/**
 * The quick way over OKX's lines: rebuilds as many parents as fit and moves both windows past them. It only ever accepts: whatever is
 * not exactly of the plain form (amounts up to 15 and 8 digits), does not fit, or is not read whole, is left to the careful way.
 * Amounts are counted in whole coins and 10⁻⁸ parts, both integers below 2^53.
 */
export function createQuickOkx(): (children: Window, parents: Window, height: number) => number {
  const scratch = Buffer.alloc(SCRATCH);
  const views = Array.from({ length: SCRATCH + 1 }, (_, length) => scratch.subarray(0, length));
  let mark = bytesOf('');
  let markHeight = 0;
  /** The amount read last: whole coins and parts, in a typed array because nothing is allocated for numbers in it. */
  const amount = new Float64Array(2);

  return (children, parents, height) => {
    if (height !== markHeight) {
      mark = bytesOf(`,${height},{"BTC":"`);
      markHeight = height;
    }
    const suffix = `${height + 1}`;
    let pairs = 0;
    while (fits(children, parents, suffix, height === 1)) pairs += 1;
    return pairs;
  };

  function fits(children: Window, parents: Window, suffix: string, leaves: boolean): boolean {
    const { bytes: lower, at: right } = children;
    const { bytes: upper, at: parent } = parents;
    if (children.end - right < 2 * LONGEST || parents.end - parent < LONGEST) return false;
    if (!startsWith(lower, right + HASH, mark)) return false;
    const left = lineEnd(lower, right + HASH + mark.length);
    if (!startsWith(lower, left + HASH, mark)) return false;
    if ((copyHash(lower, left, 0) | copyHash(lower, right, HASH)) !== 0 && leaves) return false;
    if (sameHash(lower, left, right)) return false;
    let size = 2 * HASH;
    let rightAt = right + HASH + mark.length;
    let leftAt = left + HASH + mark.length;
    // A parent's line was a child's line before (or is the root's): it is of the right form, and its height has the suffix's digits.
    let parentAt = parent + HASH + suffix.length + ',,{"BTC":"'.length;
    for (const after of AFTER) {
      rightAt = read(lower, rightAt);
      if (rightAt < 0 || !startsWith(lower, rightAt, after)) return false;
      const rightWhole = amount[0] as number;
      const rightParts = amount[1] as number;
      leftAt = read(lower, leftAt);
      if (leftAt < 0 || !startsWith(lower, leftAt, after)) return false;
      const sumParts = rightParts + (amount[1] as number);
      const carry = sumParts >= PARTS ? 1 : 0;
      const sumWhole = rightWhole + (amount[0] as number) + carry;
      const end = read(upper, parentAt);
      if (end < 0 || amount[0] !== sumWhole || amount[1] !== sumParts - carry * PARTS) return false;
      if (!canonical(upper, parentAt, end)) return false;
      while (parentAt < end) scratch[size++] = upper[parentAt++] as number;
      rightAt += after.length;
      leftAt += after.length;
      parentAt += after.length;
    }
    if (rightAt !== left) return false;
    for (let i = 0; i < suffix.length; i += 1) scratch[size++] = suffix.charCodeAt(i);
    const digest = hash('sha256', views[size] as Buffer, 'hex');
    for (let i = 0; i < HASH; i += 1) if (digest.charCodeAt(i) !== upper[parent + i]) return false;
    children.at = leftAt;
    parents.at = parentAt;
    return true;
  }

  /** Copies a hash; 0 where every character is a lower-case hex digit. */
  function copyHash(bytes: Uint8Array, from: number, to: number): number {
    let strange = 0;
    for (let i = 0; i < HASH; i += 1) {
      const char = bytes[from + i] as number;
      scratch[to + i] = char;
      strange |= STRANGE[char] as number;
    }
    return strange;
  }

  /** Reads the amount that starts there and returns the place after it; −1 where it is not plain. */
  function read(bytes: Uint8Array, from: number): number {
    let at = from;
    let digit = (bytes[at] as number) - 48;
    let coins = 0;
    while (digit >= 0 && digit <= 9) {
      coins = coins * 10 + digit;
      at += 1;
      digit = (bytes[at] as number) - 48;
    }
    if (at === from || at - from > 15) return -1;
    amount[0] = coins;
    amount[1] = 0;
    if (digit !== -2) return at;
    const start = at + 1;
    at = start;
    let rest = 0;
    digit = (bytes[at] as number) - 48;
    while (digit >= 0 && digit <= 9) {
      rest = rest * 10 + digit;
      at += 1;
      digit = (bytes[at] as number) - 48;
    }
    if (at === start || at - start > 8) return -1;
    amount[1] = rest * (POWERS[at - start] as number);
    return at;
  }
}

/** The place after the line end that comes next: at most one longest line away. */
function lineEnd(bytes: Uint8Array, from: number): number {
  let at = from + 25;
  for (const end = from + LONGEST; at < end && bytes[at] !== 10; at += 1);
  return at + 1;
}

function startsWith(bytes: Uint8Array, at: number, mark: Uint8Array): boolean {
  for (let i = 0; i < mark.length; i += 1) if (bytes[at + i] !== mark[i]) return false;
  return true;
}

function sameHash(bytes: Uint8Array, a: number, b: number): boolean {
  for (let i = 0; i < HASH; i += 1) if (bytes[a + i] !== bytes[b + i]) return false;
  return true;
}

/** Whether a plain amount is printed as sums are: no leading zeros, no trailing zeros after a point. */
function canonical(bytes: Uint8Array, from: number, end: number): boolean {
  const leading = bytes[from] === 48 && end - from > 1 && bytes[from + 1] !== 46;
  if (leading) return false;
  if (bytes[end - 1] !== 48) return true;
  for (let at = from; at < end; at += 1) if (bytes[at] === 46) return false;
  return true;
}
