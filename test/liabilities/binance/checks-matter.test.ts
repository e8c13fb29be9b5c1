import { describe, expect, it } from 'vitest';
import { R } from '../../../src/liabilities/bn254/scalar.ts';
import type { LiabilityCheck } from '../../../src/liabilities/types.ts';
import { checkFiles } from '../../../src/liabilities/zkmerkle/check-files.ts';
import { recognised } from '../zkmerkle/tree-maker.ts';
import { ACCOUNTS, type Cheat, makeSet, type Row, SMALL, sealed } from './set-maker.ts';

type Files = Readonly<Record<string, string>>;
const run = async (files: Files, off: readonly string[] = []): Promise<readonly LiabilityCheck[]> =>
  checkFiles(recognised('binance', files), { circuits: [] }, SMALL, new Set(off));
const failing = ({ checks }: LiabilityCheck) =>
  checks.filter(({ status }) => status === 'fail').map(({ name }) => name);

/** The file of that place is refused by this check alone: without it, it gets `otherwise`, as an honest one does. */
async function onlyCaughtBy(name: string, files: Files, place: number, otherwise: string) {
  const refused = (await run(files))[place]!;
  expect(failing(refused)).toEqual([name]);
  expect(refused).toMatchObject({ verdict: 'invalid', grade: 'none', binding: 'none', totals: [], root: null });
  expect((await run(files, [name]))[place]!.verdict).toBe(otherwise);
}
const filesOf = (cheat: Cheat = {}): Files => {
  const { table, list } = makeSet(cheat);
  return { 'proof.csv': table, 'config.json': list };
};
const inRow = (place: number, change: (row: Row) => Row): Cheat => ({
  row: (row, i) => (i === place ? change(row) : row),
});

describe('each check of the table matters; honest ones are undecided, as their proofs cannot be checked', () => {
  const one: readonly (readonly [string, Cheat])[] = [
    ['batch-numbers', inRow(1, (row) => ({ ...row, batch: '2' }))],
    ['canonical', { row: (row) => ({ ...row, roots: [row.roots[0]! + R] }) }],
    ['asset-chain', inRow(1, (row) => sealed({ ...row, before: 5n }))],
    ['root-chain', inRow(0, (row) => sealed({ ...row, roots: [5n] }))],
    ['account-range', inRow(1, (row) => sealed({ ...row, first: 3 }))],
    ['account-range', inRow(0, (row) => sealed({ ...row, first: 1 }))],
    ['account-range', inRow(1, (row) => sealed({ ...row, last: 1 }))],
    ['batch-commitment', inRow(0, (row) => ({ ...row, commitment: 5n }))],
    ['asset-start', inRow(0, (row) => sealed({ ...row, before: 5n }))],
    ['proof-points', inRow(0, (row) => ({ ...row, proof: `${row.proof.slice(0, -2)}00` }))],
    ['proof-points', inRow(0, (row) => ({ ...row, proof: row.proof.slice(0, 512 + 8 + 128) }))],
  ];
  it.each(one)('%s', async (name, cheat) => {
    await onlyCaughtBy(name, filesOf(cheat), 0, 'undecided');
  });

  it.each([
    ['root-start', inRow(0, (row) => sealed({ ...row, roots: [5n, row.roots[1]!] }))],
    ['root-chain', inRow(1, (row) => sealed({ ...row, roots: [5n, row.roots[1]!] }))],
  ] as const)('%s of tables until 2026-05', async (name, cheat) => {
    await onlyCaughtBy(name, filesOf({ ...cheat, layout: 'two-roots' }), 0, 'undecided');
  });

  it('asset-totals', async () => {
    const list = (text: string) => text.replace('"LoanCollateral":100', '"LoanCollateral":99');
    await onlyCaughtBy('asset-totals', filesOf({ list }), 0, 'undecided');
  });
  it('asset-amounts', async () => {
    const accounts = [...ACCOUNTS, { id: 205n, holdings: [[0, 1n << 64n, 0n, 0n, 0n, 0n]] as const }];
    await onlyCaughtBy('asset-amounts', filesOf({ accounts }), 0, 'undecided');
  });
  it('asset-debts', async () => {
    const accounts = [...ACCOUNTS, { id: 205n, holdings: [[0, 0n, 500n, 0n, 0n, 0n]] as const }];
    await onlyCaughtBy('asset-debts', filesOf({ accounts }), 0, 'undecided');
  });
  it.each([
    [
      'boundaries that fall',
      {
        steps: [
          [500n, 100n],
          [400n, 90n],
        ],
      },
    ],
    ['a boundary above the highest', { steps: [[(1n << 118n) + 1n, 100n]] }],
    ['a ratio above 100', { steps: [[500n, 101n]] }],
    [
      'a precomputed value that does not follow',
      { list: (text: string) => text.replace('"PrecomputedValue":950', '"PrecomputedValue":951') },
    ],
  ] as const)('asset-terms: %s', async (_what, cheat) => {
    await onlyCaughtBy('asset-terms', filesOf(cheat as Cheat), 0, 'undecided');
  });
});

