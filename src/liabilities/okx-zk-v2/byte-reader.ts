import { P } from './goldilocks.ts';

/** Reads little-endian values one after another; the first fault is kept, and everything after it reads as zero. */
export interface Reader {
  byte(): number;
  u32(): number;
  /** A u64 that fits a count; anything above 2^40 is a fault. */
  size(): number;
  element(): bigint;
  list<T>(item: () => T): T[];
  readonly fault: string | null;
  fail(reason: string): void;
  readonly left: number;
}

/** Starts at the first byte. */
export function readerOf(bytes: Uint8Array): Reader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  let fault: string | null = null;
  const fail = (reason: string): void => {
    fault ??= `at byte ${at}: ${reason}`;
  };
  const take = (count: number): number | null => {
    if (fault !== null) return null;
    if (at + count > bytes.length) {
      fail('ends too early');
      return null;
    }
    at += count;
    return at - count;
  };
  const word = (): bigint => {
    const from = take(8);
    return from === null ? 0n : view.getBigUint64(from, true);
  };
  const size = (): number => {
    const value = word();
    if (value > 1n << 40n) fail('a count is absurdly large');
    return fault === null ? Number(value) : 0;
  };
  return {
    byte: () => bytes[take(1) ?? bytes.length] ?? 0,
    u32() {
      const from = take(4);
      return from === null ? 0 : view.getUint32(from, true);
    },
    size,
    element() {
      const value = word();
      if (value >= P) fail('a field element is not canonical');
      return value;
    },
    list(item) {
      const count = size();
      // Every item takes a byte at least, so a count beyond the rest of the bytes cannot be honest.
      if (count > bytes.length - at) fail('a list is longer than the data');
      return fault === null ? Array.from({ length: count }, item) : [];
    },
    fail,
    get fault() {
      return fault;
    },
    get left() {
      return bytes.length - at;
    },
  };
}
