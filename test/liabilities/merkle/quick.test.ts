import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createChecklist } from '../../../src/liabilities/checklist.ts';
import { rebuildTree } from '../../../src/liabilities/merkle/tree.ts';
import { treeEntry } from '../../../src/liabilities/merkle/tree-entry.ts';
import type { TreeFormat } from '../../../src/liabilities/merkle/tree-format.ts';
import { createBitmexTree } from '../../../src/liabilities/merkle/trees/bitmex.ts';
import { createOkxTree } from '../../../src/liabilities/merkle/trees/okx-v2.ts';
import { memoryFile } from './call.ts';
import { bitmexFile, okxV2Tree, plain, sha } from './generate.ts';

/** Rebuilds a file with the quick way or without it, in chunks of that size. */
async function rebuild(create: () => TreeFormat, text: string, quick: boolean, chunkBytes: number) {
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
  const bytes = Buffer.from(text);
  const room = Buffer.alloc(chunkBytes);
  async function* chunks() {
    // All chunks lie in one room, as they do where a file is read.
    for (let at = 0; at < bytes.length; at += chunkBytes) yield room.subarray(0, bytes.copy(room, 0, at));
  }
  const checks = createChecklist();
  const tree = await rebuildTree(chunks, counted, checks, null);
  return { pairs, outcome: { tree, items: checks.items } };
}

async function bothWays(create: () => TreeFormat, text: string, chunkBytes = 5000) {
  const quick = await rebuild(create, text, true, chunkBytes);
  expect(quick.outcome).toEqual((await rebuild(create, text, false, chunkBytes)).outcome);
  return quick;
}

/** The plainest reading of the rules for OKX's file: all levels in memory, every parent printed anew; the totals, null if any differs. */
function okxTotals(text: string): readonly string[] | null {
  const nodes = text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const match = /^([0-9a-f]{64}),(\d+),\{"BTC":"([\d.]+)","ETH":"([\d.]+)","USDT":"([\d.]+)"\}$/.exec(line);
      const units = match?.slice(3).map((amount) => {
        const [whole, parts = ''] = amount.split('.');
        return /^\d+(\.\d{1,8})?$/.test(amount) ? BigInt(whole + parts.padEnd(8, '0')) : null;
      });
      return { line, hash: match?.[1], height: Number(match?.[2]), units };
    });
  if (nodes.some(({ units }) => units === undefined || units.includes(null))) return null;
  const levels: (typeof nodes)[] = [];
  for (const node of nodes) {
    if (levels.at(-1)?.[0]?.height !== node.height) levels.push([]);
    levels.at(-1)!.push(node);
  }
  const top = nodes[0]!.height;
  if (levels.length !== top || levels.some((level, at) => level[0]!.height !== top - at)) return null;
  for (const [at, below] of levels.slice(1).entries()) {
    const above = levels[at]!.map(({ line }) => line);
    const made = [];
    for (let i = 0; i < below.length; i += 2) {
      const [right, left] = [below[i]!, below[i + 1]];
      if (left === undefined) return null;
      const filler = `${left.hash},${left.height},{"BTC":"0","ETH":"0","USDT":"0"}`;
      if (right.hash === left.hash && right.line !== filler && right.line !== left.line) return null;
      const sums = left.units!.map((sum, asset) => plain(sum! + right.units![asset]!));
      const height = left.height + 1;
      const hash = sha(left.hash! + right.hash + sums.join('') + height);
      made.push(`${hash},${height},{"BTC":"${sums[0]}","ETH":"${sums[1]}","USDT":"${sums[2]}"}`);
    }
    if (made.length > 1 && made.length % 2 === 1)
      made.unshift(made[0]!.replace(/\{.*/, '{"BTC":"0","ETH":"0","USDT":"0"}'));
    if (made.join('\n') !== above.join('\n')) return null;
  }
  return nodes[0]!.units!.map((sum) => plain(sum!));
}

async function entryTotals(text: string): Promise<readonly string[] | null> {
  const entry = await treeEntry(memoryFile('tree', text), 'okx-merkle-v2', new Map(), []);
  expect(entry.verdict).toMatch(/^(valid|invalid)$/);
  return entry.verdict === 'valid' ? entry.totals.map(({ amount }) => amount) : null;
}

const units = fc.oneof(
  fc.constant(0n),
  fc.bigInt({ min: 0n, max: 10n ** 9n }),
  fc.bigInt({ min: 0n, max: 10n ** 19n }),
  fc.integer({ min: 0, max: 19 }).map((digits) => 10n ** BigInt(digits)),
  fc.integer({ min: 1, max: 19 }).map((digits) => 10n ** BigInt(digits) - 1n),
);
const trees = fc
  .array(fc.tuple(units, units, units), { minLength: 2, maxLength: 90 })
  .map((leaves) => okxV2Tree(leaves.map((leaf, at) => ({ hash: sha(`${at}`), amounts: leaf.map(plain) }))));

