import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutAtLines } from '../../src/lib/line-chunks.ts';
import { type PhysicalLine, splitLines, wholeLines } from '../../src/lib/lines.ts';

async function* chunksOf(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] as number;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

const flat = async <T>(batches: AsyncIterable<readonly T[]>): Promise<T[]> => {
  const all: T[] = [];
  for await (const batch of batches) all.push(...batch);
  return all;
};

/** What borders can break: line ends, marks of order, quotes, bytes that are no text, and the two bytes of é. */
const token = fc.constantFrom('a', 'b,', '"', '[', '\n', '\r\n', '\r', '\n\n', '\ufeff', 'é', 'long '.repeat(9));
const bytes = fc
  .array(
    fc.oneof(
      token.map((text) => Buffer.from(text)),
      fc.constant(Buffer.of(0xff)),
    ),
    { maxLength: 60 },
  )
  .map((parts) => Buffer.concat(parts));

describe('cutAtLines', () => {
  it('cuts so that the lines of the pieces are the lines of the file, wherever the cuts fall', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
    const cut = fc.record({
      firstLines: fc.integer({ min: 1, max: 4 }),
      maxLineBytes: fc.integer({ min: 3, max: 60 }),
      pieceBytes: fc.integer({ min: 1, max: 80 }),
    });
    await fc.assert(
      fc.asyncProperty(bytes, sizes, cut, async (file, parts, how) => {
        const expected = await flat(splitLines(chunksOf(file, parts), how.maxLineBytes));
        const lines: PhysicalLine[] = [];
        let isFirst = true;
        for await (const piece of cutAtLines(chunksOf(file, parts), how)) {
          const before = lines.length;
          const own = isFirst
            ? await flat(splitLines(chunksOf(piece, [piece.length]), how.maxLineBytes))
            : wholeLines(piece, how.maxLineBytes);
          if (isFirst) expect(own.length).toBe(Math.min(how.firstLines, expected.length));
          lines.push(...own.map((one) => ({ ...one, line: one.line + before })));
          isFirst = false;
        }
        expect(lines).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps no more of an endless line than shows that it is too long', async () => {
    const chunks = async function* () {
      yield Buffer.from('head\n');
      for (let turn = 0; turn < 200; turn += 1) yield Buffer.alloc(1000, 0x61);
      yield Buffer.from('\nb\n');
    };
    const pieces: Uint8Array[] = [];
    for await (const piece of cutAtLines(chunks(), { firstLines: 1, maxLineBytes: 100, pieceBytes: 10 })) {
      pieces.push(piece);
    }
    expect(pieces.reduce((sum, { buffer }) => sum + buffer.byteLength, 0)).toBeLessThan(300_000);
    expect(pieces.flatMap((piece) => wholeLines(piece, 100)).map(({ text, fault }) => fault ?? text)).toEqual([
      'head',
      'line is longer than 100 bytes',
      'b',
    ]);
  });
});
