import { formatDecimal } from '../../../domain/amount.ts';
import { field, isArray, type Json } from '../../../lib/json.ts';
import { type Amounts, sortedByAsset } from '../amounts.ts';
import {
  MAX_LEVELS,
  type PathFormat,
  type PathNode,
  type PathProof,
  type PathStep,
  type PrintedNode,
} from '../path-format.ts';
import { countOf, hashOf, isZero, type Texts, textOf, textsOf } from '../read-json.ts';

const LEFT = 1;
const RIGHT = 2;
const ROOT = 3;
/** Assets that a parent with a right child lists even at zero. */
const ALWAYS = ['BTC', 'ETH', 'USDT', 'USDC'] as const;

interface Node extends PrintedNode {
  readonly level: number;
  readonly type: number;
}

/** MEXC `merkle_proof.json` (mexcmerkle/mexc-proof-of-reserves): 128-bit hashes, assets by name, neighbours may be missing. */
export const mexc: PathFormat = {
  kind: 'mexc',
  hashDigits: 32,
  // An example that MEXC's developers published with their tool (fcitem/mexc-proof-of-reserves, audit of 2022-12-29) has them.
  negativeSubtotals: true,
  scale: () => null,
  read: readMexc,
  parentSums,
  parentPreimage: (left, right, sums) =>
    `${left?.hash ?? ''},${right?.hash ?? ''},${[...sums].map(([asset, sum]) => `${asset}:${formatDecimal(sum)}`).join(',')}`,
  caveats: ['Hashes are cut to 128 bits.'],
};

function parentSums(_left: PathNode | null, right: PathNode | null, sums: Amounts): Amounts {
  const all = new Map(sums);
  if (right !== null) for (const asset of ALWAYS) all.set(asset, all.get(asset) ?? { unscaled: 0n, scale: 0 });
  return sortedByAsset(all);
}

function readMexc(json: Json): PathProof | string {
  const own = field(json, 'self');
  const self = readNode(own);
  const [proofId, accountId] = [textOf(own, 'proofId'), textOf(own, 'accountId')];
  const list = field(json, 'pathList');
  if (self === null || self.hash === '' || proofId === null || accountId === null)
    return 'self lacks hash, balances, level, type, proofId or accountId';
  // What is hashed would not tell where the id ends and the amounts begin.
  if (accountId.includes(',')) return 'accountId holds a comma';
  if (!isArray(list) || list.length === 0) return 'pathList is not a list of at least one node';
  const nodes = list.map(readNode);
  if (nodes.includes(null)) return 'an element of pathList lacks hash, balances, level or type';
  const all = nodes as Node[];
  const root = all.at(-1)!;
  if (root.hash === '' || root.level < 1) return 'the last element of pathList is no root';
  const byLevel = new Map(all.slice(0, -1).map((node) => [node.level, node]));
  // One step too many is enough to be refused.
  const steps = Array.from({ length: Math.min(root.level, MAX_LEVELS + 1) }, (_, level): PathStep => {
    const node = byLevel.get(level);
    const none = node === undefined || node.hash === '';
    return {
      side: !none && node.type === LEFT ? 'left' : 'right',
      sibling: none ? 'none' : node,
      parentHeight: level + 1,
    };
  });
  const texts: Texts = sortedByAsset(self.texts);
  return {
    round: proofId,
    ids: [accountId],
    self,
    leaf: { preimage: `${proofId},${accountId},${[...texts].map(([asset, text]) => `${asset}:${text}`).join(',')}` },
    steps,
    root,
    claims: claimsOf(self, all.slice(0, -1), root, steps[0] as PathStep),
    caveats: [],
  };
}

function readNode(json: Json | undefined): Node | null {
  const empty = field(json, 'hash') === '';
  const hash = empty ? '' : hashOf(json, 'hash', 32);
  const [texts, level, type] = [textsOf(field(json, 'balances')), countOf(json, 'level'), countOf(json, 'type')];
  return hash === null || texts === null || level === null || type === null ? null : { hash, texts, level, type };
}

function claimsOf(self: Node, siblings: readonly Node[], root: Node, first: PathStep): PathProof['claims'] {
  const levels = siblings.map(({ level }) => level);
  const rising = levels.every((level, at) => level >= 0 && level < root.level && (at === 0 || level > levels[at - 1]!));
  const known = siblings.every(({ type, hash }) => type === RIGHT || (type === LEFT && hash !== ''));
  const opposite = self.type === (first.side === 'left' ? RIGHT : LEFT);
  const empty = siblings.every(({ hash, texts }) => hash !== '' || isZero(texts));
  return [
    {
      name: 'sides',
      holds: known && opposite && root.type === ROOT,
      detail:
        'every neighbour is left or right, an empty one right, the account on the other side, and the root ends the path',
    },
    {
      name: 'heights',
      holds: self.level === 0 && rising,
      detail: 'levels go up from 0 to the root, each at most once',
    },
    { name: 'padding', holds: empty, detail: 'an empty node has no balance' },
  ];
}
