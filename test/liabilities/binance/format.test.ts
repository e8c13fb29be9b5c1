import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BINANCE } from '../../../src/liabilities/binance/format.ts';
import { createChecklist } from '../../../src/liabilities/checklist.ts';
import { checkFiles } from '../../../src/liabilities/zkmerkle/check-files.ts';
import { zkmerkle } from '../../../src/liabilities/zkmerkle/format.ts';
import { checkTable, type TableLink } from '../../../src/liabilities/zkmerkle/global.ts';
import { checkInclusion } from '../../../src/liabilities/zkmerkle/inclusion.ts';
import { readTable } from '../../../src/liabilities/zkmerkle/table.ts';
import { splitCells } from '../../../src/lib/csv-cells.ts';
import type { Json } from '../../../src/lib/json.ts';
import { flipped, kindOf, leaves, parsed, replaced } from '../okx-zk-v2/json-edit.ts';
import { fileOf, recognised } from '../zkmerkle/tree-maker.ts';
import { makeSet, SMALL } from './set-maker.ts';

/** What nothing of the publication binds: docs/liabilities/binance.md lists the same. */
const UNBOUND = {
  list: ['AssetsCountTiers.*', 'CexAssetsInfo.*.Symbol', 'ProofTable', 'ZkKeyName.*'],
  /** The points of a proof are only read, as the proofs themselves cannot be checked. */
  table: ['assets_count', 'id'],
};
const folder = resolve(import.meta.dirname, '../../../../shared/liabilities/binance');
const present = existsSync(folder);
const read = (name: string): string => readFileSync(resolve(folder, name), 'utf8');

describe.skipIf(!present)("the exchange's own sample (needs ../shared/liabilities/binance)", () => {
  it.each(['user_config.json', 'readme_user_config.json'])(
    '%s is made by the rules of a draft, and leads to its root: alone it is undecided',
    async (name) => {
      expect(zkmerkle.recognise(read(name))).toBe('binance');
      const [user] = await zkmerkle.check(recognised('binance', { [name]: read(name) }), { circuits: [] });
      expect(user).toMatchObject({ kind: 'binance', verdict: 'undecided' });
      expect(user!.checks.at(-1)).toMatchObject({ name: 'root-link', status: 'skipped' });
      expect(user!.caveats.join(' ')).toContain('draft of July 2024');
      // No number of it is rounded: one unit more leads elsewhere.
      const more = read(name).replace(/("TotalEquity": ?\d+)0\b/, '$11');
      expect(more).not.toBe(read(name));
      const [other] = await zkmerkle.check(recognised('binance', { [name]: more }), { circuits: [] });
      expect(other!.checks.at(-1)).toMatchObject({ name: 'path', status: 'fail' });
    },
  );
  it('verifier_config.json has no collateral: a list of the rounds until 2024-09, undecided without their table', async () => {
    const [list] = await zkmerkle.check(recognised('binance', { l: read('verifier_config.json') }), { circuits: [] });
    expect(list).toMatchObject({ verdict: 'undecided', grade: 'none', totals: [] });
    expect(list!.checks.at(-1)).toMatchObject({ name: 'asset-totals', status: 'skipped' });
  });
});

