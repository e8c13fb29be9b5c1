const LF = 0x0a;

/** What an over-long line keeps beyond the cap: a byte too many, and what does not count (byte order mark, CR). */
const BEYOND = 5;

/**
 * Cuts bytes into pieces of whole lines, each in a buffer of its own that may be given away: first one with the first
 * `firstLines` lines, then pieces of about `pieceBytes` (more where a line is longer). LF ends a line; the last one of a piece gets an LF
 * where it has none, but for the first piece. Of a line longer than `maxLineBytes` only so much is kept that it is still too long. Memory is bounded by a piece and a line.
 */
export async function* cutAtLines(
  chunks: AsyncIterable<Uint8Array>,
  { firstLines, maxLineBytes, pieceBytes }: Cut,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let piece = new Piece(pieceBytes);
  let linesToGo = firstLines;
  /** Whether the rest of an over-long line is being passed over. */
  let skipping = false;
  for await (const chunk of chunks) {
    let at = 0;
    while (at < chunk.length) {
      if (skipping) {
        const end = chunk.indexOf(LF, at);
        if (end < 0) break;
        at = end;
        skipping = false;
      }
      const end = linesToGo > 0 ? chunk.indexOf(LF, at) + 1 : chunk.lastIndexOf(LF) + 1;
      const upTo = end > at ? end : chunk.length;
      piece.append(chunk.subarray(at, upTo), end > at);
      at = upTo;
      if (end === upTo && linesToGo > 0) linesToGo -= 1;
      const isFull = firstLines > 0 ? linesToGo === 0 : piece.wholeBytes >= pieceBytes;
      if (isFull && piece.wholeBytes > 0) {
        firstLines = 0;
        const next = new Piece(pieceBytes);
        yield piece.give(next);
        piece = next;
      }
    }
    if (piece.openBytes > maxLineBytes + BEYOND) {
      piece.cutOpenLine(maxLineBytes + BEYOND);
      skipping = true;
    }
  }
  if (piece.openBytes > 0) piece.append(firstLines > 0 ? new Uint8Array(0) : Uint8Array.of(LF), true);
  if (piece.wholeBytes > 0) yield piece.give(new Piece(0));
}

/** How to cut. */
export interface Cut {
  readonly firstLines: number;
  readonly maxLineBytes: number;
  readonly pieceBytes: number;
}

/** Whole lines, and the beginning of the next one behind them. */
class Piece {
  #bytes: Uint8Array<ArrayBuffer>;
  #used = 0;
  #whole = 0;

  constructor(bytes: number) {
    this.#bytes = new Uint8Array(bytes + 64 * 1024);
  }

  get wholeBytes(): number {
    return this.#whole;
  }

  get openBytes(): number {
    return this.#used - this.#whole;
  }

  append(bytes: Uint8Array, endsLine: boolean): void {
    if (this.#used + bytes.length > this.#bytes.length) {
      const larger = new Uint8Array(2 * (this.#used + bytes.length));
      larger.set(this.#bytes.subarray(0, this.#used));
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, this.#used);
    this.#used += bytes.length;
    if (endsLine) this.#whole = this.#used;
  }

  cutOpenLine(bytes: number): void {
    this.#used = this.#whole + bytes;
  }

  /** Hands over the whole lines; the beginning of the next one goes to that piece. */
  give(next: Piece): Uint8Array<ArrayBuffer> {
    next.append(this.#bytes.subarray(this.#whole, this.#used), false);
    return this.#bytes.subarray(0, this.#whole);
  }
}
