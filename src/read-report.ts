import { createHash } from 'node:crypto';
import type { ReportFile, ReportItem } from './domain/attestation.ts';
import type { Sha256 } from './domain/ids.ts';
import { beyondLimit, LIMIT_FLAGS, LIMITS, type Limits } from './domain/limits.ts';
import { err, ok, type Result } from './domain/result.ts';
import { type ReadableFile, whyUnreadable } from './lib/files.ts';
import { cutAtLines } from './lib/line-chunks.ts';
import { splitLines, wholeLines } from './lib/lines.ts';
import { format as addressList } from './reports/address-list.ts';
import { format as binanceCsv } from './reports/binance-csv.ts';
import { format as bitmexYaml } from './reports/bitmex-yaml.ts';
import { format as bybitCsv } from './reports/bybit-csv.ts';
import { format as chainListsJson } from './reports/chain-lists-json.ts';
import { format as chainListsYaml } from './reports/chain-lists-yaml.ts';
import { format as coinbaseJson } from './reports/coinbase-json.ts';
import { format as htxCsv } from './reports/htx-csv.ts';
import { format as okxAuditCsv } from './reports/okx-audit-csv.ts';
import { format as okxCsv } from './reports/okx-csv.ts';
import { format as ownJson } from './reports/own-json.ts';
import { faultAt } from './reports/report-cells.ts';
import type { ReportFormat } from './seams.ts';

/**
 * Every published layout that is known: one file each under src/reports/. The first that recognises a file reads it; OKX's
 * comes after those that know their header exactly, as it also says what is wrong with a header that is nearly its own.
 */
const FORMATS: readonly ReportFormat[] = [
  binanceCsv,
  okxCsv,
  htxCsv,
  okxAuditCsv,
  bybitCsv,
  coinbaseJson,
  ownJson,
  chainListsJson,
  bitmexYaml,
  chainListsYaml,
  addressList,
];

const HEAD_BYTES = 64 * 1024;

/** A published file whose layout is known and whose items can be read, more than once. */
export interface OpenReport {
  readonly name: string;
  /** The exact form, e.g. `okx-csv-11`. */
  readonly format: string;
  /** Bytes, as its source says. */
  readonly size: number;
  read(): ReportReading;
  /** A pass whose rows are read elsewhere, in pieces of about that size; null where the layout's rows do not stand alone, or the head does not show from where. */
  readInPieces(pieceBytes: number): PiecedReading | null;
}

/** One pass over a published file. */
export interface ReportReading extends Reading {
  /** Rows, faults and totals in file order, many at a time; ends early where the file cannot be read on. */
  readonly items: AsyncIterable<readonly ReportItem[]>;
}

/** One pass over a file whose rows stand alone behind its head. */
export interface PiecedReading extends Reading {
  /** How `readRow` must read the lines of all pieces but the first. */
  readonly rows: RowLayout;
  /** Pieces of whole lines in file order, each in a buffer of its own: first the head, with `rows.after` lines. */
  readonly pieces: AsyncIterable<Uint8Array<ArrayBuffer>>;
  /** The items of the first piece; null where it is not the head that was looked at before. */
  readHead(piece: Uint8Array): AsyncIterable<readonly ReportItem[]> | null;
}

/** What it takes to read a row's line by itself, on any thread: a value that can be sent to one. */
export interface RowLayout {
  /** Name of the reader. */
  readonly reader: string;
  readonly layout: unknown;
  /** Lines of the head. */
  readonly after: number;
  readonly limits: Limits;
}

interface Reading {
  /** Bytes read so far. */
  bytesRead(): number;
  /** After the last item: size and SHA-256 of exactly the bytes that were read, or why reading stopped. */
  file(): Result<ReportFile>;
}

/**
 * Recognises a published file by its first 64 KiB. An error says in one sentence why the file cannot be read, or what was
 * looked for and not found. Items are then streamed in bounded memory: `read()` starts a fresh pass each time.
 */
export async function openReport(
  source: ReadableFile,
  limits: Limits = LIMITS,
  formats: readonly ReportFormat[] = FORMATS,
): Promise<Result<OpenReport>> {
  const head = await readHead(source);
  if (!head.ok) return head;
  const text = headText(head.value);
  if (!text.ok) return text;
  for (const format of formats) {
    const form = format.recognise(text.value);
    if (form === null) continue;
    if (!form.ok) return form;
    return ok({
      name: source.name,
      size: source.size,
      format: form.value,
      read: () => startReading(source, format, form.value, limits),
      readInPieces: (pieceBytes) => {
        const found = FORMATS.includes(format) ? format.rowLines?.find(text.value, limits) : null;
        const rows = found ? { reader: format.name, limits, ...found } : null;
        return rows && startPieces(source, format, rows, { form: form.value, head: head.value, pieceBytes });
      },
    });
  }
  const lookedFor = formats.map(({ name, lookedFor }) => `${name}: ${lookedFor}`).join('; ');
  return err(`no known layout of a published list was recognised. Looked for ${lookedFor}`);
}

