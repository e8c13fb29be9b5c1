import { poseidon } from '../../../src/liabilities/bn254/poseidon.ts';
import { R } from '../../../src/liabilities/bn254/scalar.ts';
import type { CircuitPin } from '../../../src/liabilities/types.ts';
import { keyGiven } from '../../../src/liabilities/zkmerkle/keys.ts';
import type { Call, Case, Files } from '../cases.ts';
import {
  commitmentKeyTail,
  g1Hex,
  keyHex,
  proofHex,
  type Trapdoor,
  times1,
  trapdoor,
} from '../zkmerkle/groth16-maker.ts';
import { ACCOUNTS, type Cheat, KEY, makeSet, type Row } from './set-maker.ts';

const pinOf = (t: Trapdoor, tail?: string): CircuitPin => {
  const pin = keyGiven(keyHex(t, true, tail === undefined ? {} : { tail }), 'test key');
  if (!pin.ok) throw new Error(pin.error);
  return pin.value;
};
const PIN = pinOf(KEY);
const file = (text: string) => ({ kind: 'gateio' as const, text });
const filesOf = (cheat: Cheat = {}): Files => {
  const { table, list } = makeSet(cheat);
  return { 'proof.csv': file(table), 'cex_config.json': file(list) };
};
/** A row whose hash and proof fit what was changed in it. */
const resealed = (row: Row): Row => {
  const commitment = poseidon([...row.roots, row.before, row.after]);
  return { ...row, commitment, proof: proofHex(KEY, commitment) };
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
const inFile = (name: string, ...changes: readonly (readonly [string | RegExp, string])[]): Files => {
  const files = filesOf();
  return { ...files, [name]: file(edit(files[name]!.text, ...changes)) };
};
const caseOf = (check: string, name: string, files: Files, more: Partial<Case> = {}): Case => ({
  ...{ kind: 'gateio', check, name, files, circuits: [PIN] },
  ...more,
});

/** The end of a proof that has no commitments, as gnark writes it from 0.9. */
const PLAIN_END = `00000000${'00'.repeat(64)}`;

const TABLES: readonly Case[] = [
  caseOf('table', 'a column twice', inFile('proof.csv', ['"created_at"', '"id"']), {
    byCondition: 'places.size === cells.length → true',
  }),
  caseOf('batch-numbers', 'a gap', filesOf(inRow(1, (row) => ({ ...row, batch: '2' })))),
  caseOf('batch-numbers', 'one twice', filesOf(inRow(1, (row) => ({ ...row, batch: '0' })))),
  caseOf(
    'canonical',
    'a root plus R',
    filesOf(inRow(1, (row) => ({ ...row, roots: [row.roots[0]!, row.roots[1]! + R] }))),
  ),
  caseOf('asset-chain', 'another list before', filesOf(inRow(1, (row) => resealed({ ...row, before: 5n })))),
  caseOf('root-start', 'a tree that is not empty', filesOf({ rootStart: 5n })),
  caseOf(
    'root-chain',
    'another root before',
    filesOf(inRow(1, (row) => resealed({ ...row, roots: [5n, row.roots[1]!] }))),
  ),
  caseOf(
    'batch-commitment',
    'another input',
    filesOf(inRow(0, (row) => ({ ...row, commitment: 5n, proof: proofHex(KEY, 5n) }))),
  ),
  caseOf('asset-start', 'another list at the start', filesOf({ start: 5n })),
  caseOf(
    'asset-totals',
    'less than was committed to',
    inFile('cex_config.json', ['"TotalEquity":1000,', '"TotalEquity":999,']),
  ),
  caseOf('asset-names', 'two coins of one name', inFile('cex_config.json', ['"Symbol":"eth"', '"Symbol":"BTC"'])),
  caseOf(
    'asset-amounts',
    'equity of 2^65',
    filesOf({
      extra: [
        [0n, 0n],
        [1n << 65n, 0n],
      ],
    }),
  ),
  caseOf('asset-debts', 'more debt than equity', filesOf({ extra: [[0n, 100n]] })),
  caseOf('groth16', 'proofs under another key', filesOf({ trapdoor: trapdoor(12n) })),
  caseOf(
    'groth16',
    'one proof of another input',
    filesOf(inRow(1, (row) => ({ ...row, proof: proofHex(KEY, row.commitment + 1n) }))),
  ),
  caseOf('groth16-key', 'a key of more public inputs', filesOf({ trapdoor: trapdoor(11n, 3) }), {
    circuits: [pinOf(trapdoor(11n, 3))],
  }),
  caseOf('groth16-key', 'a key of a circuit with commitments', filesOf(), {
    circuits: [pinOf(KEY, commitmentKeyTail())],
  }),
  caseOf(
    'proof-points',
    'a byte behind a proof',
    filesOf(inRow(1, (row) => ({ ...row, proof: `${row.proof}${PLAIN_END}01` }))),
    {
      byCondition: 'reader.left() === 0 (4) → true',
    },
  ),
];

const honest = makeSet();
const withUser = (user: string, { table, list } = honest): Files => ({
  'proof.csv': file(table),
  'cex_config.json': file(list),
  'user_config.json': file(user),
});
const userCase = (check: string, name: string, user: string, set = honest, more: Partial<Case> = {}): Case =>
  caseOf(check, name, withUser(user, set), { at: 1, circuits: [], ...more });
const set = {
  poor: makeSet({ accounts: [...ACCOUNTS, { id: 106n, holdings: [[1, 0n, 5n]] }] }),
  other: makeSet({ accounts: [...ACCOUNTS, { id: 107n, holdings: [] }] }),
  odd: makeSet({ accounts: [{ id: 101n, holdings: [[0, 5n, 0n]], equity: 499n }] }),
  owing: makeSet({ accounts: [{ id: 101n, holdings: [[0, 5n, 2n]], debt: 100n }] }),
  hidden: makeSet({
    extra: [
      [0n, 0n],
      [-500n, 0n],
    ],
  }),
  hiddenDebt: makeSet({
    extra: [
      [0n, 0n],
      [0n, -5n],
    ],
  }),
  large: makeSet({ prices: [1n << 80n, 1n, 1n, 1n], accounts: [{ id: 101n, holdings: [[0, 1n << 63n, 0n]] }] }),
};
const [first, second] = ['{"Index":0,"Equity":5,"Debt":1}', '{"Index":2,"Equity":9,"Debt":0}'];
const withoutList = ({ 'cex_config.json': _list, ...files }: Files): Files => files;

const USERS: readonly Case[] = [
  userCase('file', 'a member given twice', honest.users[0]!.replace('{', '{"extra":1,"extra":1,'), honest, {
    byCondition: 'Object.hasOwn(object, key) → false',
  }),
  userCase('shape', 'base64 without its padding', edit(honest.users[0]!, [/=",/, '",']), honest, {
    byCondition: "bytes.toString('base64') === text → true",
  }),
  userCase('asset-order', 'in another order', edit(honest.users[0]!, [`${first},${second}`, `${second},${first}`])),
  caseOf(
    'amounts',
    'two of one packed number traded against each other',
    withoutList(withUser(edit(honest.users[0]!, ['"Equity":9,"Debt":0', '"Equity":8,"Debt":18446744073709551616']))),
    { at: 1, circuits: [] },
  ),
  caseOf('amounts', 'a value above 2^138', withoutList(withUser(set.large.users[0]!, set.large)), {
    at: 1,
    off: ['asset-amounts'],
  }),
  userCase('solvent', 'more debt than equity', set.poor.users[5]!, set.poor),
  userCase(
    'canonical',
    'an id plus R',
    edit(honest.users[0]!, [
      /"UniqueIdentification":"[^"]*"/,
      `"UniqueIdentification":"${(101n + R).toString(16).padStart(64, '0')}"`,
    ]),
  ),
  userCase('position', 'beyond the tree', edit(honest.users[0]!, ['"Arrangement":0', `"Arrangement":${2 ** 28}`])),
  userCase(
    'path',
    'another amount',
    edit(honest.users[1]!, ['"Equity":1000', '"Equity":900'], ['"TotalAssetEquity":7000', '"TotalAssetEquity":6300']),
  ),
  userCase('root-link', 'of another table', honest.users[0]!, set.other),
  userCase('user-totals', 'less equity than the assets are worth', set.odd.users[0]!, set.odd),
  userCase('user-totals', 'less debt than is owed', set.owing.users[0]!, set.owing),
  userCase('within-totals', 'more than all have together', set.hidden.users[1]!, set.hidden),
  userCase('within-totals', 'more debt than all have together', set.hiddenDebt.users[1]!, set.hiddenDebt),
];

/** For each check of Gate.io's files: those that it alone refuses. */
export const CASES: readonly Case[] = [...TABLES, ...USERS];

const all = withUser(honest.users[0]!);
/** Nobody holds the last coin, which is called as another one. */
const unused = ((): Files => {
  const { table, list } = makeSet({ accounts: ACCOUNTS.slice(3) });
  return { 'proof.csv': file(table), 'l.json': file(edit(list, ['"usdt"', '"doge"'])) };
})();
/** Files that nothing is wrong with. */
export const HONEST: readonly Call[] = [
  { name: 'a whole publication', files: { ...all, 'bob.json': file(honest.users[1]!) }, circuits: [PIN] },
  { name: 'without a key', files: all },
  { name: 'with a key that takes commitments too', files: all, circuits: [pinOf(KEY, '0000000000000000')] },
  { name: 'with two keys', files: all, circuits: [pinOf(trapdoor(13n)), PIN] },
  { name: 'with a circuit of another kind', files: all, circuits: [{ ...PIN, verifierData: 'ab' }, PIN] },
  { name: 'without a list', files: withoutList(all), circuits: [PIN] },
  { name: 'a customer alone', files: { 'u.json': file(honest.users[2]!) } },
  { name: 'a list alone', files: { 'l.json': file(honest.list) } },
  {
    name: 'two tables and a list of each',
    files: { ...all, 't.csv': file(set.other.table), 'l.json': file(set.other.list) },
    circuits: [PIN],
  },
  {
    name: 'proofs with commitments',
    files: filesOf({ row: (row) => ({ ...row, proof: `${row.proof}00000001${g1Hex(times1(5n), false).repeat(2)}` }) }),
    circuits: [PIN],
  },
  {
    name: 'two tables and a list of one',
    files: { ...filesOf(), 't.csv': file(set.poor.table), 'u.json': file(honest.users[0]!) },
  },
  { name: 'an unused coin of another one\u2019s name', files: unused },
  { name: 'a customer after empty lines', files: { 'u.json': file(`\n\n${honest.users[1]!}`) } },
  { name: 'an account without assets', files: withUser(honest.users[3]!), circuits: [PIN] },
  {
    name: 'proofs of later gnark',
    files: filesOf({ row: (row) => ({ ...row, proof: `${row.proof}${PLAIN_END}` }) }),
    circuits: [PIN],
  },
];
