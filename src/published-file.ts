import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { err, ok, type Result } from './domain/result.ts';
import { type ReadableFile, readableFile } from './lib/files.ts';
import { createHttpClient, hostOf } from './lib/http.ts';
import { guardedDispatcher } from './lib/http-guard.ts';
import { unpack } from './lib/unpack.ts';

/** A published file at hand, unpacked where it was packed. Whoever opened it calls `drop`. */
export interface PublishedFile {
  readonly file: ReadableFile;
  drop(): Promise<void>;
}

/** How a URL is fetched. */
export interface FetchOptions {
  /** True for a publisher in the operator's own network: http and any address are then allowed. */
  readonly allowPrivateAddress: boolean;
  readonly signal: AbortSignal;
}

/** Largest file that is fetched: it is in memory once before it is on disk. */
const MAX_FETCHED_BYTES = 128 * 1024 * 1024;
const FETCH_TIMEOUT_MS = 300_000;

/** Opens what people give as a published file: a path, or a URL, whose file is fetched into a temporary folder. */
export async function openPublished(place: string, options: FetchOptions): Promise<Result<PublishedFile>> {
  if (!/^https?:\/\//i.test(place)) {
    const file = await readableFile(place);
    if (!file.ok) return file;
    const inner = await unpack(file.value);
    return inner.ok ? ok({ file: inner.value, drop: async () => {} }) : err(`${place}: ${inner.error}`);
  }
  const fetched = await fetchBytes(place, options);
  if (!fetched.ok) return fetched;
  const folder = await mkdtemp(join(tmpdir(), 'reservewatch-'));
  const drop = () => rm(folder, { recursive: true, force: true });
  try {
    const path = join(folder, 'fetched');
    await writeFile(path, fetched.value);
    const file = await readableFile(path, nameOf(place));
    const inner = file.ok ? await unpack(file.value) : file;
    if (inner.ok) return ok({ file: inner.value, drop });
    await drop();
    return err(`the file from ${hostOf(place)}: ${inner.error}`);
  } catch (error) {
    await drop();
    throw error;
  }
}

const nameOf = (url: string): string => basename(new URL(url).pathname) || hostOf(url);

async function fetchBytes(url: string, { allowPrivateAddress, signal }: FetchOptions): Promise<Result<Buffer>> {
  if (!URL.canParse(url)) return err('the URL cannot be read; copy it again');
  const http = createHttpClient(guardedDispatcher({ allowPrivateAddress }));
  try {
    const response = await http.request(
      { method: 'GET', url, maxBytes: MAX_FETCHED_BYTES, timeoutMs: FETCH_TIMEOUT_MS, binary: true },
      signal,
    );
    if (!response.ok) {
      const remedy = response.error.code === 'blocked' ? ' (here: --allow-private-address)' : '';
      return err(`${response.error.message}${remedy}`);
    }
    const { status, body } = response.value;
    if (status >= 300 && status < 400) {
      return err(`${hostOf(url)} answered ${status}, which leads elsewhere: give the URL that it leads to`);
    }
    return status === 200 ? ok(Buffer.from(body, 'latin1')) : err(`${hostOf(url)} answered ${status}`);
  } finally {
    await http.close();
  }
}
