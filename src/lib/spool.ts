import { closeSync, openSync, readSync, writeSync } from 'node:fs';

/** Values parked on disk between a pass that produces them and one that takes them all, in bounded memory. */
export interface Spool<T> {
  append(values: readonly T[]): void;
  /** All values in the order they came; text, null, plain objects and small numbers survive. */
  read(): Iterable<T>;
  close(): void;
}

const READ_BYTES = 256 * 1024;

/** Opens a new spool file at that path; whoever opened it removes it. */
export function openSpool<T>(path: string): Spool<T> {
  const file = openSync(path, 'wx+', 0o600);
  return {
    append(values) {
      writeAll(file, Buffer.from(values.map((value) => `${JSON.stringify(value)}\n`).join('')));
    },
    *read() {
      let position = 0;
      let rest = Buffer.alloc(0);
      const block = Buffer.alloc(READ_BYTES);
      for (;;) {
        const bytes = readSync(file, block, 0, READ_BYTES, position);
        if (bytes === 0) break;
        position += bytes;
        const text = Buffer.concat([rest, block.subarray(0, bytes)]);
        const end = text.lastIndexOf(0x0a) + 1;
        rest = Buffer.from(text.subarray(end));
        for (const line of text.toString('utf8', 0, end).split('\n')) if (line !== '') yield JSON.parse(line) as T;
      }
    },
    close: () => closeSync(file),
  };
}

function writeAll(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}
