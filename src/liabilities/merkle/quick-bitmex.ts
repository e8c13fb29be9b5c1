import { hash } from 'node:crypto';
import type { Window } from './line-cursor.ts';

const HASH = 64;
const U32 = 0x1_0000_0000;
/** The value of a lower-case hex digit by its character; −1 for any other. */
const NIBBLES = Int8Array.from({ length: 256 }, (_, char) => '0123456789abcdef'.indexOf(String.fromCharCode(char)));

/**
 * The quick way over BitMEX's lines: rebuilds as many parents as fit, at most `most`, and moves both windows past them. It only ever
 * accepts: values of more than 15 digits, and whatever does not fit or is not read whole, are left to the careful way.
 */
export function createQuickBitmex(): (children: Window, parents: Window, most: number) => number {
  const scratch = Buffer.alloc(80);
  /** The value read last, in a typed array because nothing is allocated for numbers in it. */
  const last = new Float64Array(1);

  return (children, parents, most) => {
    let pairs = 0;
    while (pairs < most && fits(children, parents)) pairs += 1;
    return pairs;
  };

  function fits(children: Window, parents: Window): boolean {
    const { bytes: lower, at: left } = children;
    const { bytes: upper, at: parent } = parents;
    const right = copyNode(lower, left, children.end, 0);
    if (right < 0) return false;
    const leftValue = last[0] as number;
    const next = copyNode(lower, right, children.end, 40);
    if (next < 0) return false;
    const sum = leftValue + (last[0] as number);
    const nextParent = readValue(upper, parent + HASH + 1, parents.end);
    if (nextParent < 0 || last[0] !== sum) return false;
    const digest = hash('sha256', scratch, 'hex');
    for (let i = 0; i < HASH; i += 1) if (digest.charCodeAt(i) !== upper[parent + i]) return false;
    children.at = next;
    parents.at = nextParent;
    return true;
  }

  /** Copies a line's digest and value and returns the place after the line; −1 where it is not plain or not read whole. */
  function copyNode(bytes: Uint8Array, from: number, end: number, to: number): number {
    if (from + HASH >= end || bytes[from + HASH] !== 44) return -1;
    for (let i = 0; i < 32; i += 1) {
      const high = NIBBLES[bytes[from + 2 * i] as number] as number;
      const low = NIBBLES[bytes[from + 2 * i + 1] as number] as number;
      if (high < 0 || low < 0) return -1;
      scratch[to + i] = (high << 4) | low;
    }
    const next = readValue(bytes, from + HASH + 1, end);
    if (next < 0) return -1;
    const value = last[0] as number;
    let low = value % U32;
    let high = (value - low) / U32;
    for (let i = 0; i < 4; i += 1) {
      scratch[to + 32 + i] = low & 0xff;
      scratch[to + 36 + i] = high & 0xff;
      low >>>= 8;
      high >>>= 8;
    }
    return next;
  }

  /** Reads the value that ends its line and returns the place after the line. */
  function readValue(bytes: Uint8Array, from: number, end: number): number {
    let at = from;
    let sats = 0;
    let digit = at < end ? (bytes[at] as number) - 48 : -1;
    if (digit === 0 && bytes[at + 1] !== 10) return -1;
    while (digit >= 0 && digit <= 9) {
      sats = sats * 10 + digit;
      at += 1;
      digit = at < end ? (bytes[at] as number) - 48 : -1;
    }
    last[0] = sats;
    return at === from || at - from > 15 || at >= end || bytes[at] !== 10 ? -1 : at + 1;
  }
}
