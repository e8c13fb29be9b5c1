import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createChecklist } from '../../../src/liabilities/checklist.ts';
import { rebuildTree } from '../../../src/liabilities/merkle/tree.ts';
import { treeEntry } from '../../../src/liabilities/merkle/tree-entry.ts';
import type { TreeFormat } from '../../../src/liabilities/merkle/tree-format.ts';
import { createBitmexTree } from '../../../src/liabilities/merkle/trees/bitmex.ts';
import { createOkxTree } from '../../../src/liabilities/merkle/trees/okx-v2.ts';
import type { LiabilityKind } from '../../../src/liabilities/types.ts';
import { flipped, kindOf, leaves, parsed, replaced } from '../okx-zk-v2/json-edit.ts';
import { call, failing, memoryFile, printJson, SKIP_REASON, sample, samplesPresent } from './call.ts';
import { bitmexFile, leafListFile, okxV2Files, okxV2Tree, sha } from './generate.ts';
import { amountsOf, generated, leaf, zeros } from './tree-cases.ts';

async function check(kind: LiabilityKind, text: string, disabled: readonly string[] = []) {
  return treeEntry(memoryFile('tree', text), kind, new Map(), [], createChecklist(new Set(disabled)));
}

describe('OKX full trees', () => {
  it('of any number of leaves are rebuilt, padded or not, with their exact totals', async () => {
    for (let count = 3; count < 70; count += 1) {
      const { tree, users } = generated(count);
      const [entry, user] = await call({ 'tree.txt': tree, 'user.json': users[0] });
      expect(failing(entry), `${count} leaves`).toEqual([]);
      expect(entry).toMatchObject({ verdict: 'valid', grade: 'sum-tree', binding: 'per-asset-total' });
      expect(user).toMatchObject({ verdict: 'valid', grade: 'inclusion-only', uses: ['tree.txt'], totals: [] });
    }
  });

  it('whose parents are all one line are rebuilt', async () => {
    for (let count = 2; count < 40; count += 1)
      expect((await check('okx-merkle-v2', zeros(count))).verdict).toBe('valid');
  });

  it('add up exactly what their sums cut', async () => {
    const amounts: [string, string, string][] = [
      ['0.000000019', '1', '123456789012345678901234567890.1'],
      ['0.000000019', '2', '1'],
      ['1', '3.999999999', '0'],
    ];
    const entry = await check('okx-merkle-v2', okxV2Files(amounts, [1, 2]).tree);
    expect(entry.totals).toMatchObject([
      { asset: 'BTC', amount: '1.000000038' },
      { asset: 'ETH', amount: '6.999999999' },
      { asset: 'USDT', amount: '123456789012345678901234567891.1' },
    ]);
    expect(entry.caveats.join(' ')).toContain('more than 8 decimals');
    expect(entry.totals.map(({ unit, decimals }) => [unit, decimals])).toEqual(Array(3).fill(['coins', 0]));
  });

  it('of arbitrary amounts have the totals that bigints give', async () => {
    const units = fc.bigInt({ min: 0n, max: 10n ** 24n });
    await fc.assert(
      fc.asyncProperty(fc.array(units, { minLength: 2, maxLength: 40 }), async (values) => {
        const text = (value: bigint): string => {
          const digits = value.toString().padStart(9, '0');
          return `${digits.slice(0, -8)}.${digits.slice(-8)}`;
        };
        const leaves = values.map((value, at) => ({ hash: sha(`${at}`), amounts: [text(value), '0', '0.10'] }));
        const entry = await check('okx-merkle-v2', okxV2Tree(leaves));
        expect(failing(entry)).toEqual([]);
        const total = values.reduce((a, b) => a + b, 0n);
        expect(entry.totals[0]?.amount).toBe(text(total).replace(/\.?0+$/, ''));
      }),
      { numRuns: 60 },
    );
  });

  it('notice any changed character of any line', async () => {
    const text = generated(11).tree;
    for (let at = 0; at < text.length; at += 1) {
      const old = text[at]!;
      const other = old === '1' ? '2' : '1';
      const entry = await check('okx-merkle-v2', text.slice(0, at) + other + text.slice(at + 1));
      expect(entry.verdict, `character ${at} ${old}`).toBe('invalid');
      expect(failing(entry)).toHaveLength(1);
    }
  });

  it('notice lines left out, doubled, swapped, cut, or followed by more', async () => {
    const lines = generated(11).tree.split('\n');
    for (let at = 0; at < lines.length; at += 1) {
      for (const changed of [
        lines.filter((_, i) => i !== at),
        [...lines.slice(0, at), lines[at]!, ...lines.slice(at)],
        lines.slice(0, at),
        ...(at > 0 && lines[at] !== lines[at - 1]
          ? [[...lines.slice(0, at - 1), lines[at]!, lines[at - 1]!, ...lines.slice(at + 1)]]
          : []),
      ]) {
        if (changed.length === 0) continue;
        const entry = await check('okx-merkle-v2', changed.join('\n'));
        expect(entry.verdict, `line ${at + 1} of ${lines.length}, ${changed.length} left`).toBe('invalid');
      }
    }
    for (const more of ['x', lines[0]!, lines.at(-1)!, `${sha('x')},0,{"BTC":"0","ETH":"0","USDT":"0"}`])
      expect((await check('okx-merkle-v2', [...lines, more].join('\n'))).verdict).toBe('invalid');
  });
});

