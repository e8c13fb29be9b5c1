import { createReadStream } from 'node:fs';

/** A file's bytes in chunks of 64 KiB, from the start each time it is called; opening errors come with the first chunk. */
export const fileChunks = (path: string): AsyncIterable<Uint8Array> =>
  createReadStream(path, { highWaterMark: 64 * 1024 });
