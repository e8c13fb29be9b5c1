import { field, isArray, type Json } from '../../../lib/json.ts';
import { formatFixed } from '../amounts.ts';
import type { PathFormat, PathProof, PathStep, PrintedNode } from '../path-format.ts';
import {
  countOf,
  hashOf,
  inOrder,
  isZero,
  optionalText,
  sameAssets,
  type Texts,
  textOf,
  textsOf,
} from '../read-json.ts';

const LEFT = 1;
const RIGHT = 2;
const ROOT = 3;
const PADDING = 4;

/**
 * Every published asset list (20 assets in 2023 to 50 in 2026-07) names its assets in this order; a renamed asset keeps its
 * place (BIT → MNT, EOS → A, FTM → S, MATIC → POL, RNDR → RENDER). Source: the enums of bybit-exchange/merkle-proof.
 */
const ORDER = (
  'AGLA APT ATOM AVAX BIT MNT BTC BUSD DAI DOGE DOT DYDX EOS A ETH FTM S LTC MATIC POL SOL USDC USDT XRP SHIB OP SAND LDO LINK ' +
  'COMP UNI MANA CRV BLUR SUSHI PEPE WLD BEAM AGI FET IMX RNDR RENDER GALA APEX SHRAP USDE GRAM XAUT HYPE STABLE ENA ARB ' +
  'ASTER ONDO AAVE USD1'
).split(' ');

/** The first list, with fewer decimals for the two stablecoins. */
const FIRST_ORDER = ['BTC', 'ETH', 'USDT', 'USDC'];

/** A leaf as the publisher's tool makes it: the digits of each part tell where the next one begins. */
const LEAF = /^[0-9a-f]{64}(?: -?\d+\.(?:\d{8}|\d{4}))+$/;
const RUN_TOGETHER =
  'Your id and amounts are hashed one after the other without anything between them, and here they are not as long as the publisher prints them: the same digits can be other amounts, for which a neighbour makes up.';

interface Node extends PrintedNode {
  readonly type: number;
  readonly height: number;
  readonly round: string | null;
}

/** Bybit's path files (bybit-exchange/merkle-proof), lists of 20 to 50 assets: sums always have 8 decimals. */
export const bybit: PathFormat = {
  kind: 'bybit',
  hashDigits: 64,
  negativeSubtotals: false,
  scale: () => 8,
  read: readBybit,
  parentPreimage: (left, right, sums, height) =>
    `${left?.hash}${right?.hash}${[...sums.values()].map((sum) => formatFixed(sum, 8)).join('')}${height}`,
  print: (sum) => formatFixed(sum, 8),
  caveats: [],
};

/** Bybit's first path files, of BTC, ETH, USDT and USDC: the last two have 4 decimals. */
export const bybitFirst: PathFormat = {
  ...bybit,
  scale: firstScale,
  parentPreimage: (left, right, sums, height) =>
    `${left?.hash}${right?.hash}${[...sums].map(([asset, sum]) => formatFixed(sum, firstScale(asset))).join('')}${height}`,
  print: (sum, asset) => formatFixed(sum, firstScale(asset)),
};

function firstScale(asset: string): number {
  return asset.startsWith('USD') ? 4 : 8;
}

const isFirst = (texts: Texts): boolean =>
  texts.size === FIRST_ORDER.length && FIRST_ORDER.every((asset) => texts.has(asset));

function readBybit(json: Json): PathProof | string {
  const own = field(json, 'self');
  const listed = readNode(own);
  const userHash = textOf(own, 'userHash');
  const path = field(json, 'path');
  if (listed === null || userHash === null) return 'self lacks hash, userHash, balance, type or height';
  if (!isArray(path) || path.length < 2) return 'path is not a list of at least one neighbour and the root';
  const nodes = path.map(readNode);
  if (nodes.includes(null)) return 'an element of path lacks hash, balance, type or height';
  const known = [...listed.texts.keys()].every((asset) => ORDER.includes(asset));
  const order = isFirst(listed.texts) ? FIRST_ORDER : known ? ORDER : [...listed.texts.keys()];
  const ordered = (node: Node): Node => ({ ...node, texts: inOrder(node.texts, order) });
  const self = ordered(listed);
  const all = (nodes as Node[]).map(ordered);
  const [root, siblings] = [all.at(-1)!, all.slice(0, -1)];
  return {
    round: self.round,
    ids: [userHash],
    self,
    leaf: { preimage: `${userHash}${[...self.texts.values()].join('')}` },
    steps: siblings.map(
      (node): PathStep => ({
        side: node.type === LEFT ? 'left' : 'right',
        sibling: node,
        parentHeight: node.height + 1,
      }),
    ),
    root,
    claims: claimsOf(self, siblings, root),
    caveats: [
      ...(known ? [] : ['The list of assets is newer than this version knows: the order of the file was taken.']),
      ...(LEAF.test(`${userHash} ${[...self.texts.values()].join(' ')}`) ? [] : [RUN_TOGETHER]),
    ],
  };
}

function readNode(json: Json | undefined): Node | null {
  const [hash, texts] = [hashOf(json, 'hash', 64), textsOf(field(json, 'balance'))];
  const [type, height, round] = [countOf(json, 'type'), countOf(json, 'height'), optionalText(json, 'auditId')];
  if (hash === null || texts === null || texts.size === 0) return null;
  if (type === null || height === null || round === undefined) return null;
  return { hash, texts, type, height, round };
}

function claimsOf(self: Node, siblings: readonly Node[], root: Node): PathProof['claims'] {
  const known = siblings.every(({ type }) => type === LEFT || type === RIGHT || type === PADDING);
  const opposite = siblings[0]!.type === LEFT ? self.type === RIGHT : self.type === LEFT;
  const heights = self.height === 1 && [...siblings, root].every(({ height }, at) => height === at + 1);
  const empty = siblings.every(({ type, texts }) => type !== PADDING || isZero(texts));
  const assets = [...siblings, root].every(({ texts }) => sameAssets(texts, self.texts));
  const rounds = [...siblings, root].every(({ round }) => round === null || round === self.round);
  return [
    {
      name: 'sides',
      holds: known && opposite && root.type === ROOT,
      detail: 'the account and its neighbour are on two sides, and the root ends the path',
    },
    { name: 'heights', holds: heights, detail: 'heights go up by one from 1' },
    { name: 'padding', holds: empty, detail: 'a padding node has no balance' },
    { name: 'assets', holds: assets, detail: 'every node lists the same assets' },
    { name: 'round', holds: rounds, detail: 'every node is of one audit' },
  ];
}
