import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createChecklist } from '../../../src/liabilities/checklist.ts';
import { GATEIO } from '../../../src/liabilities/gateio/format.ts';
import { checkFiles } from '../../../src/liabilities/zkmerkle/check-files.ts';
import { zkmerkle } from '../../../src/liabilities/zkmerkle/format.ts';
import { checkInclusion } from '../../../src/liabilities/zkmerkle/inclusion.ts';
import { keyGiven } from '../../../src/liabilities/zkmerkle/keys.ts';
import type { Json } from '../../../src/lib/json.ts';
import { flipped, leaves, parsed, replaced } from '../okx-zk-v2/json-edit.ts';
import { commitmentKeyTail, keyHex, trapdoor } from '../zkmerkle/groth16-maker.ts';
import { recognised } from '../zkmerkle/tree-maker.ts';
import { KEY, makeSet, SMALL } from './set-maker.ts';

const folder = resolve(import.meta.dirname, '../../../../shared/liabilities/gateio');
const present = existsSync(folder);
const read = (name: string): string => readFileSync(resolve(folder, name), 'utf8');

describe.skipIf(!present)("the exchange's own sample (needs ../shared/liabilities/gateio)", () => {
  const ROOT = '2e7e01ad51d5c668e8d581be83fcfe806644b7c834876d540b188816a67778e6';
  const names = ['proof.csv', 'cex_config.json', 'user_config.json'];
  const files = (chosen: readonly string[]) =>
    recognised('gateio', Object.fromEntries(chosen.map((name) => [name, read(name)])));

  it('is recognised by its content', () => {
    for (const name of names) expect(zkmerkle.recognise(read(name).slice(0, 65_536)), name).toBe('gateio');
    expect(zkmerkle.recognise(read('PoR0612.csv'))).toBeNull();
  });

  it('chain, commitments, totals and inclusion reproduce; without its key the proof stays undecided', async () => {
    const [table, user] = await zkmerkle.check(files(names), { circuits: [] });
    expect(table).toMatchObject({ verdict: 'undecided', grade: 'none', binding: 'none', totals: [], root: ROOT });
    expect(table!.checks.filter(({ status }) => status !== 'pass').map(({ name }) => name)).toEqual(['groth16']);
    expect(table!.uses).toEqual(['cex_config.json']);
    expect(user).toMatchObject({ verdict: 'valid', grade: 'inclusion-only', binding: 'none', root: ROOT });
    expect(user!.checks.every(({ status }) => status === 'pass')).toBe(true);
  });

  it('is undecided in parts: what is missing is named', async () => {
    const lone = async (name: string) => (await zkmerkle.check(files([name]), { circuits: [] }))[0]!;
    for (const name of names) expect((await lone(name)).verdict).toBe('undecided');
    expect((await lone('user_config.json')).checks.at(-1)).toMatchObject({ name: 'root-link', status: 'skipped' });
    expect((await lone('cex_config.json')).checks.at(-1)).toMatchObject({ name: 'asset-totals', status: 'skipped' });
  });

  it('does not hold under another key', async () => {
    const pin = keyGiven(keyHex(KEY), 'not its key');
    if (!pin.ok) throw new Error(pin.error);
    const [table, user] = await zkmerkle.check(files(names), { circuits: [pin.value] });
    expect(table!.checks.at(-1)).toMatchObject({ name: 'groth16', status: 'fail' });
    // Nothing valid is left to judge the customer's file against.
    expect([table!.verdict, user!.verdict]).toEqual(['invalid', 'undecided']);
  });

  it("no change of the customer's file passes, of the siblings a middle one", () => {
    const json = parsed(read('user_config.json'));
    const judge = (changed: Json) => {
      const version = { kind: GATEIO.kind, versions: GATEIO.versions.slice(0, 1) };
      return checkInclusion(GATEIO.readUser(changed), 'u', [], version, createChecklist()).verdict;
    };
    expect(judge(json)).toBe('undecided');
    const tried = [...leaves(json)].filter(({ path }) => path[0] !== 'MerkleProofEncode' || path[1] === 13);
    for (const { path, value } of tried) expect(judge(replaced(json, path, flipped(value)))).toBe('invalid');
  });
});

