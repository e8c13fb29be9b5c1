import { isUtf8 } from 'node:buffer';

/** One physical line: 1-based number, text without its line end; `fault` says why its bytes could not be read as text. */
export interface PhysicalLine {
  readonly line: number;
  readonly text: string;
  readonly fault?: string;
}

/** Longest line that is read as text; a longer one is a fault of that line only. */
export const MAX_LINE_BYTES = 1024 * 1024;

const LF = 0x0a;
const CR = 0x0d;

/**
 * Splits bytes into physical lines as they arrive, as many at a time as a chunk completes: LF or CRLF ends a line (a lone CR
 * does not), a UTF-8 byte order mark at the start is dropped, a last line without line end counts, an empty rest does not.
 * A line that is not UTF-8 or is longer than `maxLineBytes` comes with empty text and a `fault`, which ends with `remedy`.
 * Memory is bounded by one chunk and one line.
 */
export async function* splitLines(
  chunks: AsyncIterable<Uint8Array>,
  maxLineBytes: number = MAX_LINE_BYTES,
  remedy = '',
): AsyncGenerator<readonly PhysicalLine[]> {
  const decoding: Decoding = { maxLineBytes, remedy };
  let line = 0;
  /** The beginning of the next line, in the pieces that it came in: joined once, however long the line is. */
  let held: Buffer[] = [];
  let heldBytes = 0;
  /** Bytes of an over-long line that were thrown away already. */
  let dropped = 0;
  let atStart = true;
  for await (const chunk of chunks) {
    const mayEndLine = atStart || chunk.includes(LF);
    let block = held.length === 0 || !mayEndLine ? viewOf(chunk) : Buffer.concat([...held, chunk]);
    if (mayEndLine) {
      held = [];
      heldBytes = 0;
    }
    if (atStart) {
      if (block.length < 3 && isBomPrefix(block)) {
        held = [Buffer.from(block)];
        heldBytes = block.length;
        continue;
      }
      if (hasBom(block)) block = block.subarray(3);
      atStart = false;
    }
    const end = block.lastIndexOf(LF) + 1;
    if (end > 0) {
      const lines = decodeLines(block.subarray(0, end), line + 1, dropped, decoding);
      line += lines.length;
      dropped = 0;
      yield lines;
    }
    if (end < block.length) held.push(Buffer.from(block.subarray(end)));
    heldBytes += block.length - end;
    // One byte more than the cap is kept: it may be the CR of the line end.
    if (heldBytes > maxLineBytes + 1) {
      dropped += heldBytes;
      held = [];
      heldBytes = 0;
    }
  }
  if (heldBytes + dropped > 0) yield [decodeLine(Buffer.concat(held), line + 1, dropped, decoding)];
}

/** The lines of bytes that end with LF, numbered from 1: no byte order mark is looked for. Otherwise as `splitLines`. */
export const wholeLines = (bytes: Uint8Array, maxLineBytes: number, remedy = ''): readonly PhysicalLine[] =>
  decodeLines(viewOf(bytes), 1, 0, { maxLineBytes, remedy });

interface Decoding {
  readonly maxLineBytes: number;
  readonly remedy: string;
}

/** Lines of a block that ends with LF. Whole blocks are decoded at once where they may be: this is the hot path. */
function decodeLines(block: Buffer, first: number, dropped: number, decoding: Decoding): PhysicalLine[] {
  if (dropped === 0 && block.length <= decoding.maxLineBytes && isUtf8(block)) {
    const texts = block.toString('utf8').split('\n');
    texts.pop();
    return texts.map((text, at) => ({ line: first + at, text: text.endsWith('\r') ? text.slice(0, -1) : text }));
  }
  const lines: PhysicalLine[] = [];
  for (let from = 0; from < block.length; ) {
    const end = block.indexOf(LF, from);
    lines.push(decodeLine(block.subarray(from, end), first + lines.length, from === 0 ? dropped : 0, decoding));
    from = end + 1;
  }
  return lines;
}

function decodeLine(bytes: Buffer, line: number, dropped: number, { maxLineBytes, remedy }: Decoding): PhysicalLine {
  const body = bytes.at(-1) === CR ? bytes.subarray(0, -1) : bytes;
  if (dropped > 0 || body.length > maxLineBytes) {
    return { line, text: '', fault: `line is longer than ${maxLineBytes} bytes${remedy}` };
  }
  if (!isUtf8(body)) return { line, text: '', fault: 'line is not valid UTF-8' };
  return { line, text: body.toString('utf8') };
}

const viewOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const hasBom = (bytes: Uint8Array): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
const isBomPrefix = (bytes: Uint8Array): boolean =>
  bytes.length === 0 || (bytes[0] === 0xef && (bytes.length === 1 || bytes[1] === 0xbb));
