import { describe, expect, it } from 'vitest';
import { poseidon } from '../../../src/liabilities/bn254/poseidon.ts';
import { R } from '../../../src/liabilities/bn254/scalar.ts';
import type { LiabilityCheck } from '../../../src/liabilities/types.ts';
import { checkFiles } from '../../../src/liabilities/zkmerkle/check-files.ts';
import { keyGiven } from '../../../src/liabilities/zkmerkle/keys.ts';
import { keyHex, proofHex, strayG2Hex, type Trapdoor, trapdoor } from '../zkmerkle/groth16-maker.ts';
import { recognised } from '../zkmerkle/tree-maker.ts';
import { ACCOUNTS, type Cheat, KEY, makeSet, type Row, SMALL } from './set-maker.ts';

const pinOf = (t: Trapdoor) => {
  const pin = keyGiven(keyHex(t), 'test key');
  if (!pin.ok) throw new Error(pin.error);
  return pin.value;
};
const PIN = pinOf(KEY);
type Files = Readonly<Record<string, string>>;
const run = async (files: Files, off: readonly string[] = [], circuits = [PIN]): Promise<readonly LiabilityCheck[]> =>
  checkFiles(recognised('gateio', files), { circuits }, SMALL, new Set(off));
const failing = ({ checks }: LiabilityCheck) =>
  checks.filter(({ status }) => status === 'fail').map(({ name }) => name);

/** The file of that place is refused by this check alone: without it, it gets `otherwise`. */
async function onlyCaughtBy(name: string, files: Files, place: number, otherwise = 'valid', circuits = [PIN]) {
  const refused = (await run(files, [], circuits))[place]!;
  expect(failing(refused)).toEqual([name]);
  expect(refused).toMatchObject({ verdict: 'invalid', grade: 'none', binding: 'none', totals: [], root: null });
  expect((await run(files, [name], circuits))[place]!.verdict).toBe(otherwise);
}

const filesOf = (cheat: Cheat = {}): Files => {
  const { table, list } = makeSet(cheat);
  return { 'proof.csv': table, 'cex_config.json': list };
};
/** A row whose hash and proof fit what was changed in it. */
const resealed = (row: Row): Row => {
  const commitment = poseidon([...row.roots, row.before, row.after]);
  return { ...row, commitment, proof: proofHex(KEY, commitment) };
};
const inRow = (place: number, change: (row: Row) => Row): Cheat => ({
  row: (row, i) => (i === place ? change(row) : row),
});

describe('each check of the table matters', () => {
  const table: readonly (readonly [string, Cheat])[] = [
    ['batch-numbers', inRow(1, (row) => ({ ...row, batch: '2' }))],
    ['batch-numbers', inRow(1, (row) => ({ ...row, batch: '0' }))],
    ['canonical', inRow(1, (row) => ({ ...row, roots: [row.roots[0]!, row.roots[1]! + R] }))],
    ['asset-chain', inRow(1, (row) => resealed({ ...row, before: 5n }))],
    ['root-start', { rootStart: 5n }],
    ['root-chain', inRow(1, (row) => resealed({ ...row, roots: [5n, row.roots[1]!] }))],
    ['batch-commitment', inRow(0, (row) => ({ ...row, commitment: 5n, proof: proofHex(KEY, 5n) }))],
    ['asset-start', { start: 5n }],
    [
      'asset-amounts',
      {
        extra: [
          [0n, 0n],
          [1n << 65n, 0n],
        ],
      },
    ],
    ['asset-debts', { extra: [[0n, 100n]] }],
    ['groth16', { trapdoor: trapdoor(12n) }],
    ['groth16', inRow(1, (row) => ({ ...row, proof: proofHex(KEY, row.commitment + 1n) }))],
  ];
  it.each(table)('%s', async (name, cheat) => {
    await onlyCaughtBy(name, filesOf(cheat), 0);
  });

  it('proof-points: without it a point outside the subgroup would only leave the proof undecided', async () => {
    const stray = inRow(1, (row) => ({ ...row, proof: row.proof.slice(0, 128) + strayG2Hex() + row.proof.slice(384) }));
    await onlyCaughtBy('proof-points', filesOf(stray), 0, 'undecided');
  });

  it('asset-totals: a list that says less than the table commits to', async () => {
    const files = filesOf();
    const less = files['cex_config.json']!.replace('"TotalEquity":1000,', '"TotalEquity":999,');
    expect(less).not.toBe(files['cex_config.json']);
    await onlyCaughtBy('asset-totals', { ...files, 'cex_config.json': less }, 0);
  });

  it('asset-names: two coins under one name', async () => {
    const files = filesOf();
    const twice = files['cex_config.json']!.replace('"Symbol":"eth"', '"Symbol":"BTC"');
    await onlyCaughtBy('asset-names', { ...files, 'cex_config.json': twice }, 0);
  });

  it('groth16-key: a key of a circuit with more public inputs', async () => {
    const more = trapdoor(11n, 3);
    const files = filesOf({ trapdoor: more });
    await onlyCaughtBy('groth16-key', files, 0, 'valid', [pinOf(more)]);
  });
});

