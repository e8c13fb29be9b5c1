import { expect, it } from 'vitest';
import { keepResults } from '../../src/lib/kept-results.ts';

it('computes once a key, and starts again when full', () => {
  const keep = keepResults<number>(2);
  let computed = 0;
  const ask = (key: string) => keep(key, () => ++computed);
  expect([ask('a'), ask('a'), ask('b'), ask('a')]).toEqual([1, 1, 2, 1]);
  expect([ask('c'), ask('c'), ask('a')]).toEqual([3, 3, 4]);
});
