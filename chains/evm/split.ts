import { err, type Result } from '../../src/domain/result.ts';
import type { ReadFailure } from '../../src/domain/snapshot.ts';

/** Cells `from` up to and without `to`. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** All cells 0 … count-1 in ranges of at most `size`, each exactly once, in order. */
export function split({ from, to }: Range, size: number): readonly Range[] {
  const ranges: Range[] = [];
  for (let start = from; start < to; start += size) ranges.push({ from: start, to: Math.min(start + size, to) });
  return ranges;
}

/** Reads one range in one request: a result for every cell of it, or the failure of the request. */
export type ReadRange<T> = (range: Range) => Promise<Result<readonly Result<T, ReadFailure>[], ReadFailure>>;

export interface SplitOptions {
  /** Cells in a request to begin with. */
  readonly size: number;
  readonly concurrency: number;
  /** How many refused requests are answered by halving before the rest is given up. */
  readonly halvings: number;
}

/** After these the provider is not asked again: it would say the same to every range. */
const ENDING: ReadonlySet<ReadFailure['code']> = new Set([
  'timeout',
  'unreachable',
  'rate_limited',
  'http_error',
  'bad_content',
  'wrong_chain',
  'block_unknown',
  'state_gone',
  'unsupported',
  'aborted',
]);

/**
 * Reads all cells range by range, a few at a time. A range that is `too_large` is halved, and so is the size of all that follow; a
 * failure of the provider ends the reading and stands for every cell not read yet. Returns one result a cell, in order, and the
 * size that worked.
 */
export async function readInRanges<T>(
  count: number,
  options: SplitOptions,
  read: ReadRange<T>,
): Promise<{ readonly results: readonly Result<T, ReadFailure>[]; readonly size: number }> {
  const results = new Array<Result<T, ReadFailure>>(count);
  const waiting: Range[] = [...split({ from: 0, to: count }, options.size)];
  let size = options.size;
  let halvings = options.halvings;
  let ending: ReadFailure | null = null;

  const put = (range: Range, failure: ReadFailure): void => {
    for (let cell = range.from; cell < range.to; cell += 1) results[cell] = err(failure);
  };

  async function readOne(range: Range): Promise<void> {
    const answer = await read(range);
    const length = range.to - range.from;
    if (answer.ok) {
      if (answer.value.length !== length) throw new Error(`${answer.value.length} results for ${length} cells`);
      for (const [index, result] of answer.value.entries()) results[range.from + index] = result;
    } else if (answer.error.code === 'too_large' && length > 1 && halvings > 0) {
      halvings -= 1;
      size = Math.min(size, Math.ceil(length / 2));
      waiting.unshift(range);
    } else {
      put(range, answer.error);
      if (ENDING.has(answer.error.code) || answer.error.code === 'too_large') ending ??= answer.error;
    }
  }

  async function work(): Promise<void> {
    for (let range = waiting.shift(); range !== undefined; range = waiting.shift()) {
      if (ending) {
        put(range, ending);
      } else if (range.to - range.from > size) {
        waiting.unshift(...split(range, size));
      } else {
        await readOne(range);
      }
    }
  }

  await Promise.all(Array.from({ length: options.concurrency }, work));
  return { results, size };
}
