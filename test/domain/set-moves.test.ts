import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Decimal, formatDecimal } from '../../src/domain/amount.ts';
import { accountMoves } from '../../src/domain/set-moves.ts';

const held = (cells: Readonly<Record<string, bigint>>): ReadonlyMap<string, Decimal> =>
  new Map(Object.entries(cells).map(([key, unscaled]) => [key, { unscaled, scale: 2 }]));
const account = (former: Readonly<Record<string, bigint>>, newer: Readonly<Record<string, bigint>>) =>
  Object.fromEntries(
    Object.entries(accountMoves(held(former), held(newer))).map(([name, value]) => [name, formatDecimal(value)]),
  );

describe('the account of a move', () => {
  it('explains a loss up to what newly listed cells hold', () => {
    expect(account({ a: 10_000n }, { a: 4_000n, b: 5_000n })).toEqual({
      lost: '60',
      raised: '0',
      gained: '50',
      explained: '50',
      unexplained: '10',
    });
    expect(account({ a: 10_000n }, { b: 12_000n })).toMatchObject({ lost: '100', explained: '100', unexplained: '0' });
    expect(account({ a: 10_000n }, { a: 4_000n })).toMatchObject({ gained: '0', explained: '0', unexplained: '60' });
  });

  it('does not explain what stayed inside the former set', () => {
    expect(account({ a: 10_000n, b: 0n }, { a: 4_000n, b: 6_000n, c: 9_000n })).toEqual({
      lost: '60',
      raised: '60',
      gained: '90',
      explained: '0',
      unexplained: '0',
    });
  });

  it('always adds up: what was held, less what was lost, and what came, is what is held', () => {
    const cells = fc.dictionary(fc.constantFrom(...'abcdefgh'), fc.bigInt({ min: 0n, max: 10n ** 30n }));
    fc.assert(
      fc.property(cells, cells, (former, newer) => {
        const sum = (of: Readonly<Record<string, bigint>>) => Object.values(of).reduce((total, one) => total + one, 0n);
        const { lost, raised, gained, explained, unexplained } = accountMoves(held(former), held(newer));
        const units = ({ unscaled, scale }: Decimal) => unscaled * 10n ** BigInt(2 - scale);
        expect(sum(former) - units(lost) + units(raised) + units(gained)).toBe(sum(newer));
        const drop = units(lost) > units(raised) ? units(lost) - units(raised) : 0n;
        expect(units(explained) + units(unexplained)).toBe(drop);
        expect(units(explained) <= units(gained) && (units(unexplained) === 0n || explained === gained)).toBe(true);
      }),
    );
  });
});
