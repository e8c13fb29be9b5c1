import { R } from '../../../src/liabilities/bn254/scalar.ts';
import type { Call, Case, Files } from '../cases.ts';
import { ACCOUNTS, type Cheat, makeSet, type Row, sealed } from './set-maker.ts';

const file = (text: string) => ({ kind: 'binance' as const, text });
const filesOf = (cheat: Cheat = {}): Files => {
  const { table, list } = makeSet(cheat);
  return { 'proof.csv': file(table), 'config.json': file(list) };
};
const inRow = (place: number, change: (row: Row) => Row): Cheat => ({
  row: (row, i) => (i === place ? change(row) : row),
});
const edit = (text: string, ...changes: readonly (readonly [string | RegExp, string])[]): string =>
  changes.reduce((before, [from, to]) => {
    const after = before.replace(from, to);
    if (after === before) throw new Error(`${from} is not in the file`);
    return after;
  }, text);
const honest = makeSet();
const honestFiles = filesOf();
const changed = (name: string, from: string | RegExp, to: string): Files => ({
  ...honestFiles,
  [name]: file(edit(honestFiles[name]!.text, [from, to])),
});

/** A table is never valid: what it is without the check is held against an honest table's entry, of the same root. */
const tableCase = (
  check: string,
  name: string,
  cheat: Cheat | Files,
  like: Cheat = {},
  more: Partial<Case> = {},
): Case => ({
  ...{ kind: 'binance', check, name, like: filesOf(like) },
  files: 'proof.csv' in cheat ? (cheat as Files) : filesOf(cheat as Cheat),
  ...more,
});
const two = (cheat: Cheat): Cheat => ({ ...cheat, layout: 'two-roots' });
const rich = { accounts: [...ACCOUNTS, { id: 205n, holdings: [[0, 1n << 64n, 0n, 0n, 0n, 0n]] as const }] };
const indebted = { accounts: [...ACCOUNTS, { id: 205n, holdings: [[0, 0n, 500n, 0n, 0n, 0n]] as const }] };
const TABLES: readonly Case[] = [
  tableCase(
    'table',
    'a column twice',
    changed('proof.csv', '"assets_count"', '"id"'),
    {},
    { byCondition: 'places.size === cells.length → true' },
  ),
  tableCase(
    'batch-numbers',
    'a gap',
    inRow(1, (row) => ({ ...row, batch: '2' })),
  ),
  tableCase(
    'asset-chain',
    'another list before',
    inRow(1, (row) => sealed({ ...row, before: 5n })),
  ),
  tableCase(
    'root-chain',
    'another root in the first batch',
    inRow(0, (row) => sealed({ ...row, roots: [5n] })),
  ),
  tableCase(
    'account-range',
    'a gap',
    inRow(1, (row) => sealed({ ...row, first: 3 })),
  ),
  tableCase(
    'account-range',
    'not from 0',
    inRow(0, (row) => sealed({ ...row, first: 1 })),
  ),
  tableCase(
    'account-range',
    'a last account before the first',
    inRow(1, (row) => sealed({ ...row, last: 1 })),
  ),
  tableCase(
    'batch-commitment',
    'another input',
    inRow(0, (row) => ({ ...row, commitment: 5n })),
  ),
  tableCase(
    'asset-start',
    'another list at the start',
    inRow(0, (row) => sealed({ ...row, before: 5n })),
  ),
  tableCase(
    'proof-points',
    'a proof cut short',
    inRow(0, (row) => ({ ...row, proof: row.proof.slice(0, 512 + 8 + 128) })),
  ),
  tableCase(
    'root-start',
    'a tree that is not empty',
    two(inRow(0, (row) => sealed({ ...row, roots: [5n, row.roots[1]!] }))),
    two({}),
  ),
  tableCase(
    'root-chain',
    'another root before',
    two(inRow(1, (row) => sealed({ ...row, roots: [5n, row.roots[1]!] }))),
    two({}),
  ),
  tableCase(
    'asset-totals',
    'less pledged than was committed to',
    changed('config.json', '"LoanCollateral":100', '"LoanCollateral":99'),
  ),
  tableCase('asset-names', 'two coins of one name', changed('config.json', '"Symbol":"ETH"', '"Symbol":"btc"')),
];
const SHORT = Array.from({ length: 11 }, (_, i) => [BigInt(i + 1) * 500n, 90n] as const);
/** Tables whose root is another one than an honest table's: without the check they are undecided for the same one reason. */
const OTHER_ROOTS: readonly Case[] = [
  tableCase('canonical', 'roots plus R', { row: (row) => ({ ...row, roots: [row.roots[0]! + R] }) }),
  tableCase('asset-amounts', 'equity of 2^64', rich),
  tableCase('asset-debts', 'more debt than equity', indebted),
  tableCase('asset-terms', 'boundaries that fall', {
    steps: [
      [500n, 100n],
      [400n, 90n],
    ],
  }),
  tableCase('asset-terms', 'a last boundary above the highest', { steps: [...SHORT, [(1n << 118n) + 1n, 0n]] }),
  tableCase('asset-terms', 'a ratio above 100', { steps: [[500n, 101n]] }),
  tableCase('asset-terms', 'a precomputed value that does not follow', {
    list: (text) => text.replace('"PrecomputedValue":950', '"PrecomputedValue":951'),
  }),
].map((one) => ({ ...one, sameButRoot: true as const }));

