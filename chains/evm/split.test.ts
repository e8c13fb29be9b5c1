import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { err, ok } from '../../src/domain/result.ts';
import type { ReadFailureCode } from '../../src/domain/snapshot.ts';
import { failuresOf } from './failures.ts';
import { readInRanges, split } from './split.ts';

const fail = failuresOf('node');
const cells = fc.integer({ min: 0, max: 300 });
const sizes = fc.integer({ min: 1, max: 80 });

describe('split', () => {
  it('covers every cell once and in order', () => {
    fc.assert(
      fc.property(cells, sizes, (count, size) => {
        const ranges = split({ from: 0, to: count }, size);
        expect(ranges.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, at) => from + at))).toEqual(
          Array.from({ length: count }, (_, at) => at),
        );
        for (const { from, to } of ranges) expect(to - from).toBeLessThanOrEqual(size);
      }),
    );
  });
});

describe('readInRanges', () => {
  it('gives each cell its own result in order, whatever size the provider takes', async () => {
    await fc.assert(
      fc.asyncProperty(cells, sizes, sizes, fc.integer({ min: 1, max: 5 }), async (count, size, limit, concurrency) => {
        const asked: number[] = [];
        const { results } = await readInRanges(count, { size, concurrency, halvings: 1000 }, async ({ from, to }) => {
          await Promise.resolve();
          if (to - from > limit) return err(fail('too_large', 'too many'));
          const range = Array.from({ length: to - from }, (_, at) => from + at);
          asked.push(...range);
          return ok(range.map((cell) => ok(cell)));
        });
        expect(results).toEqual(Array.from({ length: count }, (_, cell) => ok(cell)));
        expect(asked.sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, cell) => cell));
      }),
    );
  });

  it('has a failure for every cell that was not read, and stops asking', async () => {
    const codes: ReadFailureCode[] = ['timeout', 'rate_limited', 'bad_content', 'state_gone', 'aborted'];
    await fc.assert(
      fc.asyncProperty(cells, sizes, fc.nat(10), fc.constantFrom(...codes), async (count, size, good, code) => {
        let requests = 0;
        const { results } = await readInRanges(count, { size, concurrency: 2, halvings: 8 }, async ({ from, to }) => {
          requests += 1;
          if (requests > good) return err(fail(code, 'broken'));
          return ok(Array.from({ length: to - from }, (_, at) => ok(from + at)));
        });
        expect(results).toHaveLength(count);
        for (const [cell, result] of results.entries()) {
          expect(result.ok ? result.value : result.error.code).toBe(result.ok ? cell : code);
        }
        expect(requests).toBeLessThanOrEqual(good + 2);
      }),
    );
  });

  it('keeps a failure to its cell, and one of a mixed-up answer to its range', async () => {
    const { results } = await readInRanges(6, { size: 2, concurrency: 1, halvings: 8 }, async ({ from }) => {
      if (from === 2) return err(fail('bad_response', 'two answers have the id 7'));
      return ok([ok(from), err(fail('no_code', 'no code'))]);
    });
    expect(results.map((result) => (result.ok ? result.value : result.error.code))).toEqual([
      0,
      'no_code',
      'bad_response',
      'bad_response',
      4,
      'no_code',
    ]);
  });

  it('gives up a provider that takes nothing, within its budget', async () => {
    let requests = 0;
    const { results } = await readInRanges(1000, { size: 100, concurrency: 4, halvings: 10 }, async () => {
      requests += 1;
      return err(fail('too_large', 'always'));
    });
    expect(results.every((result) => !result.ok && result.error.code === 'too_large')).toBe(true);
    expect(requests).toBeLessThanOrEqual(14);
  });
});