describe("each check of a customer's file matters", () => {
  const honest = makeSet();
  const edit = (user: string, ...changes: readonly (readonly [string | RegExp, string])[]): string =>
    changes.reduce((text, [from, to]) => {
      const changed = text.replace(from, to);
      expect(changed).not.toBe(text);
      return changed;
    }, user);
  const withUser = (user: string, { table, list } = honest): Files => ({
    'proof.csv': table,
    'cex_config.json': list,
    'user_config.json': user,
  });
  const at = async (name: string, user: string, set = honest) => onlyCaughtBy(name, withUser(user, set), 1);

  it('asset-order', async () => {
    const [first, second] = ['{"Index":0,"Equity":5,"Debt":1}', '{"Index":2,"Equity":9,"Debt":0}'];
    await at('asset-order', edit(honest.users[0]!, [`${first},${second}`, `${second},${first}`]));
  });
  it('amounts: two of one packed number traded against each other', async () => {
    const swapped = edit(honest.users[0]!, ['"Equity":9,"Debt":0', '"Equity":8,"Debt":18446744073709551616']);
    await onlyCaughtBy('amounts', { 'proof.csv': honest.table, 'user_config.json': swapped }, 1);
  });
  it('solvent', async () => {
    const poor = makeSet({ accounts: [...ACCOUNTS, { id: 106n, holdings: [[1, 0n, 5n]] }] });
    await at('solvent', poor.users[5]!, poor);
  });
  it('canonical', async () => {
    const twin = (101n + R).toString(16).padStart(64, '0');
    await at(
      'canonical',
      edit(honest.users[0]!, [/"UniqueIdentification":"[^"]*"/, `"UniqueIdentification":"${twin}"`]),
    );
  });
  it('position', async () => {
    await at('position', edit(honest.users[0]!, ['"Arrangement":0', `"Arrangement":${2 ** 28}`]));
  });
  it('path', async () => {
    await at(
      'path',
      edit(honest.users[1]!, ['"Equity":1000', '"Equity":900'], ['"TotalAssetEquity":7000', '"TotalAssetEquity":6300']),
    );
  });
  it('root-link', async () => {
    const other = makeSet({ accounts: [...ACCOUNTS, { id: 107n, holdings: [] }] });
    await at('root-link', honest.users[0]!, other);
  });
  it('user-totals', async () => {
    const odd = makeSet({ accounts: [{ id: 101n, holdings: [[0, 5n, 0n]], equity: 499n }] });
    await onlyCaughtBy('user-totals', withUser(odd.users[0]!, odd), 1);
  });
  it('within-totals', async () => {
    const hidden = makeSet({
      extra: [
        [0n, 0n],
        [-500n, 0n],
      ],
    });
    await at('within-totals', hidden.users[1]!, hidden);
  });
});
