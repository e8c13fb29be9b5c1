import { describe, expect, it } from 'vitest';
import { loadRegistry } from '../../src/load-registry.ts';
import { type Outcome, outcomeOf, violations } from './oracle.ts';

const registry = loadRegistry();
if (!registry.ok) throw new Error('the registry does not load');

const BYTES = Buffer.from(
  'coin,network,address,balance,Height,custodian\nBTC,BTC,1a,1.50,1,\nBTC,BTC,1b,2,1,\nBTC,BTC,1c,x,1,\nETH,ETH,0x1,7,1,\n',
);
const good = await outcomeOf(BYTES, registry.value);
if (good.kind !== 'verified') throw new Error(good.reason);
type Verified = Extract<Outcome, { kind: 'verified' }>;
const [first, second] = good.items;
if (first?.kind !== 'row' || second?.kind !== 'row') throw new Error('no rows');
const withRow = (change: object): Verified => ({
  ...good,
  items: [{ ...first, listed: { ...first.listed, row: { ...first.listed.row, ...change } } }, ...good.items.slice(1)],
});

describe('the oracle', () => {
  it('is content with a file that was read right', () => {
    expect(good.items).toHaveLength(4);
    expect(violations(BYTES, 'line', good)).toEqual([]);
  });

  it.each<[string, Verified, RegExp]>([
    ['a row that is not handed on', { ...good, items: good.items.slice(1) }, /counted is not the rows/],
    [
      'a fault that is not handed on',
      { ...good, items: good.items.filter(({ kind }) => kind === 'row') },
      /faults are not/,
    ],
    [
      'a line that is in neither',
      {
        ...good,
        items: [...good.items.slice(0, 2), ...good.items.slice(3)],
        tally: { ...good.tally, rows: { total: 3, counted: 3, faults: 0 }, faults: [] },
      },
      /line 4 is lost/,
    ],
    ['another amount', withRow({ amount: '3' }), /amount 3 of 2 does not stand there/],
    ['another amount of the file', withRow({ amount: '2' }), /the sum of "BTC" differs/],
    ['a line outside the file', withRow({ line: 9 }), /number 9 is not in the file/],
    ['a line that two rows have', withRow({ line: 3 }), /two entries have one number/],
    [
      'a sum that is not the rows',
      {
        ...good,
        tally: { ...good.tally, sums: good.tally.sums.map((one) => ({ ...one, sum: { unscaled: 1n, scale: 0 } })) },
      },
      /the sum of "BTC" differs/,
    ],
    [
      'a label without a sum',
      { ...good, tally: { ...good.tally, sums: good.tally.sums.slice(1) } },
      /other labels have sums/,
    ],
    ['assets that claim more', { ...good, claimed: [...good.claimed, '1'] }, /what all assets claim differs/],
    [
      'a grade too many',
      { ...good, tally: { ...good.tally, grades: { ...good.tally.grades, invalid: 9 } } },
      /grades do not add up/,
    ],
  ])('sees %s', (_what, outcome, seen) => {
    expect(violations(BYTES, 'line', outcome).join('\n')).toMatch(seen);
  });
});
