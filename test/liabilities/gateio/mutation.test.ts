import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createChecklist } from '../../../src/liabilities/checklist.ts';
import { GATEIO } from '../../../src/liabilities/gateio/format.ts';
import { checkFiles } from '../../../src/liabilities/zkmerkle/check-files.ts';
import { checkTable, type TableLink } from '../../../src/liabilities/zkmerkle/global.ts';
import { checkInclusion } from '../../../src/liabilities/zkmerkle/inclusion.ts';
import { keyGiven, keysOf } from '../../../src/liabilities/zkmerkle/keys.ts';
import { readTable } from '../../../src/liabilities/zkmerkle/table.ts';
import { splitCells } from '../../../src/lib/csv-cells.ts';
import type { Json } from '../../../src/lib/json.ts';
import { flipped, kindOf, leaves, parsed, replaced } from '../okx-zk-v2/json-edit.ts';
import { keyHex } from '../zkmerkle/groth16-maker.ts';
import { fileOf, recognised } from '../zkmerkle/tree-maker.ts';
import { KEY, makeSet, SMALL } from './set-maker.ts';

/** What nothing of the publication binds: docs/liabilities/gateio.md lists the same. */
const UNBOUND = {
  list: ['CexAssetsInfo.*.Symbol', 'ProofCsv', 'ZkKeyVKDirectoryAndPrefix'],
  table: ['created_at', 'id'],
};
const set = makeSet();
const given = keyGiven(keyHex(KEY), 'test key');
if (!given.ok) throw new Error(given.error);
const keys = keysOf([given.value]);

async function tableOf(text: string) {
  const table = await readTable(fileOf('proof.csv', text));
  return table.ok ? table.value : null;
}
async function judge(text: string, list: Json) {
  const table = await tableOf(text);
  const read = SMALL.readList(list, 'cex_config.json');
  if (table === null || typeof read === 'string') return null;
  return checkTable('proof.csv', table, [read], keys, SMALL);
}

describe('one element changed in every field', () => {
  it('of the list of assets: nothing passes but what the format does not bind', async () => {
    const json = parsed(set.list);
    expect((await judge(set.table, json))!.check.verdict).toBe('valid');
    const passed = new Set<string>();
    for (const { path, value } of leaves(json)) {
      if ((await judge(set.table, replaced(json, path, flipped(value))))?.check.verdict === 'valid')
        passed.add(kindOf(path));
      const without = (await judge(set.table, replaced(json, path, undefined)))?.check.verdict;
      if (without === 'valid') expect(UNBOUND.list, `without ${kindOf(path)}`).toContain(kindOf(path));
    }
    expect([...passed].sort()).toEqual(UNBOUND.list);
  });

  it('of the table: nothing passes but columns that the format does not use', async () => {
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
        // In each cell every seventh letter, so that every part of every hash and point is hit.
        for (let at = 0; at < text.length; at += name === 'proof_info' ? 23 : 7) {
          const other = text[at] === '1' ? '2' : '1';
          const changed = [...cells.value];
          changed[column] = text.slice(0, at) + other + text.slice(at + 1);
          const line = changed.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',');
          const all = lines.map((kept, i) => (i === row ? line : kept)).join('\n');
          if ((await judge(all, json))?.check.verdict === 'valid') passed.add(name);
        }
      }
    expect([...passed].sort()).toEqual(UNBOUND.table);
  });

  it('rows in another order are the same table; a row less or twice is not', async () => {
    const json = parsed(set.list);
    const [header, first, second] = set.table.split('\n') as [string, string, string];
    const verdict = async (...rows: string[]) => (await judge([header, ...rows].join('\n'), json))?.check.verdict;
    expect(await verdict(second, first)).toBe('valid');
    expect(await verdict(first)).toBe('invalid');
    expect(await verdict(second)).toBe('invalid');
    expect(await verdict(first, second, second)).toBe('invalid');
  });

  it("of a customer's file: nothing passes", async () => {
    const { link } = (await judge(set.table, parsed(set.list)))!;
    const links: readonly TableLink[] = [link!];
    for (const user of set.users) {
      const json = parsed(user);
      const verdict = (changed: Json) =>
        checkInclusion(SMALL.readUser(changed), 'u', links, SMALL, createChecklist()).verdict;
      expect(verdict(json)).toBe('valid');
      for (const { path, value } of leaves(json)) {
        expect(verdict(replaced(json, path, flipped(value))), kindOf(path)).toBe('invalid');
        expect(verdict(replaced(json, path, undefined)), `without ${kindOf(path)}`).toBe('invalid');
      }
    }
  });

  it('of the key: no other key takes the proofs', async () => {
    const hex = keyHex(KEY);
    const table = await tableOf(set.table);
    const list = SMALL.readList(parsed(set.list), 'l');
    if (table === null || typeof list === 'string') throw new Error('unreadable');
    for (let at = 1; at < hex.length; at += 57) {
      const other = hex.slice(0, at) + (hex[at] === '1' ? '2' : '1') + hex.slice(at + 1);
      const pin = keyGiven(other, 'other');
      if (pin.ok)
        expect(checkTable('t', table, [list], keysOf([pin.value]), SMALL).check.verdict, `${at}`).toBe('invalid');
    }
  });
});

