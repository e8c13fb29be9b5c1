import { formatDecimal } from '../../../domain/amount.ts';
import { field, isArray, type Json } from '../../../lib/json.ts';
import type { PathFormat, PathProof, PathStep, PrintedNode } from '../path-format.ts';
import { countOf, hashOf, type Texts, textOf, textsOf } from '../read-json.ts';

interface Node extends PrintedNode {
  readonly isRight: boolean;
}

/** HTX (Huobi) `merkle_sum_proof.json` (huobiapi/Tool-Go-MerkleVerify): the root first, then the neighbours upward, the account last. */
export const htx: PathFormat = {
  kind: 'htx',
  hashDigits: 64,
  negativeSubtotals: false,
  scale: () => 8,
  read: readHtx,
  parentPreimage: (left, right, sums) => `${left?.hash}${right?.hash}${[...sums.values()].map(formatDecimal).join('')}`,
  print: formatDecimal,
  caveats: [
    "HTX does not publish what a leaf's hash is made of: your id is not checked, and your balance is not bound: a neighbour's amount can make up for another one.",
  ],
};

function readHtx(json: Json): PathProof | string {
  const data = field(json, 'data');
  if (!isArray(data) || data.length < 3) return 'data is not a list of root, at least one neighbour, and the account';
  const nodes = data.map(readNode);
  if (nodes.includes(null)) return 'an element of data lacks hash, balances (COIN:amount,…) or r';
  const all = nodes as Node[];
  const [root, self, siblings] = [all[0]!, all.at(-1)!, all.slice(1, -1)];
  const assets = all.every(({ texts }) => sameOrder(texts, self.texts));
  const opposite = self.isRight !== siblings[0]!.isRight;
  const own = textOf(data.at(-1), 'uhash');
  return {
    round: null,
    ids: own === null ? [] : [own],
    self,
    leaf: { skipped: 'the publisher does not say what a leaf is made of' },
    steps: siblings.map(
      (node): PathStep => ({ side: node.isRight ? 'right' : 'left', sibling: node, parentHeight: 0 }),
    ),
    root,
    claims: [
      { name: 'sides', holds: opposite, detail: 'the account and its neighbour are on two sides' },
      { name: 'assets', holds: assets, detail: 'every node lists the same assets in the same order' },
    ],
    caveats: [],
  };
}

function readNode(json: Json): Node | null {
  const [hash, balances, side] = [hashOf(json, 'hash', 64), field(json, 'balances'), countOf(json, 'r')];
  const texts = typeof balances === 'string' ? readBalances(balances) : null;
  return hash === null || texts === null || side === null ? null : { hash, texts, isRight: side === 1 };
}

function readBalances(text: string): Texts | null {
  const pairs = text.split(',').map((pair) => pair.split(':'));
  if (!pairs.every((pair) => pair.length === 2)) return null;
  const texts = textsOf(Object.fromEntries(pairs as [string, string][]));
  return texts !== null && texts.size === pairs.length ? texts : null;
}

const sameOrder = (a: Texts, b: Texts): boolean => [...a.keys()].join(',') === [...b.keys()].join(',');