const withUser = (user: string, { table, list } = honest): Files => ({
  'proof.csv': file(table),
  'config.json': file(list),
  'user_config.json': file(user),
});
const userCase = (check: string, name: string, user: string, set = honest, more: Partial<Case> = {}): Case => ({
  ...{ kind: 'binance', check, name, files: withUser(user, set), at: 1 },
  ...more,
});
const twice = makeSet({
  accounts: [
    { id: 201n, holdings: [] },
    {
      id: 202n,
      holdings: [
        [1, 5n, 0n, 0n, 0n, 0n],
        [1, 4n, 0n, 0n, 0n, 0n],
      ],
    },
    ...ACCOUNTS,
  ],
});
const odd = makeSet({ accounts: [{ id: 201n, holdings: [[0, 50n, 0n, 0n, 0n, 0n]], equity: 4999n }, ...ACCOUNTS] });
// The batches' totals leave out the second half of the accounts: the table ends with what the first batch ended with.
const hiddenOf = (accounts: readonly (typeof ACCOUNTS)[number][]) => {
  const row = (made: Row, i: number): Row => (i === 1 ? sealed({ ...made, after: made.before }) : made);
  return { ...makeSet({ accounts, row }), list: makeSet({ accounts: accounts.slice(0, 2) }).list };
};
const hidden = hiddenOf([ACCOUNTS[2]!, ACCOUNTS[3]!, ACCOUNTS[1]!, ACCOUNTS[0]!]);
const owing = {
  id: 209n,
  holdings: [
    [0, 0n, 0n, 0n, 0n, 0n],
    [1, 2n, 1n, 1n, 0n, 0n],
  ] as const,
};
const hiddenDebt = hiddenOf([{ id: 210n, holdings: [[1, 9n, 0n, 5n, 0n, 0n]] }, ACCOUNTS[2]!, owing, ACCOUNTS[3]!]);
const hiddenPledge = hiddenOf([
  { id: 210n, holdings: [[1, 9n, 2n, 5n, 0n, 0n]] },
  ACCOUNTS[2]!,
  { id: 209n, holdings: [[1, 3n, 0n, 0n, 2n, 0n]] },
  ACCOUNTS[3]!,
]);
const poorOf = (holding: readonly [number, bigint, bigint, bigint, bigint, bigint]) =>
  makeSet({ accounts: [{ id: 201n, holdings: [holding] }, ...ACCOUNTS] });
const poor = poorOf([0, 9n, 5n, 4n, 0n, 0n]);
const pledged = poorOf([0, 9n, 0n, 5n, 5n, 0n]);
const hiddenEquity = hiddenOf([
  ACCOUNTS[2]!,
  ACCOUNTS[3]!,
  { id: 208n, holdings: [[0, 4n, 0n, 0n, 0n, 0n]] },
  ACCOUNTS[0]!,
]);
const unlisted = hiddenOf([
  ACCOUNTS[2]!,
  ACCOUNTS[3]!,
  { id: 208n, holdings: [[2, 4n, 0n, 0n, 0n, 0n]] },
  ACCOUNTS[0]!,
]);
const wrong = (change: { debt?: bigint; collateral?: bigint }) =>
  makeSet({ accounts: [{ id: 201n, holdings: [[0, 50n, 2n, 10n, 0n, 0n]], ...change }, ...ACCOUNTS] });