describe('hostile files end in a verdict that is not valid', () => {
  const user = set.users[0]!;
  const hostile: readonly (readonly [string, string])[] = [
    ['nothing', ''],
    ['a truncated customer file', user.slice(0, user.length / 2)],
    ['a truncated list', set.list.slice(0, -20)],
    ['a truncated table', set.table.slice(0, -700)],
    ['a table without rows', set.table.split('\n')[0]!],
    ['a table without a column', set.table.replace('"batch_commitment"', '"other"')],
    ['a table with a column twice', set.table.replace('"created_at"', '"proof_info"')],
    ['a table with NUL', set.table.replace('"0"', '"\u0000"')],
    ['a table with three roots', set.table.replace('[""', '[""AAAA"",""')],
    ['deep nesting', `{"AssetDetails":${'['.repeat(100_000)}`],
    ['a list within a cell, deeply', set.table.replace('"[""', `"${'['.repeat(4000)}""`)],
    ['huge numbers', user.replace(/"TotalAssetEquity":\d+/, `"TotalAssetEquity":1${'0'.repeat(100_000)}`)],
    ['exponents', user.replace(/"TotalAssetEquity":\d+/, '"TotalAssetEquity":1e400')],
    ['negative amounts', user.replace('"Debt":1', '"Debt":-1')],
    ['decimals', user.replace('"Debt":1', '"Debt":1.0')],
    ['text for a number', user.replace('"Debt":1', '"Debt":"1"')],
    ['too many assets', user.replace('[{', `[${'{"Index":1,"Equity":1,"Debt":1},'.repeat(801)}{`)],
    ['too many siblings', user.replace('Encode":["', `Encode":["${'A'.repeat(43)}=","`)],
    ['a prototype', user.replace('"Arrangement":0', '"__proto__":{"Arrangement":0}')],
    ['a repeated key', user.replace('{', '{"Arrangement":1,')],
    ['an empty list', '{"CexAssetsInfo":[],"ProofCsv":""}'],
    ['places twice', set.list.replace('"Index":1', '"Index":0')],
    ['a place far away', set.list.replace('"Index":1', '"Index":4000000000')],
    ['a symbol that draws', set.list.replace('"btc"', '"btc\\u202e"')],
  ];
  it.each(hostile)('%s', async (_name, text) => {
    const alone = await checkFiles(recognised('gateio', { x: text }), { circuits: [given.value] }, SMALL);
    expect(alone).toHaveLength(1);
    expect(alone[0]!.verdict).not.toBe('valid');
    // Beside good files it changes nothing for them, and is not valid itself.
    const files = { x: text, 'proof.csv': set.table, 'cex_config.json': set.list };
    const beside = await checkFiles(recognised('gateio', files), { circuits: [] }, SMALL);
    expect(beside.find(({ file }) => file === 'proof.csv')!.verdict).toBe('undecided');
    for (const check of beside) expect(check.verdict).not.toBe('valid');
  });

  it('an oversized table is refused before it is read', async () => {
    const file = { ...fileOf('t', set.table), bytes: 2 ** 40 };
    file.readLines = () => {
      throw new Error('was read');
    };
    expect(await readTable(file)).toMatchObject({ ok: false });
  });

  it('a list of more assets than the circuit has is not compared', async () => {
    const wide = { ...GATEIO, versions: [{ ...SMALL.versions[0]!, slots: 3 }] };
    const files = { 'proof.csv': set.table, 'cex_config.json': set.list };
    const [table] = await checkFiles(recognised('gateio', files), { circuits: [] }, wide);
    expect(table!.verdict).toBe('invalid');
  });
});

describe('anything else', () => {
  const texts = [set.users[1]!, set.list, set.table];
  it('cut, repeated and mixed pieces of good files never throw, and prove nothing new', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(2),
        fc.nat(2),
        fc.array(fc.tuple(fc.nat(), fc.nat(60), fc.nat()), { minLength: 1, maxLength: 4 }),
        async (from, into, pieces) => {
          let text = texts[into]!;
          for (const [start, length, place] of pieces) {
            const source = texts[from]!;
            const piece = source.slice(start % source.length, (start % source.length) + length);
            const at = place % text.length;
            text = text.slice(0, at) + piece + text.slice(at + (place % 2 === 0 ? length : 0));
          }
          const files = { x: text, t: set.table, l: set.list };
          const results = await checkFiles(recognised('gateio', files), { circuits: [] }, SMALL);
          expect(results.find(({ file }) => file === 't')!.verdict).toBe('undecided');
          const own = results.find(({ file }) => file === 'x' || file === 'inclusion file 1');
          if (own?.verdict === 'valid') expect(parsed(text)).toMatchObject({ Arrangement: parsed('1') });
        },
      ),
      { numRuns: 150, seed: 7 },
    );
  });
});
