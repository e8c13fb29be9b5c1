import { isUtf8 } from 'node:buffer';
import type { PhysicalLine } from '../../lib/lines.ts';

/** Bytes that are read and not yet walked over: `bytes[at, end)` starts with a line. */
export interface Window {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;
}

/** A place in a file's lines, empty ones left out. */
export interface LineCursor {
  /** The line that many further on, without moving; undefined where it is not read yet or the file is over. */
  peek(ahead?: number): PhysicalLine | undefined;
  skip(): void;
  /** What is read ahead; whoever moves its `at` over whole lines that are not empty tells how many with `passed`. */
  readonly window: Window;
  passed(lines: number): void;
  /** Reads on; false where nothing more can come. */
  more(): Promise<boolean>;
  close(): Promise<void>;
}

/** Longest line that is taken for one. */
const MAX_LINE_BYTES = 64 * 1024;
const LF = 0x0a;
const CR = 0x0d;
const BOM = '\uFEFF';

/** Walks over a file's lines in memory of one chunk and one line; a chunk is not looked at any more once the next one is asked for. */
export function openCursor(chunks: AsyncIterable<Uint8Array>): LineCursor {
  const source = chunks[Symbol.asyncIterator]();
  let window: Window = { bytes: Buffer.alloc(0), at: 0, end: 0 };
  /** What is read ahead lies at its start; one room for all chunks, so that nothing is left behind for each. */
  let room = Buffer.alloc(0);
  let number = 1;
  let over = false;
  return {
    get window() {
      return window;
    },
    passed(lines) {
      number += lines;
    },
    peek(ahead = 0) {
      passEmpty();
      let from = window.at;
      for (let passing = 0; ; passing += 1) {
        const to = endOf(from);
        if (to < 0) return undefined;
        if (passing === ahead) return lineAt(from, to, number + passing);
        from = to + 1;
      }
    },
    skip() {
      passEmpty();
      const to = endOf(window.at);
      if (to < 0) return;
      window.at = Math.min(to + 1, window.end);
      number += 1;
    },
    async more() {
      if (over) return false;
      const next = await source.next();
      over = next.done === true;
      // The last line may have no end: it counts as read now.
      if (next.done === true) return window.at < window.end;
      const rest = window.bytes.subarray(window.at, window.end);
      const size = rest.length + next.value.length;
      if (room.length < size) room = Buffer.alloc(size);
      room.set(rest);
      room.set(next.value, rest.length);
      window = { bytes: room.subarray(0, size), at: 0, end: size };
      return true;
    },
    async close() {
      await source.return?.();
    },
  };

  /** Where the line that starts there ends; −1 where its end is not read yet, or nothing is left. */
  function endOf(from: number): number {
    if (from >= window.end) return -1;
    const to = window.bytes.indexOf(LF, from);
    if (to >= 0) return to;
    return over || window.end - from > MAX_LINE_BYTES ? window.end : -1;
  }

  function passEmpty(): void {
    const { bytes, end } = window;
    for (;;) {
      const size = bytes[window.at] === CR && bytes[window.at + 1] === LF ? 2 : bytes[window.at] === LF ? 1 : 0;
      if (size === 0 || window.at >= end) return;
      window.at += size;
      number += 1;
    }
  }

  function lineAt(from: number, to: number, line: number): PhysicalLine {
    const raw = window.bytes.subarray(from, to);
    if (raw.length > MAX_LINE_BYTES) return { line, text: '', fault: `line is longer than ${MAX_LINE_BYTES} bytes` };
    if (!isUtf8(raw)) return { line, text: '', fault: 'line is not valid UTF-8' };
    const text = Buffer.from(raw.buffer, raw.byteOffset, raw.length).toString('utf8');
    const whole = text.endsWith('\r') ? text.slice(0, -1) : text;
    return { line, text: line === 1 && whole.startsWith(BOM) ? whole.slice(1) : whole };
  }
}