describe('a whole publication', () => {
  const set = makeSet();
  const files = {
    'proof.csv': set.table,
    'config.json': set.list,
    'alice.json': set.users[0]!,
    'bob.json': set.users[1]!,
  };

  it('is recognised, apart from the family of the other exchange', () => {
    for (const text of Object.values(files)) {
      expect(zkmerkle.recognise(text)).toBe('binance');
    }
  });

  it('fits together; its proofs stay undecided with the reason', async () => {
    for (const layout of ['one-root', 'two-roots'] as const) {
      const { table, list, users, root } = makeSet({ layout });
      const all = { 'proof.csv': table, 'config.json': list, 'alice.json': users[0]!, 'bob.json': users[1]! };
      const [proof, alice, bob] = await checkFiles(recognised('binance', all), { circuits: [] }, SMALL);
      expect(proof).toMatchObject({ verdict: 'undecided', grade: 'none', binding: 'none', totals: [], root });
      expect(proof!.checks.filter(({ status }) => status !== 'pass')).toMatchObject([
        { name: 'groth16', status: 'skipped' },
      ]);
      expect(proof!.checks.at(-1)!.detail).toContain('commitments');
      for (const user of [alice, bob]) expect(user).toMatchObject({ verdict: 'valid', grade: 'inclusion-only', root });
    }
  });

  it('with the circuits of full size too', async () => {
    const [user] = await zkmerkle.check(recognised('binance', { u: set.users[0]! }), { circuits: [] });
    expect(user!.verdict).toBe('undecided');
    expect(user!.checks.at(-1)).toMatchObject({ name: 'root-link', status: 'skipped' });
  });

  it('a customer of the draft of July 2024 is included by its rules, which a note names', async () => {
    const { table, list, users } = makeSet({ draft: true });
    const files = { 't.csv': table, 'l.json': list, 'u.json': users[0]! };
    const judge = (changed: Readonly<Record<string, string>> = {}) =>
      checkFiles(recognised('binance', { ...files, ...changed }), { circuits: [] }, SMALL);
    const [, user] = await judge();
    expect(user).toMatchObject({ verdict: 'valid', grade: 'inclusion-only' });
    expect(user!.caveats.join(' ')).toContain('draft of July 2024');
    for (const [from, to] of [
      ['"VipLoan":10', '"VipLoan":11'],
      ['"Debt":20', '"Debt":21'],
      ['"Index":1', '"Index":2'],
    ]) {
      const other = users[0]!.replace(from!, to!);
      expect(other).not.toBe(users[0]);
      expect((await judge({ 'u.json': other }))[1]!.verdict).toBe('invalid');
    }
    const [, now] = await checkFiles(
      recognised('binance', { t: set.table, u: set.users[0]! }),
      { circuits: [] },
      SMALL,
    );
    expect(now!.caveats.join(' ')).not.toContain('draft');
  });

  it('an account of more than 50 assets is filled up to 500', async () => {
    const holdings = Array.from({ length: 51 }, (_, at) => ({
      Index: at + 3,
      Equity: 1,
      Debt: 0,
      Loan: 0,
      Margin: 0,
      PortfolioMargin: 0,
    }));
    const user = JSON.parse(set.users[0]!) as Record<string, unknown>;
    const read = BINANCE.readUser(parsed(JSON.stringify({ ...user, Assets: holdings })));
    const fewer = BINANCE.readUser(parsed(JSON.stringify({ ...user, Assets: holdings.slice(1) })));
    if (typeof read === 'string' || typeof fewer === 'string') throw new Error('unreadable');
    expect(read.leaf({ slots: 500 })).not.toBe(fewer.leaf({ slots: 500 }));
  });

  it("a customer's file of the layout until 2024-09 is left undecided, and still not named", async () => {
    const old = set.users[0]!.replace(/"TotalCollateral":\d+,/, '');
    const [user] = await checkFiles(recognised('binance', { 'alice.json': old }), { circuits: [] }, SMALL);
    expect(user).toMatchObject({ file: 'inclusion file 1', verdict: 'undecided' });
  });

  it('leaves nothing of a customer in the results', async () => {
    for (const user of [set.users[0]!, set.users[0]!.replace('"Debt":20', '"Debt":21')]) {
      const results = await checkFiles(
        recognised('binance', { ...files, 'alice.json': user }),
        { circuits: [] },
        SMALL,
      );
      const text = JSON.stringify(results.filter(({ file }) => file !== 'proof.csv'));
      const json = JSON.parse(user) as { AccountIdHash: string; TotalEquity: number; Proof: string[] };
      for (const secret of [json.AccountIdHash, `${json.TotalEquity}`, ...json.Proof, 'alice', 'bob'])
        expect(text).not.toContain(secret);
    }
  });
});

