import { isUtf8 } from 'node:buffer';
import type { Dirent } from 'node:fs';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type CallFile, type CheckedLiabilities, checkLiabilities, namesWarning } from '../check-liabilities.ts';
import { err, ok, type Result } from '../domain/result.ts';
import type { CircuitPin } from '../liabilities/types.ts';
import { fileBlocks, fileChunks, whyUnreadable } from '../lib/files.ts';
import { splitLines } from '../lib/lines.ts';

/** The most files of one call, and how deep its folders may lie. */
const MAX_FILES = 100_000;
const MAX_DEPTH = 12;
const HEAD_BYTES = 64 * 1024;
/** Trees are large and read twice over: fewer, larger reads. */
const TREE_BLOCK_BYTES = 512 * 1024;

/** Thrown where a file that was opened cannot be read to its end: half a file is no ground for any verdict. */
class Unreadable extends Error {}

/**
 * Checks opened files; what was left out is a warning. An error names the file that vanished or could not be read any further in the
 * meantime.
 */
export async function checkOpened(
  { files, leftOut }: OpenedFiles,
  circuits: readonly CircuitPin[],
): Promise<Result<CheckedLiabilities>> {
  try {
    const { entries, warnings } = await checkLiabilities(files, { circuits });
    const unread = 'not looked at, as links and special files inside folders are not';
    return ok({ entries, warnings: [...warnings, ...namesWarning(unread, leftOut)] });
  } catch (error) {
    if (error instanceof Unreadable) return err(error.message);
    throw error;
  }
}

/** What the arguments of a call name. */
export interface OpenedFiles {
  readonly files: readonly CallFile[];
  /** Links, pipes and the like inside folders: not followed, not read. */
  readonly leftOut: readonly string[];
}

/** What was found so far, files by their real place. */
interface Found {
  readonly files: Map<string, CallFile>;
  readonly leftOut: string[];
}

/**
 * The files that the arguments name, folders walked in name order (hidden files left out), each file once. An error names the
 * argument that is not there, or the bound that was passed.
 */
export async function openLiabilityFiles(paths: readonly string[]): Promise<Result<OpenedFiles>> {
  const found: Found = { files: new Map(), leftOut: [] };
  for (const path of paths) {
    const added = await addPath(path, 'given', 0, found);
    if (!added.ok) return added;
  }
  return ok({ files: [...found.files.values()], leftOut: found.leftOut });
}

async function addPath(path: string, origin: CallFile['origin'], depth: number, found: Found): Promise<Result<void>> {
  const { files } = found;
  let real: string;
  let state: Awaited<ReturnType<typeof stat>>;
  try {
    real = await realpath(path);
    state = await stat(real);
  } catch (error) {
    return err(`${path}: ${whyUnreadable(error)}`);
  }
  if (state.isFile()) {
    if (!files.has(real)) files.set(real, callFile(path, real, state.size, origin));
    return files.size > MAX_FILES
      ? err(`more than ${MAX_FILES} files in one call: check them in parts`)
      : ok(undefined);
  }
  if (!state.isDirectory()) return err(`${path}: neither a file nor a folder`);
  if (depth > MAX_DEPTH) return err(`${path}: folders lie deeper than ${MAX_DEPTH}`);
  const entries = await entriesOf(real);
  if (!entries.ok) return err(`${path}: ${entries.error}`);
  for (const entry of entries.value.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue;
    if (!entry.isFile() && !entry.isDirectory()) {
      found.leftOut.push(join(path, entry.name));
      continue;
    }
    const added = await addPath(join(path, entry.name), 'folder', depth + 1, found);
    if (!added.ok) return added;
  }
  return ok(undefined);
}

async function entriesOf(folder: string): Promise<Result<Dirent[]>> {
  try {
    return ok(await readdir(folder, { withFileTypes: true }));
  } catch (error) {
    return err(whyUnreadable(error));
  }
}

function callFile(name: string, path: string, bytes: number, origin: CallFile['origin']): CallFile {
  return {
    name,
    bytes,
    origin,
    readHead: async () => {
      const read = await readBytes(path, Math.min(bytes, HEAD_BYTES));
      return read.ok ? ok(read.value.toString('utf8')) : read;
    },
    readText: async (maxBytes) => {
      if (bytes > maxBytes) return err(`has ${bytes} bytes; files of this kind have at most ${maxBytes}`);
      const read = await readBytes(path, bytes);
      if (!read.ok) throw new Unreadable(`${name}: ${read.error}`);
      if (!isUtf8(read.value)) return err('is not UTF-8 text');
      const text = read.value.toString('utf8');
      return ok(text.startsWith('\uFEFF') ? text.slice(1) : text);
    },
    readLines: () => splitLines(told(name, fileChunks(path))),
    readChunks: () => told(name, fileBlocks(path, TREE_BLOCK_BYTES)),
  };
}

/** The same bytes; what the system says of a fault becomes one that names the file. */
async function* told(name: string, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch (error) {
    throw new Unreadable(`${name}: ${whyUnreadable(error)}`);
  }
}

/** That many bytes from the start; fewer where the file has become shorter. */
async function readBytes(path: string, count: number): Promise<Result<Buffer>> {
  try {
    const handle = await open(path, 'r');
    try {
      const buffer = Buffer.alloc(count);
      let at = 0;
      while (at < count) {
        const { bytesRead } = await handle.read(buffer, at, count - at, at);
        if (bytesRead === 0) break;
        at += bytesRead;
      }
      return ok(buffer.subarray(0, at));
    } finally {
      await handle.close();
    }
  } catch (error) {
    return err(whyUnreadable(error));
  }
}
