import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PhysicalLine, splitLines } from '../../src/lib/lines.ts';

async function linesOf(chunks: readonly Uint8Array[], cap?: number): Promise<PhysicalLine[]> {
  const lines: PhysicalLine[] = [];
  async function* source() {
    yield* chunks;
  }
  for await (const batch of splitLines(source(), cap)) lines.push(...batch);
  return lines;
}

function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let at = 0;
  for (let index = 0; at < bytes.length; index += 1) {
    const size = sizes.length === 0 ? bytes.length : (sizes[index % sizes.length] as number);
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The rule, written once more as simply as possible: on whole bytes, one line at a time. */
function naive(bytes: Uint8Array, cap: number): PhysicalLine[] {
  let body = [...bytes];
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) body = body.slice(3);
  const rows: number[][] = [[]];
  for (const byte of body) {
    if (byte === 10) rows.push([]);
    else rows.at(-1)?.push(byte);
  }
  if (rows.at(-1)?.length === 0) rows.pop();
  return rows.map((row, index) => {
    const text = row.at(-1) === 13 ? row.slice(0, -1) : row;
    if (text.length > cap) return { line: index + 1, text: '', fault: `line is longer than ${cap} bytes` };
    try {
      return { line: index + 1, text: decoder.decode(Uint8Array.from(text)) };
    } catch {
      return { line: index + 1, text: '', fault: 'line is not valid UTF-8' };
    }
  });
}

describe('splitLines', () => {
  it('equals the naive split for any bytes, any chunk borders and any cap', async () => {
    const piece = fc.oneof(
      fc.constantFrom('\n', '\r\n', '\r', '\ufeff', 'é', '𝄞', ',', 'coin', ''),
      fc.string({ unit: 'binary', maxLength: 12 }),
    );
    const bytes = fc.oneof(
      fc.array(piece, { maxLength: 40 }).map((pieces) => new TextEncoder().encode(pieces.join(''))),
      fc.uint8Array({ maxLength: 80 }),
      fc.array(fc.constantFrom(10, 13, 0xef, 0xbb, 0xbf, 65), { maxLength: 30 }).map((list) => Uint8Array.from(list)),
    );
    await fc.assert(
      fc.asyncProperty(
        bytes,
        fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 6 }),
        fc.constantFrom(1, 3, 7, 1000),
        async (data, sizes, cap) => {
          expect(await linesOf(cut(data, sizes), cap)).toEqual(naive(data, cap));
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('keeps no more of an endless line than the cap and goes on after it', async () => {
    const mib = new Uint8Array(1024 * 1024).fill(65);
    const lines = await linesOf([mib, mib, mib, Buffer.from('A\nnext\n')]);
    expect(lines).toEqual([
      { line: 1, text: '', fault: 'line is longer than 1048576 bytes' },
      { line: 2, text: 'next' },
    ]);
  });

  it('marks only the line that is not UTF-8', async () => {
    const lines = await linesOf([Buffer.from([65, 10, 0xff, 10, 66])]);
    expect(lines).toEqual([
      { line: 1, text: 'A' },
      { line: 2, text: '', fault: 'line is not valid UTF-8' },
      { line: 3, text: 'B' },
    ]);
  });
});
