import { pipeline, type Readable } from 'node:stream';
import { crc32, createGunzip } from 'node:zlib';
import type { Entry, ZipFile } from 'yauzl';
import { quote } from '../domain/ids.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { type ReadableFile, whyUnreadable } from './files.ts';

/** What is unpacked at most, and which file of a ZIP archive that holds several (by default one must be alone). */
export interface UnpackOptions {
  readonly maxBytes: number;
  /** Unpacked bytes a packed byte; only counted once a MiB came out, as no small file is a bomb. */
  readonly maxRatio: number;
  readonly entry?: string | undefined;
}

const RATIO_COUNTS_FROM = 1024 * 1024;

/** No published archive holds near as many; a made one of 128 MiB could hold three million names of nothing. */
const MOST_ENTRIES = 50_000;

/**
 * The one file inside a ZIP or gzip file, or the file itself where it is neither. The packed data is read through once, so
 * that an error tells beforehand of damage, of several files inside, and of more bytes than the caps allow.
 */
export async function unpack(file: ReadableFile, options: UnpackOptions): Promise<Result<ReadableFile>> {
  try {
    const magic = await firstBytes(file);
    if (magic[0] === 0x1f && magic[1] === 0x8b) {
      const open = () => gunzipped(file);
      return measured(file, { name: file.name.replace(/\.gz$/i, ''), open }, null, options);
    }
    const isZip = magic[0] === 0x50 && magic[1] === 0x4b && (magic[2] === 3 || magic[2] === 5);
    return isZip ? await unzip(file, options) : ok(file);
  } catch (error) {
    return err(whyUnreadable(error));
  }
}

async function firstBytes(file: ReadableFile): Promise<Uint8Array> {
  const bytes: number[] = [];
  for await (const chunk of file.open()) {
    bytes.push(...chunk.subarray(0, 4 - bytes.length));
    if (bytes.length >= 4) break;
  }
  return Uint8Array.from(bytes);
}

function gunzipped(file: ReadableFile): AsyncIterable<Uint8Array> {
  // Errors come out of the iteration; the callback keeps them from being thrown a second time.
  return pipeline(file.open(), createGunzip(), () => {}) as unknown as Readable;
}

async function unzip(file: ReadableFile, options: UnpackOptions): Promise<Result<ReadableFile>> {
  if (file.path === undefined) return err('a ZIP archive can only be read from a file');
  const { path } = file;
  const entry = await chooseEntry(path, options.entry);
  if (!entry.ok) return entry;
  const name = entry.value.fileName.slice(entry.value.fileName.lastIndexOf('/') + 1);
  const { fileName, crc32: expectedCrc } = entry.value;
  return measured(file, { name, open: () => unzipped(path, fileName) }, expectedCrc, options);
}

async function openZip(path: string): Promise<Result<ZipFile>> {
  try {
    const { openPromise } = await import('yauzl');
    return ok(await openPromise(path, { autoClose: false, lazyEntries: true }));
  } catch (error) {
    return err(`the ZIP archive cannot be read: ${(error as Error).message}`);
  }
}

/** The archive's file of that name, or its only one; folders and what macOS puts beside files do not count. */
async function chooseEntry(path: string, wanted: string | undefined): Promise<Result<Entry>> {
  const zip = await openZip(path);
  if (!zip.ok) return zip;
  const files: Entry[] = [];
  let passedOver: string | null = null;
  let entries = 0;
  try {
    for await (const entry of zip.value.eachEntry()) {
      entries += 1;
      if (entries > MOST_ENTRIES)
        return err(`the ZIP archive holds more than ${MOST_ENTRIES} entries: unpack it and give the file inside`);
      const { fileName } = entry;
      if (fileName.endsWith('/') || (wanted !== undefined && fileName !== wanted)) continue;
      if (wanted === undefined && isOfMacOs(fileName)) {
        passedOver ??= fileName;
        continue;
      }
      files.push(entry);
      if (files.length > 1) break;
    }
  } catch (error) {
    return err(`the ZIP archive cannot be read: ${(error as Error).message}`);
  } finally {
    zip.value.close();
  }
  const [first, second] = files;
  if (first === undefined) {
    if (wanted !== undefined) return err(`the ZIP archive holds no file ${quote(wanted)}`);
    const only = `holds only what macOS puts beside files (${quote(passedOver ?? '')}): name it with --entry`;
    return err(`the ZIP archive ${passedOver === null ? 'is empty' : only}`);
  }
  if (second !== undefined) {
    if (wanted !== undefined)
      return err(`the ZIP archive holds ${quote(wanted)} twice: unpack it and give one of them`);
    const names = `${quote(first.fileName)} and ${quote(second.fileName)}`;
    return err(`the ZIP archive holds several files (${names}): name one of them with --entry`);
  }
  return first.isEncrypted() ? err('the ZIP archive is encrypted: unpack it and give the file inside') : ok(first);
}

/** What Finder adds to an archive: AppleDouble files (RFC 1740: a fork and attributes, named `._` and the file's name) and folder views. */
function isOfMacOs(fileName: string): boolean {
  const name = fileName.slice(fileName.lastIndexOf('/') + 1);
  return fileName.startsWith('__MACOSX/') || name.startsWith('._') || name === '.DS_Store';
}

async function* unzipped(path: string, fileName: string): AsyncGenerator<Uint8Array> {
  const zip = await openZip(path);
  if (!zip.ok) throw Object.assign(new Error(zip.error), { code: 'DAMAGED' });
  try {
    for await (const entry of zip.value.eachEntry()) {
      if (entry.fileName === fileName) return yield* await zip.value.openReadStreamPromise(entry);
    }
  } finally {
    zip.value.close();
  }
}

/** Reads the inner file through once: its size, or which cap it breaks, or how it is damaged. */
async function measured(
  packed: ReadableFile,
  inner: Pick<ReadableFile, 'name' | 'open'>,
  expectedCrc: number | null,
  { maxBytes, maxRatio }: UnpackOptions,
): Promise<Result<ReadableFile>> {
  let size = 0;
  let crc = 0;
  try {
    for await (const chunk of inner.open()) {
      size += chunk.length;
      if (size > maxBytes) {
        return err(`the file inside is larger than ${maxBytes} bytes (--max-bytes raises this cap)`);
      }
      if (size > RATIO_COUNTS_FROM && size > packed.size * maxRatio) {
        return err(
          `the file inside is more than ${maxRatio} times as large as it is packed (--max-ratio raises this cap)`,
        );
      }
      if (expectedCrc !== null) crc = crc32(chunk, crc);
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return err(`the packed file is damaged (${typeof code === 'string' ? code : message.slice(0, 120)})`);
  }
  if (expectedCrc !== null && crc !== expectedCrc) return err('the packed file is damaged (its checksum differs)');
  return ok({ ...inner, size });
}