describe("each check of a customer's file matters", () => {
  const honest = makeSet();
  const edit = (user: string, from: string | RegExp, to: string): string => {
    const changed = user.replace(from, to);
    expect(changed).not.toBe(user);
    return changed;
  };
  const at = async (name: string, user: string, { table, list } = honest) =>
    onlyCaughtBy(name, { 'proof.csv': table, 'config.json': list, 'user_config.json': user }, 1, 'valid');

  it('asset-order', async () => {
    const holdings = [
      [1, 5n, 0n, 0n, 0n, 0n],
      [1, 4n, 0n, 0n, 0n, 0n],
    ] as const;
    const twice = makeSet({ accounts: [{ id: 201n, holdings: [] }, { id: 202n, holdings }, ...ACCOUNTS] });
    // The maker orders positions as the exchange does: a position that stands twice survives it.
    await at('asset-order', twice.users[1]!, twice);
  });
  it('amounts', async () => {
    const swapped = edit(honest.users[1]!, '"Equity":1000,"Debt":10', '"Equity":999,"Debt":18446744073709551626');
    const files = { 'proof.csv': honest.table, 'user_config.json': swapped };
    await onlyCaughtBy('amounts', files, 1, 'valid');
  });
  it('solvent: debts above what collateral counts, or more pledged than held', async () => {
    for (const holding of [
      [0, 9n, 5n, 4n, 0n, 0n],
      [0, 9n, 0n, 5n, 5n, 0n],
    ] as const) {
      const poor = makeSet({ accounts: [{ id: 201n, holdings: [holding] }, ...ACCOUNTS] });
      await at('solvent', poor.users[0]!, poor);
    }
  });
  it('canonical', async () => {
    const twin = (201n + R).toString(16).padStart(64, '0');
    await at('canonical', edit(honest.users[0]!, /"AccountIdHash":"[^"]*"/, `"AccountIdHash":"${twin}"`));
  });
  it('position', async () => {
    await at('position', edit(honest.users[0]!, '"AccountIndex":0', `"AccountIndex":${2 ** 28}`));
  });
  it('path', async () => {
    const less = edit(honest.users[3]!, '"Equity":3', '"Equity":2');
    await at('path', edit(less, '"TotalEquity":300', '"TotalEquity":200'));
  });
  it('root-link', async () => {
    await at('root-link', honest.users[0]!, makeSet({ accounts: [...ACCOUNTS, { id: 207n, holdings: [] }] }));
  });
  it('user-totals', async () => {
    const odd = makeSet({ accounts: [{ id: 201n, holdings: [[0, 50n, 0n, 0n, 0n, 0n]], equity: 4999n }, ...ACCOUNTS] });
    await at('user-totals', odd.users[0]!, odd);
  });
  it('within-totals', async () => {
    // The batches' totals leave out the second half of the accounts: the table ends with what the first batch ended with.
    const row = (made: Row, i: number): Row => (i === 1 ? sealed({ ...made, after: made.before }) : made);
    const accounts = [ACCOUNTS[2]!, ACCOUNTS[3]!, ACCOUNTS[1]!, ACCOUNTS[0]!];
    const hidden = makeSet({ accounts, row });
    const first = makeSet({ accounts: accounts.slice(0, 2) });
    await at('within-totals', hidden.users[2]!, { ...hidden, list: first.list });
  });
});