describe('the quick way over OKX trees', () => {
  it('gives the totals of the plainest rebuild, whatever the number of leaves and their amounts', async () => {
    await fc.assert(
      fc.asyncProperty(trees, fc.integer({ min: 300, max: 20_000 }), async (text, chunkBytes) => {
        expect(okxTotals(text)).not.toBeNull();
        expect(await entryTotals(text)).toEqual(okxTotals(text));
        expect((await bothWays(createOkxTree, text, chunkBytes)).outcome.tree).not.toBeNull();
      }),
      { numRuns: 60 },
    );
  });

  it('gives the verdict of the plainest rebuild on every change of a character or of the order of lines', async () => {
    const change = fc.record({
      at: fc.nat(),
      to: fc.constantFrom(...'0123456789abcdefA.,-"{}:x\n', '\r', '', '00', '.0'),
      swap: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(trees, change, async (text, { at, to, swap }) => {
        const lines = text.split('\n');
        const line = at % (lines.length - 1);
        const changed = swap
          ? lines
              .with(line, lines[line + 1]!)
              .with(line + 1, lines[line]!)
              .join('\n')
          : text.slice(0, at % text.length) + to + text.slice((at % text.length) + 1);
        expect(await entryTotals(changed)).toEqual(okxTotals(changed));
        await bothWays(createOkxTree, changed);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves spellings that are not plain to the careful way, with the same outcome', async () => {
    const spellings = ['1.', '.5', '00', '01', '1.50', '+1', '-0', '-1', '1e3', '0.000000001', '99999999999', ''];
    for (const spelled of spellings) {
      for (const asset of [0, 1, 2]) {
        const leaves = Array.from({ length: 40 }, (_, at) => ({ hash: sha(`${at}`), amounts: ['1.5', '0', '7'] }));
        leaves[25]!.amounts[asset] = spelled;
        const text = okxV2Tree(
          leaves.map((leaf) => ({ ...leaf, amounts: leaf.amounts.map((one) => (one === spelled ? '1' : one)) })),
        )
          .split('\n')
          .map((line) =>
            line.startsWith(`${sha('25')},1,`) ? line.replace(/"(BTC|ETH|USDT)":"1"/, `"$1":"${spelled}"`) : line,
          )
          .join('\n');
        const { pairs } = await bothWays(createOkxTree, text);
        expect(pairs).toBeGreaterThan(10);
      }
    }
  });

  it('takes nearly all pairs of a plain tree', async () => {
    const leaves = Array.from({ length: 1024 }, (_, at) => ({
      hash: sha(`${at}`),
      amounts: [plain(BigInt(at) * 12_345n), '0', plain(BigInt(at) ** 4n)],
    }));
    expect((await bothWays(createOkxTree, okxV2Tree(leaves), 100_000)).pairs).toBeGreaterThan(980);
  });
});

describe('runs of one line in OKX trees', () => {
  const same = (count: number, amount: string) =>
    Array.from({ length: count }, () => ({ hash: sha('nobody'), amounts: [amount, '0', '0'] }));

  it('are no fault where the last nodes are empty and their padding is the same line once more', async () => {
    for (const empty of [1, 2, 3, 5, 11]) {
      for (let count = 1; count < 40; count += 1) {
        const others = Array.from({ length: count }, (_, at) => ({ hash: sha(`${at}`), amounts: [`${at}`, '1', '0'] }));
        const text = okxV2Tree([...others, ...same(empty, '0')]);
        expect(okxTotals(text)).not.toBeNull();
        expect(await entryTotals(text), `${count} and ${empty}`).toEqual(okxTotals(text));
      }
    }
  });

  it('may not be filled up with a node that has an amount', async () => {
    const line = (nodes: string, sum: number, height: number): string =>
      `${sha(nodes)},${height},{"BTC":"${sum}","ETH":"0","USDT":"0"}`;
    const leaf = sha('nobody');
    const two = `${leaf}${leaf}2002`;
    const four = `${sha(two)}${sha(two)}4003`;
    const root = `${sha(four)}${sha(four)}8004`;
    // Six leaves have three parents; a fourth of the same kind adds two coins that no leaf has.
    const text = [
      line(root, 8, 4),
      ...Array.from({ length: 2 }, () => line(four, 4, 3)),
      ...Array.from({ length: 4 }, () => line(two, 2, 2)),
      ...Array.from({ length: 6 }, () => `${leaf},1,{"BTC":"1","ETH":"0","USDT":"0"}`),
    ].join('\n');
    expect(okxTotals(text)).toBeNull();
    expect(await entryTotals(text)).toBeNull();
    expect(okxTotals(okxV2Tree(same(6, '1')))).toEqual(['6', '0', '0']);
    expect(await entryTotals(okxV2Tree(same(6, '1')))).toEqual(okxTotals(okxV2Tree(same(6, '1'))));
  });
});

describe('the quick way over BitMEX trees', () => {
  const values = fc
    .tuple(fc.integer({ min: 1, max: 7 }), fc.infiniteStream(fc.oneof(fc.bigInt({ min: 0n, max: 10n ** 16n }), units)))
    .map(([levels, stream]) => [...stream.take(2 ** levels)].map((value) => BigInt.asUintN(56, value)));

  it('gives the totals that bigints give', async () => {
    await fc.assert(
      fc.asyncProperty(values, fc.integer({ min: 300, max: 20_000 }), async (leaves, chunkBytes) => {
        const { outcome } = await bothWays(createBitmexTree, bitmexFile(leaves), chunkBytes);
        expect(outcome.tree?.rootLine.split(',')[1]).toBe(`${leaves.reduce((a, b) => a + b, 0n)}`);
      }),
      { numRuns: 60 },
    );
  });

  it('gives the outcome of the careful way on every change of a character', async () => {
    const to = fc.constantFrom(...'0123456789abcdefA,-x\n', '\r', '', '00', '0\n');
    await fc.assert(
      fc.asyncProperty(values, fc.nat(), to, async (leaves, place, change) => {
        const text = bitmexFile(leaves);
        const at = 'block_height:100\n'.length + (place % (text.length - 17));
        if (text.slice(at, at + 1) === change) return;
        const changed = text.slice(0, at) + change + text.slice(at + 1);
        const { outcome } = await bothWays(createBitmexTree, changed);
        if (change.length === 1 && change !== '\r') expect(outcome.tree).toBeNull();
      }),
      { numRuns: 300 },
    );
  });
});