describe('trees that are no trees', () => {
  it('end at the first line that is none, without the rest being read', async () => {
    const [root] = okxV2Tree([leaf(['1', '0', '0']), leaf(['2', '0', '0'], 1)]).split('\n');
    let read = 0;
    const endless = async function* () {
      yield Buffer.from(`${root}\n`);
      for (; read < 10_000; read += 1) yield Buffer.alloc(65_536, 'a');
    };
    const file = { ...memoryFile('t', ''), readChunks: endless };
    const entry = await treeEntry(file, 'okx-merkle-v2', new Map(), []);
    expect(failing(entry)).toEqual(['lines']);
    expect(entry.checks.find(({ status }) => status === 'fail')?.detail).toContain('line 2');
    expect(read).toBeLessThan(100);
  });

  it('of too many levels end there', async () => {
    const zero = '{"BTC":"0","ETH":"0","USDT":"0"}';
    const lines = [`${sha('x')},99,${zero}`];
    for (let height = 98; height > 40; height -= 1)
      lines.push(`${sha('x')},${height},${zero}`, `${sha('x')},${height},${zero}`);
    expect((await check('okx-merkle-v2', lines.join('\n'))).verdict).toBe('invalid');
    expect(failing(await check('okx-merkle-v2', lines.join('\n'), ['parents']))).toEqual(['levels']);
  });

  it('without contents are invalid', async () => {
    const one = okxV2Tree([leaf(['1', '0', '0']), leaf(['2', '0', '0'], 1)]).split('\n')[0]!;
    for (const text of [one, `${one}\n`, `${one}\n\n\n`])
      expect(failing(await check('okx-merkle-v2', text))).toEqual(['levels']);
  });
});

