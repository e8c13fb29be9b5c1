import { hash } from 'node:crypto';
import { addDecimals, type Decimal, formatDecimal } from '../../../domain/amount.ts';
import { readSigned, truncate, ZERO } from '../amounts.ts';
import { OKX_ASSETS } from '../paths/okx-v1.ts';
import { createQuickOkx } from '../quick-okx.ts';
import type { TreeFault, TreeFormat } from '../tree-format.ts';

const HASH = 64;
const DECIMALS = 8;
const NODE =
  /^([0-9a-fA-F]{64}),([1-9]\d?),\{"BTC":"(-?[^",]{1,160})","ETH":"(-?[^",]{1,160})","USDT":"(-?[^",]{1,160})"\}$/;

/** One node's line in its parts. */
interface Node {
  readonly hash: string;
  readonly height: number;
  readonly texts: readonly [string, string, string];
}

/** What a whole tree's cut sums lost on the way up, by asset: sums are cut to 8 decimals, leaves need not be. */
export interface OkxTree extends TreeFormat {
  lost(): readonly Decimal[];
}

/** One line of OKX's `full-liabilities-merkle-tree.txt`; null where it is none. */
export function readOkxLine(line: string): Node | null {
  const match = NODE.exec(line);
  if (match === null) return null;
  const [, nodeHash, height, btc, eth, usdt] = match as unknown as [string, string, string, string, string, string];
  return { hash: nodeHash, height: Number.parseInt(height, 10), texts: [btc, eth, usdt] };
}

/**
 * OKX `full-liabilities-merkle-tree.txt` (2023-03; okx/proof-of-reserves common/merklev2.go): `hash,height,{balances}` a line, the
 * root first, each level from right to left. A leaf's hash is bound by the customer's own file.
 */
export function createOkxTree(): OkxTree {
  const lost: Decimal[] = OKX_ASSETS.map(() => ({ unscaled: 0n, scale: 0 }));
  const quick = createQuickOkx();
  return {
    headerLines: 0,
    header: () => null,
    rightFirst: true,
    padded: true,
    leafHeight: 1,
    rootHeight: (line) => {
      const node = readOkxLine(line);
      return node !== null && node.height >= 2 ? node.height : null;
    },
    opensLevel: (line, height) => !line.startsWith(`,${height},`, HASH) && line.startsWith(`,${height - 1},`, HASH),
    fault: (line, height) => {
      const node = readOkxLine(line);
      if (node === null)
        return { check: 'lines', detail: 'not a line of hash, height and the balances of BTC, ETH and USDT' };
      if (/[A-F]/.test(node.hash)) return { check: 'lines', detail: 'the hash is not in lower case' };
      if (node.height !== height) return { check: 'levels', detail: 'heights do not go down by one' };
      return faultOf(node);
    },
    quick,
    pairsLeft: () => Number.POSITIVE_INFINITY,
    parentLine(left, right, height) {
      const [a, b] = [readOkxLine(left), readOkxLine(right)];
      if (a === null || b === null) return null;
      const sums: string[] = [];
      for (const [at, text] of a.texts.entries()) {
        const [x, y] = [readSigned(text), readSigned(b.texts[at] as string)];
        // `fault` refuses what is no number.
        const sum = addDecimals(x ?? ZERO, y ?? ZERO);
        const cut = truncate(sum, DECIMALS);
        lost[at] = addDecimals(lost[at] as Decimal, addDecimals(sum, { unscaled: -cut.unscaled, scale: cut.scale }));
        sums.push(formatDecimal(cut));
      }
      return lineOf(left, right, height + 1, ...(sums as [string, string, string]));
    },
    isPadding: (line, sibling) =>
      line.slice(0, HASH) === sibling.slice(0, HASH) && line.endsWith('{"BTC":"0","ETH":"0","USDT":"0"}'),
    sameHash: (line, sibling) => line.slice(0, HASH) === sibling.slice(0, HASH),
    lost: () => lost,
  };
}

/** The parent's line: SHA-256 over both hashes, the three sums and its height, without separators. */
function lineOf(left: string, right: string, height: number, btc: string, eth: string, usdt: string): string {
  const digest = hash('sha256', left.slice(0, HASH) + right.slice(0, HASH) + btc + eth + usdt + height, 'hex');
  return `${digest},${height},{"BTC":"${btc}","ETH":"${eth}","USDT":"${usdt}"}`;
}

function faultOf({ texts }: Node): TreeFault | null {
  for (const [at, text] of texts.entries()) {
    const amount = readSigned(text);
    if (amount === null) return { check: 'amounts', detail: `${OKX_ASSETS[at]} is not a plain decimal number` };
    if (text.startsWith('-')) return { check: 'signs', detail: `${OKX_ASSETS[at]} is negative` };
  }
  return null;
}
