import { formatDecimal } from '../../../domain/amount.ts';
import { sha256Hex } from '../../../lib/hash.ts';
import { field, isArray, type Json } from '../../../lib/json.ts';
import type { PathFormat, PathProof, PathStep, PrintedNode } from '../path-format.ts';
import { countOf, hashOf, isZero, optionalText, type Texts, textOf, textsOf } from '../read-json.ts';

/** The assets of OKX's first two formats, in the order in which they are hashed. */
export const OKX_ASSETS = ['BTC', 'ETH', 'USDT'] as const;

const LEFT = 1;
const RIGHT = 2;
const ROOT = 3;
const PADDING = 4;

interface Node extends PrintedNode {
  readonly type: number;
  readonly height: number;
  readonly round: string | null;
  readonly nonce: string | null;
}

/** OKX `merkle_proof_file.json` (2022-11 to 2023-03; okx/proof-of-reserves common/merkle.go): path[0] is the neighbour leaf, the last element the root. */
export const okxV1: PathFormat = {
  kind: 'okx-merkle-v1',
  hashDigits: 64,
  negativeSubtotals: false,
  scale: () => 8,
  read: readOkxV1,
  parentPreimage: (left, right, sums, height) =>
    `${left?.hash}${right?.hash}${OKX_ASSETS.map((asset) => formatDecimal(sums.get(asset)!)).join('')}${height}`,
  print: formatDecimal,
  caveats: ['Covers BTC, ETH and USDT only.'],
};

/** The balances as OKX hashes them: fixed order, no blanks, the texts as they stand. */
export const okxBalances = (texts: Texts): string =>
  `{${OKX_ASSETS.map((asset) => `"${asset}":"${texts.get(asset)}"`).join(',')}}`;

/** Exactly OKX's three assets, as text, or null. */
export function okxTexts(json: Json | undefined): Texts | null {
  const texts = textsOf(json);
  return texts !== null && texts.size === 3 && OKX_ASSETS.every((asset) => texts.has(asset)) ? texts : null;
}

function readOkxV1(json: Json): PathProof | string {
  const self = readNode(field(json, 'self'));
  const path = field(json, 'path');
  const nonce = textOf(field(json, 'self'), 'nonce');
  if (self === null || nonce === null) return 'self lacks hash, nonce, balances of BTC, ETH and USDT, type or height';
  if (!isArray(path) || path.length < 2) return 'path is not a list of at least one neighbour and the root';
  const nodes = path.map(readNode);
  if (nodes.includes(null)) return 'an element of path lacks hash, balances of BTC, ETH and USDT, type or height';
  const all = nodes as Node[];
  const [root, siblings] = [all.at(-1)!, all.slice(0, -1)];
  const steps = siblings.map(
    (node): PathStep => ({
      side: node.type === LEFT ? 'left' : 'right',
      sibling: node,
      parentHeight: node.height + 1,
    }),
  );
  return {
    round: self.round,
    ids: [],
    self,
    leaf: { preimage: `${nonce}${okxBalances(self.texts)}` },
    steps,
    root,
    claims: claimsOf(self, siblings, root),
    caveats: neighbourCaveat(siblings[0]!),
  };
}

function readNode(json: Json | undefined): Node | null {
  const [hash, texts] = [hashOf(json, 'hash', 64), okxTexts(field(json, 'balances'))];
  const [type, height] = [countOf(json, 'type'), countOf(json, 'height')];
  const [round, nonce] = [optionalText(json, 'auditId'), optionalText(json, 'nonce')];
  if (hash === null || texts === null || type === null || height === null) return null;
  if (round === undefined || nonce === undefined) return null;
  return { hash, texts, type, height, round, nonce };
}

function claimsOf(self: Node, siblings: readonly Node[], root: Node): PathProof['claims'] {
  const opposite = self.type === LEFT ? siblings[0]!.type !== LEFT : siblings[0]!.type === LEFT;
  const known = siblings.every(({ type }) => type === LEFT || type === RIGHT || type === PADDING);
  const sides = known && opposite && (self.type === LEFT || self.type === RIGHT) && root.type === ROOT;
  const heights = self.height === 1 && [...siblings, root].every(({ height }, at) => height === at + 1);
  const empty = siblings.every(({ type, texts }) => type !== PADDING || isZero(texts));
  const rounds = [...siblings, root].every(({ round }) => round === null || round === self.round);
  return [
    {
      name: 'sides',
      holds: sides,
      detail: 'the account and its neighbour are on two sides, and the root ends the path',
    },
    { name: 'heights', holds: heights, detail: 'heights go up by one from 1' },
    { name: 'padding', holds: empty, detail: 'a padding node has no balance' },
    { name: 'round', holds: rounds, detail: 'every node is of one audit' },
  ];
}

/** Published files show the neighbour leaf's nonce: with it, that one balance can be seen to fit its hash or not. */
function neighbourCaveat({ hash, nonce, texts, type }: Node): readonly string[] {
  if (nonce === null || type === PADDING || sha256Hex(`${nonce}${okxBalances(texts)}`) === hash) return [];
  return ["The neighbouring leaf's printed balance does not fit its hash: the sums above it may be too small."];
}