const [lessDebt, moreCollateral] = [wrong({ debt: 100n }), wrong({ collateral: 5000n })];
const USERS: readonly Case[] = [
  userCase('user-totals', 'less debt than is owed', lessDebt.users[0]!, lessDebt),
  userCase('user-totals', 'more collateral than is pledged', moreCollateral.users[0]!, moreCollateral),
  userCase('within-totals', 'more equity than all have together', hiddenEquity.users[2]!, hiddenEquity),
  userCase('within-totals', 'an asset that is not on the list', unlisted.users[2]!, unlisted),
  userCase('file', 'a member given twice', honest.users[0]!.replace('{', '{"extra":1,"extra":1,'), honest, {
    byCondition: 'Object.hasOwn(object, key) → false',
  }),
  userCase(
    'shape',
    'two amounts of one loan',
    edit(honest.users[0]!, ['"Loan":10', '"VipLoan":11,"Loan":10']),
    honest,
    {
      byCondition: 'second !== undefined → false',
    },
  ),
  userCase('shape', 'base64 without its padding', edit(honest.users[0]!, [/=",/, '",']), honest, {
    byCondition: "bytes.toString('base64') === text → true",
  }),
  // The maker orders positions as the exchange does: a position that stands twice survives it.
  userCase('asset-order', 'one asset twice', twice.users[1]!, twice),
  {
    ...userCase('amounts', 'two of one packed number traded against each other', ''),
    files: {
      'proof.csv': file(honest.table),
      'user_config.json': file(
        edit(honest.users[1]!, ['"Equity":1000,"Debt":10', '"Equity":999,"Debt":18446744073709551626']),
      ),
    },
  },
  userCase('solvent', 'debts above what collateral counts', poor.users[0]!, poor),
  userCase('solvent', 'more pledged than held', pledged.users[0]!, pledged),
  userCase(
    'canonical',
    'an id plus R',
    edit(honest.users[0]!, [
      /"AccountIdHash":"[^"]*"/,
      `"AccountIdHash":"${(201n + R).toString(16).padStart(64, '0')}"`,
    ]),
  ),
  userCase('position', 'beyond the tree', edit(honest.users[0]!, ['"AccountIndex":0', `"AccountIndex":${2 ** 28}`])),
  userCase(
    'path',
    'another amount',
    edit(honest.users[3]!, ['"Equity":3', '"Equity":2'], ['"TotalEquity":300', '"TotalEquity":200']),
  ),
  userCase(
    'root-link',
    'of another table',
    honest.users[0]!,
    makeSet({ accounts: [...ACCOUNTS, { id: 207n, holdings: [] }] }),
  ),
  userCase('user-totals', 'less equity than the assets are worth', odd.users[0]!, odd),
  userCase('within-totals', 'more than all have together', hidden.users[2]!, hidden),
  userCase('within-totals', 'more debt than all have together', hiddenDebt.users[2]!, hiddenDebt),
  userCase('within-totals', 'more pledged than all have together', hiddenPledge.users[2]!, hiddenPledge),
];

/** For each check of Binance's files: those that it alone refuses. */
export const CASES: readonly Case[] = [...TABLES, ...OTHER_ROOTS, ...USERS];

const oneRoot = filesOf();
const nothing = makeSet({ accounts: [{ id: 201n, holdings: [[2, 0n, 0n, 0n, 0n, 0n]] }, ...ACCOUNTS] });
/** Files that nothing is wrong with. */
export const HONEST: readonly Call[] = [
  { name: 'a whole publication', files: { ...withUser(honest.users[0]!), 'bob.json': file(honest.users[1]!) } },
  { name: 'tables of two roots', files: { ...filesOf({ layout: 'two-roots' }), 'u.json': file(honest.users[2]!) } },
  { name: 'a customer alone', files: { 'u.json': file(honest.users[3]!) } },
  { name: 'a customer with nothing of an asset that is not on the list', files: withUser(nothing.users[0]!, nothing) },
  { name: 'a list alone', files: { 'l.json': oneRoot['config.json']! } },
  { name: 'a table alone', files: { 't.csv': oneRoot['proof.csv']! } },
  {
    name: 'files of the layout before',
    files: {
      'u.json': file(honest.users[0]!.replace(/"TotalCollateral":\d+,/, '')),
      'l.json': file('{"ProofTable":"","CexAssetsInfo":[{"Index":0}]}'),
    },
  },
];