/** Trees large enough for the quick way: with it and without it every verdict is the same. */
describe('the quick way over bytes', () => {
  const formats = {
    'okx-merkle-v2': { text: generated(300).tree, create: createOkxTree },
    bitmex: {
      text: bitmexFile(Array.from({ length: 256 }, (_, at) => BigInt(at * 104_729))),
      create: createBitmexTree,
    },
  };
  for (const [kind, { text, create }] of Object.entries(formats)) {
    const rebuild = async (file: string, quick: boolean) => {
      const format = create();
      let pairs = 0;
      const counted: TreeFormat = {
        ...format,
        quick(...args) {
          const found = quick ? format.quick(...args) : 0;
          pairs += found;
          return found;
        },
      };
      const bytes = Buffer.from(file);
      async function* chunks() {
        for (let at = 0; at < bytes.length; at += 5000) yield bytes.subarray(at, at + 5000);
      }
      const checks = createChecklist();
      const tree = await rebuildTree(chunks, counted, checks, null);
      return { tree, pairs, items: checks.items };
    };

    it(`${kind}: takes most pairs of a plain tree`, async () => {
      const { tree, pairs } = await rebuild(text, true);
      expect(tree).not.toBeNull();
      expect(pairs).toBeGreaterThan(100);
      expect((await rebuild(text, false)).tree).toEqual(tree);
    });

    it(`${kind}: agrees with the careful way on every change`, async () => {
      const changes = ['0', '1', '9', '.', '-', '\n', 'x', '"', ''];
      for (let at = text.indexOf('\n') + 1; at < text.length; at += 61) {
        const change = changes[at % changes.length]!;
        if (text[at] === change) continue;
        const file = text.slice(0, at) + change + text.slice(at + 1);
        const [quick, careful] = [await rebuild(file, true), await rebuild(file, false)];
        expect(quick.items, `character ${at}`).toEqual(careful.items);
        expect(quick.tree, `character ${at}`).toEqual(careful.tree);
      }
    });
  }

  it('leaves sums that are not printed plainly to the careful way', async () => {
    const lines = generated(300).tree.split('\n');
    const at = lines.findIndex((line) => line.includes(',5,') && /"BTC":"\d+\.\d+"/.test(line));
    const [, digits] = /"BTC":"(\d+\.\d+)"/.exec(lines[at]!)!;
    for (const spelled of [`0${digits}`, `${digits}0`]) {
      const changed = lines.with(at, lines[at]!.replace(`"BTC":"${digits}"`, `"BTC":"${spelled}"`));
      expect((await check('okx-merkle-v2', changed.join('\n'))).verdict).toBe('invalid');
    }
  });
});

describe('customers of an OKX tree', () => {
  it('alone are undecided; beside a tree that failed too; in another tree invalid', async () => {
    const { tree, users } = generated(9);
    const user = users[0];
    expect((await call({ user }))[0]).toMatchObject({ kind: 'okx-merkle-v2', verdict: 'undecided', grade: 'none' });
    const broken = tree.replace('"BTC":"0"', '"BTC":"9"');
    expect((await call({ user, 't.txt': broken })).map(({ verdict }) => verdict)).toEqual(['undecided', 'invalid']);
    const other = okxV2Files(amountsOf(9).reverse(), [2, 7]).tree;
    expect(failing((await call({ user, 't.txt': other }))[0])).toEqual(['tree-link']);
  });

  it('cannot count one leaf twice', async () => {
    const amounts: [string, string, string][] = [
      ['1', '0', '0'],
      ['1', '0', '0'],
      ['5', '0', '0'],
    ];
    const twice = okxV2Files(amounts, [2, 1]);
    const once = okxV2Tree([
      { hash: (twice.users[0] as { nodes: { hash: string }[] }).nodes[0]!.hash, amounts: ['1', '0', '0'] },
      { hash: sha('x'), amounts: ['5', '0', '0'] },
    ]);
    expect((await call({ user: twice.users[0], 't.txt': twice.tree })).map(({ verdict }) => verdict)).toEqual([
      'valid',
      'valid',
    ]);
    expect(failing((await call({ user: twice.users[0], 't.txt': once }))[0])).toEqual(['tree-link']);
  });

  it('one element changed in every field is noticed', async () => {
    const { tree, users } = generated(9);
    const json = parsed(JSON.stringify(users[1]));
    for (const { path, value } of leaves(json)) {
      for (const changed of [flipped(value), undefined]) {
        const text = printJson(replaced(json, path, changed));
        expect((await call({ 'u.json': text, 't.txt': tree }))[0]?.verdict, kindOf(path)).not.toBe('valid');
      }
    }
  });
});

