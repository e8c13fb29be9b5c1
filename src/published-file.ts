import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { LIMITS, type Limits } from './domain/limits.ts';
import { err, ok, type Result } from './domain/result.ts';
import { type ReadableFile, readableFile } from './lib/files.ts';
import { hostOf } from './lib/host-of.ts';
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
  /** What is unpacked at most (default: `LIMITS`). */
  readonly limits?: Limits;
  /** The file to take out of a ZIP archive that holds several. */
  readonly entry?: string | undefined;
  /** The entity tag of the last answer: the file is sent again only when it is another (RFC 9110, If-None-Match). */
  readonly etag?: string | null;
}

/** A fetched file with the entity tag that it came under. */
export interface FetchedFile extends PublishedFile {
  readonly etag: string | null;
}

/** Largest file that is fetched: it is in memory once before it is on disk. */
const MAX_FETCHED_BYTES = 128 * 1024 * 1024;
const FETCH_TIMEOUT_MS = 300_000;

const REMEDIES: Readonly<Record<string, string>> = {
  blocked: ' (here: --allow-private-address)',
  too_large: `: a fetched file may have ${MAX_FETCHED_BYTES} bytes; download a larger one and give its path`,
};

/** Opens what people give as a published file: a path, or a URL, whose file is fetched into a temporary folder. */
export async function openPublished(place: string, options: FetchOptions): Promise<Result<PublishedFile>> {
  if (!/^https?:\/\//i.test(place)) {
    const file = await readableFile(place);
    if (!file.ok) return file;
    const inner = await unpack(file.value, unpackingOf(options));
    return inner.ok ? ok({ file: inner.value, drop: async () => {} }) : err(`${place}: ${inner.error}`);
  }
  const fetched = await fetchPublished(place, { ...options, etag: null });
  if (!fetched.ok || fetched.value !== null) return fetched as Result<FetchedFile>;
  return err(`${hostOf(place)} answered 304 to a question that it was not asked`);
}

/** Fetches the file of a URL into a temporary folder; null where the publisher says that it is still that of `etag`. */
export async function fetchPublished(place: string, options: FetchOptions): Promise<Result<FetchedFile | null>> {
  const fetched = await fetchBytes(place, options);
  if (!fetched.ok) return fetched;
  if (fetched.value === null) return ok(null);
  const { bytes, etag } = fetched.value;
  const folder = await mkdtemp(join(tmpdir(), 'reservewatch-'));
  const drop = () => rm(folder, { recursive: true, force: true });
  try {
    const path = join(folder, 'fetched');
    await writeFile(path, bytes);
    const file = await readableFile(path, nameOf(place));
    const inner = file.ok ? await unpack(file.value, unpackingOf(options)) : file;
    if (inner.ok) return ok({ file: inner.value, drop, etag });
    await drop();
    return err(`the file from ${hostOf(place)}: ${inner.error}`);
  } catch (error) {
    await drop();
    throw error;
  }
}

const unpackingOf = ({ limits = LIMITS, entry }: FetchOptions) => ({ ...limits, entry });

/** Host and path of a URL, by which its files are told to be of one address: never its query or credentials, which may be secret. */
export const originOf = (url: string): string => `${new URL(url).host}${new URL(url).pathname}`;

const nameOf = (url: string): string => basename(new URL(url).pathname) || hostOf(url);

interface FetchedBytes {
  readonly bytes: Buffer;
  readonly etag: string | null;
}

async function fetchBytes(
  url: string,
  { allowPrivateAddress, signal, etag = null }: FetchOptions,
): Promise<Result<FetchedBytes | null>> {
  if (!URL.canParse(url)) return err('the URL cannot be read; copy it again');
  // Only a URL needs an HTTP client: it takes a tenth of a second to load.
  const [{ createHttpClient }, { guardedDispatcher }] = await Promise.all([
    import('./lib/http.ts'),
    import('./lib/http-guard.ts'),
  ]);
  const http = createHttpClient(guardedDispatcher({ allowPrivateAddress }));
  try {
    const response = await http.request(
      {
        ...{ method: 'GET', url, maxBytes: MAX_FETCHED_BYTES, timeoutMs: FETCH_TIMEOUT_MS, binary: true },
        ...(etag === null ? {} : { headers: { 'if-none-match': etag } }),
      },
      signal,
    );
    if (!response.ok) {
      const remedy = REMEDIES[response.error.code] ?? '';
      return err(`${response.error.message}${remedy}`);
    }
    const { status, body, headers } = response.value;
    if (status === 304 && etag !== null) return ok(null);
    if (status >= 300 && status < 400) {
      return err(`${hostOf(url)} answered ${status}, which leads elsewhere: give the URL that it leads to`);
    }
    if (status !== 200) return err(`${hostOf(url)} answered ${status}`);
    return ok({ bytes: Buffer.from(body, 'latin1'), etag: headers['etag'] ?? null });
  } finally {
    await http.close();
  }
}
