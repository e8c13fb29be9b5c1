import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { quote, type Sha256 } from './domain/ids.ts';
import { beyondLimit, type Limits } from './domain/limits.ts';
import { err, ok, type Result } from './domain/result.ts';
import type { ReadableFile } from './lib/files.ts';

/** A private copy of a published file on its way into the archive. */
export interface ArrivingFile {
  /** Where the copy is until it is kept or dropped. */
  readonly path: string;
  /** Moves the copy to its place, durably: it is named by its hash, so that keeping it twice changes nothing. */
  keep(sha256: Sha256): Promise<void>;
  /** Removes the copy where it was not kept. */
  drop(): Promise<void>;
}

/** Where a file of that hash lies in the archive. */
export const archivedPath = (folder: string, sha256: Sha256): string => join(folder, sha256);

/** Copies a file next to the archive and syncs it, so that all that follows works on bytes that nobody changes. */
export async function receiveFile(source: ReadableFile, folder: string, limits: Limits): Promise<Result<ArrivingFile>> {
  await mkdir(folder, { recursive: true });
  const copy = join(folder, `.arriving-${randomUUID()}`);
  const target = await open(copy, 'wx', 0o600);
  const drop = () => rm(copy, { force: true });
  let bytes = 0;
  try {
    for await (const chunk of source.open()) {
      bytes += chunk.length;
      if (bytes > limits.maxBytes) {
        await drop();
        return err(`${quote(source.name)} ${beyondLimit('maxBytes', limits)}`);
      }
      await target.writeFile(chunk);
    }
    await target.sync();
  } catch (error) {
    await drop();
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return err(`${quote(source.name)} cannot be copied to ${quote(folder)} (${code})`);
  } finally {
    await target.close();
  }
  return ok({
    path: copy,
    drop,
    async keep(sha256) {
      if (existsSync(archivedPath(folder, sha256))) return drop();
      await rename(copy, archivedPath(folder, sha256));
      const parent = await open(folder);
      await parent.sync().finally(() => parent.close());
    },
  });
}
