import { type Decimal, formatDecimal } from '../../../domain/amount.ts';
import { field, isArray, type Json } from '../../../lib/json.ts';
import { canonical } from '../amounts.ts';
import { printBigDecimal, readBigDecimal } from '../java-decimal.ts';
import type { PathFormat, PathProof, PathStep, PrintedNode } from '../path-format.ts';
import { countOf, hashOf, inOrder, isZero, optionalText, sameAssets, textOf, textsOf } from '../read-json.ts';

const EMPTY = 0;
const LEFT = 1;
const RIGHT = 2;
const ROOT = 3;

/** The order in which the publisher's tool prints its four assets, whatever the file's. */
const ASSETS = ['BTC', 'ETH', 'USDT', 'USDC'] as const;

interface Node extends PrintedNode {
  readonly level: number;
  readonly role: number | null;
  readonly round: string | null;
}

const SHORT =
  'Hashes are cut to 64 bits: two different trees with one root can be found with some 2^32 hashes by whoever makes the tree.';

/** How amounts stand in what is hashed: those of an account as printed, and sums. */
interface Style {
  readonly own: (text: string) => string;
  readonly sum: (sum: Decimal) => string;
}

/** In quotes, without zeros at the end (the publisher's tool since 2025-11, v1.0.4). */
const QUOTED: Style = { own: (text) => `"${canonical(text)}"`, sum: (sum) => `"${formatDecimal(sum)}"` };

/** As fastjson prints a BigDecimal (the tool until then): a sum has as many decimals as the part that has more. */
const BARE: Style = {
  own(text) {
    const amount = readBigDecimal(text);
    return amount === null ? text : printBigDecimal(amount);
  },
  sum: printBigDecimal,
};

/** Bitget `merkel_tree_bg.json` (BitgetLimited/proof-of-reserves): 64-bit hashes, levels count down to the root's 1. */
export const bitget: PathFormat = {
  kind: 'bitget',
  hashDigits: 16,
  negativeSubtotals: true,
  scale: () => null,
  read: (json) => readBitget(json, QUOTED),
  parentPreimage: parentOf(QUOTED),
  caveats: [SHORT],
};

/** The same of the rounds from 2022-11 to 2025-10, whatever way the file itself prints its amounts. */
export const bitgetUntil2025: PathFormat = {
  ...bitget,
  readAmount: readBigDecimal,
  read: (json) => readBitget(json, BARE),
  parentPreimage: parentOf(BARE),
  caveats: [SHORT, 'Amounts are hashed as in the rounds until October 2025: bare numbers, zeros at the end kept.'],
};

function parentOf({ sum }: Style): PathFormat['parentPreimage'] {
  return (left, right, sums, level) => `${left?.hash}${right?.hash},${balancesJson(sums, sum)},${level}`;
}

const balancesJson = <T>(balances: ReadonlyMap<string, T>, print: (value: T) => string): string =>
  `{${[...balances].map(([asset, value]) => `"${asset}":${print(value)}`).join(',')}}`;

function readBitget(json: Json, style: Style): PathProof | string {
  const own = field(json, 'self');
  const listed = readNode(own);
  const [uid, nonce] = [textOf(own, 'encryptUid'), textOf(own, 'nonce')];
  const path = field(json, 'path');
  if (listed === null || uid === null || nonce === null)
    return 'self lacks merkelLeaf, encryptUid, nonce, balances, level or role';
  if (!isArray(path) || path.length < 2) return 'path is not a list of at least one neighbour and the root';
  const nodes = path.map(readNode);
  if (nodes.includes(null)) return 'an element of path lacks merkelLeaf, balances or level';
  // The first rounds had three of the four.
  const known = [...listed.texts.keys()].every((asset) => (ASSETS as readonly string[]).includes(asset));
  const order = known ? ASSETS : [...listed.texts.keys()];
  const ordered = (node: Node): Node => ({ ...node, texts: inOrder(node.texts, order) });
  const self = ordered(listed);
  const all = (nodes as Node[]).map(ordered);
  const [root, siblings] = [all.at(-1)!, all.slice(0, -1)];
  return {
    round: self.round,
    ids: [uid],
    self,
    leaf: { preimage: `${uid},${nonce},${balancesJson(self.texts, style.own)}` },
    steps: siblings.map(
      (node): PathStep => ({
        side: node.role === LEFT ? 'left' : 'right',
        sibling: node,
        parentHeight: node.level - 1,
      }),
    ),
    root,
    claims: claimsOf(self, siblings, root),
    caveats: [],
  };
}

function readNode(json: Json | undefined): Node | null {
  const [hash, texts, level] = [
    hashOf(json, 'merkelLeaf', 16),
    textsOf(field(json, 'balances')),
    countOf(json, 'level'),
  ];
  const round = optionalText(json, 'auditId');
  if (hash === null || texts === null || texts.size === 0 || level === null || round === undefined) return null;
  return { hash, texts, level, role: countOf(json, 'role'), round };
}

function claimsOf(self: Node, siblings: readonly Node[], root: Node): PathProof['claims'] {
  const known = siblings.every(({ role }) => role === EMPTY || role === LEFT || role === RIGHT);
  const opposite = self.role === (siblings[0]!.role === LEFT ? RIGHT : LEFT);
  const levels =
    self.level === siblings.length + 1 && [...siblings, root].every(({ level }, at) => level === self.level - at);
  const assets = [...siblings, root].every(({ texts }) => sameAssets(texts, self.texts));
  const rounds = [...siblings, root].every(({ round }) => round === self.round);
  const empty = siblings.every(({ role, texts }) => role !== EMPTY || isZero(texts));
  return [
    {
      name: 'sides',
      holds: known && opposite && (root.role === null || root.role === ROOT),
      detail: 'the account and its neighbour are on two sides, and the root ends the path',
    },
    { name: 'heights', holds: levels, detail: 'levels go down by one to the root, which is 1' },
    { name: 'padding', holds: empty, detail: 'an empty node has no balance' },
    { name: 'assets', holds: assets, detail: 'every node lists the same assets' },
    { name: 'round', holds: rounds, detail: 'every node is of one audit' },
  ];
}