function startReading(source: ReadableFile, format: ReportFormat, form: string, limits: Limits): ReportReading {
  const { chunks, ...reading } = startBytes(source, form, limits);
  return { ...reading, items: itemsOf(chunks, format, limits) };
}

function itemsOf(chunks: AsyncIterable<Uint8Array>, format: ReportFormat, limits: Limits) {
  const record = format.document ? 'maxDocument' : 'maxRecord';
  return format.read(splitLines(chunks, limits[record], remedyOf(record)), limits);
}

const remedyOf = (limit: 'maxDocument' | 'maxRecord'): string => ` (${LIMIT_FLAGS[limit]} raises this cap)`;

function startPieces(
  source: ReadableFile,
  format: ReportFormat,
  rows: RowLayout,
  { form, head, pieceBytes }: { readonly form: string; readonly head: Buffer; readonly pieceBytes: number },
): PiecedReading {
  const { chunks, ...reading } = startBytes(source, form, rows.limits);
  const cut = { firstLines: rows.after, maxLineBytes: rows.limits.maxRecord, pieceBytes };
  return {
    ...reading,
    rows,
    pieces: cutAtLines(chunks, cut),
    readHead(piece) {
      const bytes = Math.min(piece.length, head.length);
      const same = Buffer.compare(head.subarray(0, bytes), piece.subarray(0, bytes)) === 0;
      return same ? itemsOf(once(piece), format, rows.limits) : null;
    },
  };
}

async function* once(piece: Uint8Array): AsyncGenerator<Uint8Array> {
  yield piece;
}

/**
 * Makes the function that reads the lines of pieces: for each line its item, null where it says nothing, `header` where it must be read
 * with the whole file. One line after the other, so that nothing of a line outlives it.
 */
export function rowReader({ reader, layout, limits }: RowLayout): (bytes: Uint8Array) => Iterable<LineItem> {
  const rowLines = FORMATS.find(({ name }) => name === reader)?.rowLines;
  if (rowLines === undefined) throw new Error(`rows of ${reader} do not stand alone`);
  return function* read(bytes) {
    for (const { line, text, fault } of wholeLines(bytes, limits.maxRecord, remedyOf('maxRecord'))) {
      const item = fault === undefined ? rowLines.read(layout, line, text, limits) : faultAt(line, fault);
      yield item === null || item === 'header' || item.kind !== 'summary' ? item : 'header';
    }
  };
}

type LineItem = Exclude<ReportItem, { readonly kind: 'summary' }> | null | 'header';

function startBytes(
  source: ReadableFile,
  form: string,
  limits: Limits,
): Reading & { readonly chunks: AsyncIterable<Uint8Array> } {
  const hash = createHash('sha256');
  let bytes = 0;
  let outcome: Result<ReportFile> | null = null;

  async function* counted(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of source.open()) {
        bytes += chunk.length;
        if (bytes > limits.maxBytes) {
          outcome = err(`the file ${beyondLimit('maxBytes', limits)}`);
          return;
        }
        hash.update(chunk);
        yield chunk;
      }
    } catch (error) {
      outcome = err(whyUnreadable(error));
      return;
    }
    outcome = ok({ sha256: hash.digest('hex') as Sha256, name: source.name, bytes, format: form });
  }

  return {
    chunks: counted(),
    bytesRead: () => bytes,
    file: () => {
      if (outcome === null) throw new Error('file() was asked for before the last item was read');
      return outcome;
    },
  };
}

async function readHead(source: ReadableFile): Promise<Result<Buffer>> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of source.open()) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > HEAD_BYTES) break;
    }
  } catch (error) {
    return err(whyUnreadable(error));
  }
  return bytes === 0 ? err('the file is empty') : ok(Buffer.concat(chunks).subarray(0, HEAD_BYTES));
}

/** First bytes of files that people hand in by mistake, with what to do about it. */
const MISTAKEN: readonly { readonly magic: readonly number[]; readonly remedy: string }[] = [
  { magic: [0x50, 0x4b], remedy: 'the file is a ZIP archive: unpack it and give the file inside' },
  { magic: [0x1f, 0x8b], remedy: 'the file is compressed with gzip: unpack it first' },
  { magic: [0xff, 0xfe], remedy: 'the file is UTF-16 text: save it as UTF-8' },
  { magic: [0xfe, 0xff], remedy: 'the file is UTF-16 text: save it as UTF-8' },
];

function headText(head: Buffer): Result<string> {
  const mistaken = MISTAKEN.find(({ magic }) => magic.every((byte, index) => head[index] === byte));
  if (mistaken) return err(mistaken.remedy);
  const text = head.toString('utf8').replace(/^\ufeff/, '');
  // The last line of a full head may be cut in the middle: a cut header would look like a wrong one.
  const lastEnd = text.lastIndexOf('\n');
  return ok(head.length < HEAD_BYTES || lastEnd < 0 ? text : text.slice(0, lastEnd));
}