describe('a whole publication', () => {
  const set = makeSet();
  const given = (hex: string) => {
    const pin = keyGiven(hex, 'test key');
    if (!pin.ok) throw new Error(pin.error);
    return pin.value;
  };
  const all = {
    'u/alice-4711.json': set.users[0]!,
    'proof.csv': set.table,
    'cex_config.json': set.list,
    'u/bob.json': set.users[1]!,
  };

  it('is valid with its key: totals by asset, every customer included', async () => {
    const [alice, table, bob] = await checkFiles(recognised('gateio', all), { circuits: [given(keyHex(KEY))] }, SMALL);
    expect(table).toMatchObject({
      ...{ file: 'proof.csv', verdict: 'valid', grade: 'zk-global', binding: 'per-asset-total', root: set.root },
      uses: ['cex_config.json', 'circuit test key'],
      totals: [
        { asset: 'btc-units', amount: '6' },
        { asset: 'eth-units', amount: '990' },
        { asset: 'doge-units', amount: '10' },
        { asset: 'usdt-units', amount: '74' },
      ],
    });
    for (const user of [alice, bob])
      expect(user).toMatchObject({ verdict: 'valid', grade: 'inclusion-only', root: set.root });
  });

  it.each([800, 350, 10])(
    'is valid too with a circuit of %i assets: of its source now, of its source before, of none known',
    async (slots) => {
      const full = makeSet({ slots });
      const files = { t: full.table, l: full.list, u: full.users[2]! };
      const results = await zkmerkle.check(recognised('gateio', files), { circuits: [given(keyHex(KEY, false))] });
      expect(results.map(({ verdict, root }) => [verdict, root])).toEqual([
        ['valid', full.root],
        ['valid', full.root],
      ]);
    },
  );

  it('without a key proves no totals, and says how to give one', async () => {
    const [, table] = await checkFiles(recognised('gateio', all), { circuits: [] }, SMALL);
    expect(table).toMatchObject({ verdict: 'undecided', totals: [], binding: 'none' });
    expect(table!.checks.at(-1)!.detail).toContain('--circuit');
  });

  it('leaves nothing of a customer in the results: no id, no amount, no path, no file name', async () => {
    for (const circuits of [[given(keyHex(KEY))], []]) {
      for (const user of [
        set.users[0]!,
        set.users[0]!.replace('"Debt":1', '"Debt":2'),
        set.users[0]!.replace('"Arr', '"arr'),
      ]) {
        const files = { ...all, 'u/alice-4711.json': user };
        const results = await checkFiles(recognised('gateio', files), { circuits }, SMALL);
        const text = JSON.stringify(results.filter(({ file }) => file !== 'proof.csv'));
        const json = JSON.parse(user) as {
          UniqueIdentification: string;
          TotalAssetEquity: number;
          MerkleProofEncode: string[];
        };
        for (const secret of [
          json.UniqueIdentification,
          `${json.TotalAssetEquity}`,
          ...json.MerkleProofEncode,
          'alice',
          'bob',
        ])
          expect(text).not.toContain(secret);
      }
    }
  });

  it('two rounds in one call go each with its own list and customers', async () => {
    const other = makeSet({
      accounts: [
        { id: 9n, holdings: [[1, 4n, 0n]] },
        { id: 8n, holdings: [[0, 1n, 0n]] },
        { id: 7n, holdings: [] },
        { id: 6n, holdings: [] },
      ],
    });
    const files = { a: set.table, b: other.table, c: set.list, d: other.list, e: set.users[0]!, f: other.users[0]! };
    const [a, b, e, f] = await checkFiles(recognised('gateio', files), { circuits: [given(keyHex(KEY))] }, SMALL);
    expect([a, b, e, f].map((entry) => [entry!.verdict, entry!.uses[0]])).toEqual([
      ['valid', 'c'],
      ['valid', 'd'],
      ['valid', 'a'],
      ['valid', 'b'],
    ]);
    const without = await checkFiles(
      recognised('gateio', { a: set.table, b: other.table, d: other.list }),
      { circuits: [] },
      SMALL,
    );
    expect(without.map(({ verdict }) => verdict)).toEqual(['undecided', 'undecided']);
  });

  it('a list that no table of the call commits to has an entry of its own', async () => {
    const stranger = makeSet({ prices: [1n, 2n] });
    const files = { a: set.table, b: set.list, c: stranger.list };
    const results = await checkFiles(recognised('gateio', files), { circuits: [given(keyHex(KEY))] }, SMALL);
    expect(results.map(({ file, verdict }) => [file, verdict])).toEqual([
      ['a', 'valid'],
      ['c', 'undecided'],
    ]);
  });

  it('names of coins may be in any script, and are shown escaped', async () => {
    const list = set.list.replace('"btc"', '"币安人生"').replace('"eth"', '"e\\u202eth"');
    const files = { t: set.table, l: list };
    const [table] = await checkFiles(recognised('gateio', files), { circuits: [given(keyHex(KEY))] }, SMALL);
    expect(table!.totals.map(({ asset }) => asset).slice(0, 2)).toEqual(['币安人生-units', 'e\\u{202E}th-units']);
  });

  it('lists are compared up to a number', async () => {
    const files = Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`l${i}`, set.list]));
    const results = await checkFiles(recognised('gateio', files), { circuits: [] }, SMALL);
    expect(results).toHaveLength(65);
    expect(results.at(-1)!.checks).toMatchObject([{ name: 'file', status: 'skipped' }]);
  });

  it('a key with commitments fits no proof of this exchange', async () => {
    const key = given(keyHex(trapdoor(11n, 3), true, { tail: commitmentKeyTail() }));
    const [, table] = await checkFiles(recognised('gateio', all), { circuits: [key] }, SMALL);
    expect(table!.checks.at(-1)).toMatchObject({ name: 'groth16-key', status: 'fail' });
  });

  it('is read with a byte order mark, CRLF and blank lines too', async () => {
    const files = { a: `\uFEFF${set.table.replaceAll('\n', '\r\n')}\r\n\r\n`, b: `\uFEFF\n ${set.list}` };
    const [table] = await checkFiles(recognised('gateio', files), { circuits: [given(keyHex(KEY))] }, SMALL);
    expect(table!.verdict).toBe('valid');
  });
});
