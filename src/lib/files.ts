import { constants, createReadStream } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { err, ok, type Result } from '../domain/result.ts';

/** A file's bytes in chunks (default: 64 KiB), from the start each time it is called; opening errors come with the first chunk. */
export const fileChunks = (path: string, chunkBytes = 64 * 1024): AsyncIterable<Uint8Array> =>
  createReadStream(path, { highWaterMark: chunkBytes });

/**
 * The same bytes in blocks that lie in two rooms by turns: each holds until the next one is asked for. Nothing is left behind for a
 * block, and the next one is read in the meantime: for large files.
 */
export async function* fileBlocks(path: string, blockBytes: number): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  const read = (room: Buffer) => file.read(room, 0, blockBytes).then(({ bytesRead }) => room.subarray(0, bytesRead));
  const rooms: [Buffer, Buffer] = [Buffer.alloc(blockBytes), Buffer.alloc(blockBytes)];
  let next = read(rooms[0]);
  try {
    for (let turn = 1; ; turn += 1) {
      const block = await next;
      if (block.length === 0) return;
      next = read(rooms[turn % 2] as Buffer);
      // What fails while nobody waits for it is told when the block is asked for.
      next.catch(() => {});
      yield block;
    }
  } finally {
    await next.catch(() => {});
    await file.close();
  }
}

/** A file that can be read from the start as often as needed. */
export interface ReadableFile {
  readonly name: string;
  readonly size: number;
  /** Where it lies, for what must be read from the end first; absent for a file inside another. */
  readonly path?: string;
  open(): AsyncIterable<Uint8Array>;
}

/** A file by its path, under its own name or the one given; an error says why it cannot be read. */
export async function readableFile(path: string, name: string = basename(path)): Promise<Result<ReadableFile>> {
  try {
    await access(path, constants.R_OK);
    const found = await stat(path);
    if (found.isDirectory()) return err(`${path}: this is a folder, not a file`);
    return ok({ name, size: found.size, path, open: () => fileChunks(path) });
  } catch (error) {
    return err(`${path}: ${whyUnreadable(error)}`);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'the file does not exist',
  ENOTDIR: 'the file does not exist',
  EISDIR: 'this is a folder, not a file',
  EACCES: 'no permission to read the file',
  EPERM: 'no permission to read the file',
};

/** Why the system could not read a file, for people; rethrows what is no error of the system. */
export function whyUnreadable(error: unknown): string {
  const code = (error as { readonly code?: unknown }).code;
  if (typeof code !== 'string') throw error;
  return REASONS[code] ?? `the file cannot be read (${code})`;
}
