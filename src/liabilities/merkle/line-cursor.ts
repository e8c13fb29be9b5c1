import type { PhysicalLine } from '../../lib/lines.ts';

/** A place in a file's lines, read ahead by whole batches so that the hot loop need not wait for each line. */
export interface LineCursor {
  /** The line that many further on, without moving; undefined where it is not read yet or the file is over. */
  peek(ahead?: number): PhysicalLine | undefined;
  skip(): void;
  /** Reads on; false where the file is over. */
  more(): Promise<boolean>;
  close(): Promise<void>;
}

/** Walks over the lines that are not empty. */
export function openCursor(lines: AsyncIterable<readonly PhysicalLine[]>): LineCursor {
  const batches = lines[Symbol.asyncIterator]();
  let buffer: readonly PhysicalLine[] = [];
  let at = 0;
  return {
    peek: (ahead = 0) => buffer[at + ahead],
    skip: () => {
      at += 1;
    },
    async more() {
      const next = await batches.next();
      if (next.done === true) return false;
      const rest = at < buffer.length ? buffer.slice(at) : [];
      const filled = next.value.every(({ text, fault }) => text !== '' || fault !== undefined)
        ? next.value
        : next.value.filter(({ text, fault }) => text !== '' || fault !== undefined);
      buffer = rest.length === 0 ? filled : rest.concat(filled);
      at = 0;
      return true;
    },
    async close() {
      await batches.return?.();
    },
  };
}
