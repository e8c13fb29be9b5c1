import { addDecimals, formatDecimal, parseDecimal } from '../../domain/amount.ts';
import { type Checklist, createChecklist } from '../checklist.ts';
import { inCoins } from '../total.ts';
import type { LiabilityCheck, LiabilityFile, LiabilityKind } from '../types.ts';
import type { PublishedRoot } from './path-format.ts';
import { OKX_ASSETS } from './paths/okx-v1.ts';
import { rebuildTree } from './tree.ts';
import type { RebuiltTree } from './tree-format.ts';
import { createBitmexTree } from './trees/bitmex.ts';
import { createOkxTree, readOkxLine } from './trees/okx-v2.ts';

/** The most bytes of a tree that is read at all: some 600 million lines. */
const MAX_TREE_BYTES = 64 * 2 ** 30;

interface Summary {
  readonly root: string;
  readonly totals: LiabilityCheck['totals'];
  readonly caveats: readonly string[];
}

const GENERAL =
  'Whoever is left out of the tree is not counted: only customers who look for their own leaves can tell.';

/**
 * Rebuilds a whole published tree and says what it adds up to. `wanted` lines are counted among the leaves as they pass by, for
 * the customers' files of the same call.
 */
export async function treeEntry(
  file: LiabilityFile,
  kind: LiabilityKind,
  wanted: Map<string, number>,
  roots: readonly PublishedRoot[],
  checks: Checklist = createChecklist(),
): Promise<LiabilityCheck> {
  const summary = await summarise(file, kind, wanted, checks);
  const link = summary === null ? null : linkRoot(summary.root, roots, checks);
  const valid = summary !== null && !checks.failed();
  return {
    file: file.name,
    uses: link === null ? [] : [link.file],
    kind,
    verdict: valid ? 'valid' : 'invalid',
    grade: valid ? 'sum-tree' : 'none',
    binding: valid ? 'per-asset-total' : 'none',
    totals: valid ? summary.totals : [],
    root: valid ? summary.root : null,
    checks: checks.items,
    caveats: valid
      ? [
          GENERAL,
          ...summary.caveats,
          ...(link === null
            ? ['The root is only the one of this file: compare it with the one that others were shown.']
            : []),
        ]
      : [],
  };
}

async function summarise(
  file: LiabilityFile,
  kind: LiabilityKind,
  wanted: Map<string, number>,
  checks: Checklist,
): Promise<Summary | null> {
  const size = checks.require('size', file.bytes <= MAX_TREE_BYTES, `at most ${MAX_TREE_BYTES} bytes`);
  if (!size) return null;
  return kind === 'bitmex' ? summariseBitmex(file, checks) : summariseOkx(file, wanted, checks);
}

async function summariseOkx(
  file: LiabilityFile,
  wanted: Map<string, number>,
  checks: Checklist,
): Promise<Summary | null> {
  const format = createOkxTree();
  const count = (line: string): void => {
    const times = wanted.get(line);
    if (times !== undefined) wanted.set(line, times + 1);
  };
  const tree = await rebuildTree(chunksOf(file), format, checks, wanted.size > 0 ? count : null);
  const root = tree === null ? null : readOkxLine(tree.rootLine);
  if (tree === null || root === null) return null;
  const lost = format.lost();
  const totals = OKX_ASSETS.map((asset, at) => {
    const printed = parseDecimal(root.texts[at] as string);
    const exact = printed.ok ? addDecimals(printed.value, lost[at] ?? { unscaled: 0n, scale: 0 }) : null;
    return inCoins(asset, exact === null ? (root.texts[at] as string) : formatDecimal(exact));
  });
  const cut = lost.some(({ unscaled }) => unscaled !== 0n);
  return {
    root: root.hash,
    totals,
    caveats: [
      `Covers BTC, ETH and USDT only; ${leavesText(tree)}.`,
      "A leaf's hash is bound to its balance only by the customer's own file: with others, two neighbouring leaves whose sum is the same lead to the same root.",
      ...(cut
        ? [
            'Leaves have more than 8 decimals: the totals here are the exact sums, above what the root prints and binds.',
          ]
        : []),
    ],
  };
}

async function summariseBitmex(file: LiabilityFile, checks: Checklist): Promise<Summary | null> {
  const tree = await rebuildTree(chunksOf(file), createBitmexTree(), checks, null);
  if (tree === null) return null;
  const [root, sats] = tree.rootLine.split(',') as [string, string];
  return {
    root,
    totals: [inCoins('BTC', formatDecimal({ unscaled: BigInt(sats), scale: 8 }))],
    caveats: [
      `The file counts in the smallest unit without naming it: satoshis of BTC, as its source says; ${leavesText(tree)}.`,
      'block_height is stated beside the tree and bound only through the leaves, which customers check with their nonce.',
    ],
  };
}

const leavesText = ({ leaves, levels }: RebuiltTree): string => `${leaves} leaves on ${levels} levels`;

function linkRoot(root: string, roots: readonly PublishedRoot[], checks: Checklist): PublishedRoot | null {
  const applicable = roots.filter(({ hash }) => hash.length === root.length);
  if (applicable.length === 0) {
    checks.skip('root-link', 'no published root in this call');
    return null;
  }
  const link = applicable.find(({ hash }) => hash === root);
  checks.require('root-link', link !== undefined, 'the rebuilt root is the published root of this call');
  return link ?? null;
}

/** A file's bytes; made from its lines where it hands out nothing else, a line that is no text as one that no format knows. */
function chunksOf(file: LiabilityFile): () => AsyncIterable<Uint8Array> {
  return (
    file.readChunks ??
    async function* () {
      for await (const lines of file.readLines())
        yield Buffer.from(lines.map(({ text, fault }) => `${fault === undefined ? text : '?'}\n`).join(''));
    }
  );
}