describe('BitMEX trees', () => {
  it('are rebuilt, with values of up to 64 bits', async () => {
    for (const values of [
      [1n, 2n],
      [0n, 0n, 0n, 7n],
      [2n ** 63n, 2n ** 62n, 10n ** 15n, 999_999_999_999_999n],
    ]) {
      const [entry] = await call({ 'liabilities.csv': bitmexFile(values) });
      expect(failing(entry)).toEqual([]);
      const sats = values
        .reduce((a, b) => a + b, 0n)
        .toString()
        .padStart(9, '0');
      expect(entry).toMatchObject({ kind: 'bitmex', verdict: 'valid', grade: 'sum-tree', binding: 'per-asset-total' });
      expect(entry?.totals).toMatchObject([
        { asset: 'BTC', amount: `${sats.slice(0, -8)}.${sats.slice(-8)}`.replace(/\.?0+$/, '') },
      ]);
    }
  });

  it('notice any changed character, but for the block height', async () => {
    const text = bitmexFile([1n, 20n, 300n, 4000n, 5n, 60n, 700n, 8000n]);
    const header = text.indexOf('\n');
    const passed = new Set<string>();
    for (let at = 0; at < text.length; at += 1) {
      const other = text[at] === '1' ? '2' : '1';
      const [entry] = await call({ a: text.slice(0, at) + other + text.slice(at + 1) });
      if (entry?.verdict === 'valid') passed.add(at < header && at > 12 ? 'block_height' : `character ${at}`);
    }
    expect([...passed]).toEqual(['block_height']);
  });

  it('refuse negative values and totals above 64 bits', async () => {
    expect(failing((await call({ a: bitmexFile([5n, -1n]) }))[0])).toEqual(['signs']);
    expect(failing((await call({ a: bitmexFile([2n ** 64n - 1n, 1n]) }))[0])).toEqual(['amounts']);
    expect(failing((await call({ a: 'block_height:100\n' }))[0])).toEqual(['lines']);
  });
});

describe('leaf lists', () => {
  it('lead to the published root, and are undecided without it', async () => {
    for (const count of [1, 2, 3, 5, 8, 13, 100]) {
      const { list, root } = leafListFile(count);
      const [entry, ...rest] = await call({ 'list.txt': list, 'root.txt': root, 'totals.txt': 'BTC:12.5\n,ETH:3\n' });
      expect(failing(entry)).toEqual([]);
      expect(entry).toMatchObject({
        kind: 'leaf-list',
        verdict: 'valid',
        grade: 'inclusion-only',
        binding: 'none',
        root,
      });
      expect(entry?.totals).toMatchObject([
        { asset: 'BTC', amount: '12.5' },
        { asset: 'ETH', amount: '3' },
      ]);
      expect(rest).toEqual([]);
      expect((await call({ 'list.txt': list }))[0]).toMatchObject({ verdict: 'undecided', root });
      expect((await call({ 'root.txt': root }))[0]).toMatchObject({ verdict: 'undecided', kind: 'leaf-list' });
    }
  });

  it('notice any changed character', async () => {
    const { list, root } = leafListFile(5);
    for (let at = list.indexOf('\n') + 1; at < list.length; at += 1) {
      const other = list[at] === '1' ? '2' : '1';
      if (list[at] === '\r') continue;
      const [entry] = await call({ l: list.slice(0, at) + other + list.slice(at + 1), r: root });
      expect(entry?.verdict, `character ${at}`).not.toBe('valid');
    }
  });
});

describe.skipIf(!samplesPresent)(`published samples (${SKIP_REASON})`, () => {
  it('reproduce', async () => {
    const okx = await call({
      'user.json': sample('okx-merkle/user_info_file.json'),
      'tree.txt': sample('okx-merkle/full-liabilities-merkle-tree.txt'),
    });
    expect(okx.map(({ verdict, grade }) => `${verdict} ${grade}`)).toEqual(['valid inclusion-only', 'valid sum-tree']);
    expect(okx[1]?.totals.map(({ amount }) => amount)).toEqual(['0.00005', '0.1', '1.42045977']);
    const [bitmex] = await call({ a: sample('bitmex/readme_sample_liabilities-100.csv') });
    expect(bitmex).toMatchObject({ verdict: 'valid', totals: [{ asset: 'BTC', amount: '40.00004' }] });
  });
});
