import { sha256Bytes } from '../../lib/hash.ts';
import type { PhysicalLine } from '../../lib/lines.ts';
import type { Checklist } from '../checklist.ts';

/** A list rebuilt: the root that its leaves lead to. */
export interface LeafListRoot {
  readonly root: string;
  readonly leaves: number;
  /** Hex digits of a leaf. */
  readonly width: number;
}

const HEADER = /^Level\tHash$/;
const LEAF = /^(\d{1,2})(?:,(\d{1,10}))?\t([0-9a-f]{16}|[0-9a-f]{32}|[0-9a-f]{64})$/;

/**
 * Rebuilds the root over a public list of leaves (thenetworkfirm/proof-of-reserves-merkle-tree-tool, used for several exchanges): a header
 * `Level<TAB>Hash`, then `levels,index<TAB>leaf` a line. Parents are SHA-256 over the bytes of both children; a last node without
 * neighbour moves up as it is. Memory does not grow with the list.
 */
export async function rebuildLeafList(
  lines: AsyncIterable<readonly PhysicalLine[]>,
  checks: Checklist,
): Promise<LeafListRoot | null> {
  /** The left node that waits at each height, or null. */
  const waiting: (Uint8Array | null)[] = [];
  let leaves = 0;
  let width = 0;
  let levels: string | undefined;
  let headerSeen = false;
  for await (const batch of lines) {
    for (const { text, line, fault } of batch) {
      if (text === '' && fault === undefined) continue;
      if (!headerSeen && leaves === 0 && HEADER.test(text)) {
        headerSeen = true;
        continue;
      }
      const match = LEAF.exec(text);
      const node = match !== null && (width === 0 || match[3]?.length === width);
      if (!checks.off('lines') && !node) {
        checks.require('lines', false, `line ${line}: ${fault ?? 'not levels, index and the hash of a leaf'}`);
        return null;
      }
      if (match === null) continue;
      const counted =
        (match[2] === undefined || match[2] === `${leaves}`) && (levels === undefined || levels === match[1]);
      if (!counted && !checks.off('positions')) {
        checks.require('positions', false, `line ${line}: leaves are not numbered from 0 without a gap, at one level`);
        return null;
      }
      levels = match[1];
      width = match[3]?.length ?? 0;
      leaves += 1;
      push(waiting, Buffer.from(match[3] as string, 'hex'));
    }
  }
  checks.require('lines', leaves > 0, 'every line is a leaf');
  if (leaves === 0) return null;
  const depth = Math.ceil(Math.log2(leaves)) + 1;
  const shape = checks.require(
    'positions',
    levels === `${depth}`,
    'leaves are numbered and stand at the level of their count',
  );
  return shape ? { root: Buffer.from(top(waiting)).toString('hex'), leaves, width } : null;
}

function push(waiting: (Uint8Array | null)[], leaf: Uint8Array): void {
  let node = leaf;
  for (let height = 0; ; height += 1) {
    const left = waiting[height] ?? null;
    if (left === null) {
      waiting[height] = node;
      return;
    }
    waiting[height] = null;
    node = sha256Bytes(left, node);
  }
}

function top(waiting: readonly (Uint8Array | null)[]): Uint8Array {
  let node: Uint8Array | null = null;
  for (const left of waiting) if (left !== null) node = node === null ? left : sha256Bytes(left, node);
  return node as Uint8Array;
}