describe('one element changed in every field', () => {
  const set = makeSet();
  async function judge(text: string, list: Json) {
    const table = await readTable(fileOf('proof.csv', text));
    const read = SMALL.readList(list, 'config.json');
    return table.ok && typeof read !== 'string' ? checkTable('proof.csv', table.value, [read], [], SMALL) : null;
  }

  it('of the list of assets: nothing passes but what the format does not bind', async () => {
    const json = parsed(set.list);
    expect((await judge(set.table, json))!.check.verdict).toBe('undecided');
    const passed = new Set<string>();
    for (const { path, value } of leaves(json)) {
      // Steps that are not used repeat each other: two of them, and all that are used.
      if (path[2]?.toString().endsWith('Ratios') && (path[3] as number) > 4) continue;
      if ((await judge(set.table, replaced(json, path, flipped(value))))?.check.verdict === 'undecided')
        passed.add(kindOf(path));
    }
    expect([...passed].sort()).toEqual(UNBOUND.list);
  });

  it('of the table: nothing passes but columns that are not used', async () => {
    const json = parsed(set.list);
    const lines = set.table.split('\n');
    const header = splitCells(lines[0]!);
    if (!header.ok) throw new Error(header.error);
    const passed = new Set<string>();
    for (const row of [1, 2])
      for (const [column, name] of header.value.entries()) {
        const cells = splitCells(lines[row]!);
        if (!cells.ok) throw new Error(cells.error);
        const text = cells.value[column]!;
        for (let at = 0; at < text.length; at += name === 'proof_info' ? 31 : 7) {
          const changed = [...cells.value];
          changed[column] = text.slice(0, at) + (text[at] === '1' ? '2' : '1') + text.slice(at + 1);
          const line = changed.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',');
          const all = lines.map((kept, i) => (i === row ? line : kept)).join('\n');
          if ((await judge(all, json))?.check.verdict === 'undecided') passed.add(name);
        }
      }
    expect([...passed].sort()).toEqual(UNBOUND.table);
  });

  it("of a customer's file: nothing passes", async () => {
    const { link } = (await judge(set.table, parsed(set.list)))!;
    const links: readonly TableLink[] = [link!];
    for (const user of set.users) {
      const json = parsed(user);
      const verdict = (changed: Json) =>
        checkInclusion(SMALL.readUser(changed), 'u', links, SMALL, createChecklist()).verdict;
      expect(verdict(json)).toBe('valid');
      const tried = [...leaves(json)].filter(({ path }) => path[0] !== 'Proof' || (path[1] as number) % 9 === 0);
      for (const { path, value } of tried) {
        expect(verdict(replaced(json, path, flipped(value))), kindOf(path)).toBe('invalid');
        if (path[0] !== 'TotalCollateral')
          expect(verdict(replaced(json, path, undefined)), `without ${kindOf(path)}`).toBe('invalid');
      }
    }
  });
});

describe('hostile files end in a verdict that is not valid', () => {
  const { users, list, table } = makeSet();
  const user = users[0]!;
  it.each([
    ['nothing', ''],
    ['a truncated customer file', user.slice(0, -9)],
    ['a truncated list', list.slice(0, 900)],
    ['a truncated table', table.slice(0, -400)],
    ['one root without positions', table.replace('"min_account_index"', '"other"')],
    ['positions that are none', table.replace('"0","1","50"', '"-1","1","50"')],
    ['another number of roots', makeSet({ row: (row, i) => (i === 0 ? row : { ...row, roots: [1n, 2n] }) }).table],
    ['deep nesting', `{"CexAssetsInfo":${'{"a":'.repeat(50_000)}`],
    ['tables of 11 steps', list.replace(/,\{"BoundaryValue":\d+,"Ratio":0,"PrecomputedValue":\d+\}\]/, ']')],
    ['too many assets', `{"ProofTable":"","CexAssetsInfo":[${'{},'.repeat(600)}{}]}`],
    ['positions far away', user.replace('"Index":1,', '"Index":65535,')],
    ['positions in another order', user.replace('"Index":0,', '"Index":2,')],
    ['wrong types', user.replace(/"Assets":\[.*?\]/, '"Assets":{"length":1}')],
    ['a siblings text', user.replace(/"Proof":\[.*?\]/, `"Proof":"${'A'.repeat(2000)}"`)],
  ])('%s', async (_name, text) => {
    const [alone] = await checkFiles(recognised('binance', { x: text }), { circuits: [] }, SMALL);
    expect(alone!.verdict).not.toBe('valid');
    const files = { x: text, 'proof.csv': table, 'config.json': list };
    const beside = await checkFiles(recognised('binance', files), { circuits: [] }, SMALL);
    for (const check of beside) expect(check.verdict).not.toBe('valid');
  });
});
