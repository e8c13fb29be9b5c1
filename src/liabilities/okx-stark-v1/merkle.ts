import { keccak256Hex } from '../../lib/keccak.ts';

/** One opening: the leaf, then its siblings from below; an empty text is a sibling that another opening tells. */
export type Branch = readonly string[];

/** The hash of two nodes or any other concatenation of hex texts. */
export const hashHex = (...parts: readonly string[]): string => keccak256Hex(Buffer.from(parts.join(''), 'hex'));

/** Where position x of a list stands in its tree: the four values x, x+L/4, x+2L/4, x+3L/4 are neighbours. */
export function placeOf(position: number, size: number): number {
  const quarter = size / 4;
  return Math.floor(position / quarter) + 4 * (position % quarter);
}

/** The root over a list of leaves (a power of two, at least 4), which are taken in the tree's order. */
export function rootOfLeaves(leaves: readonly string[]): string {
  let level: string[] = new Array(leaves.length);
  leaves.forEach((leaf, position) => {
    level[placeOf(position, leaves.length)] = leaf;
  });
  while (level.length > 1) level = level.flatMap((node, i) => (i % 2 === 0 ? [hashHex(node, level[i + 1]!)] : []));
  return level[0]!;
}

/**
 * Whether openings of one length, in lower-case hex, lead to the root from their positions. Every given node must agree with every
 * other at its place; a missing one must follow from the others. Each node is hashed once, so the work is what the openings hold.
 */
export function opensTo(root: string, positions: readonly number[], branches: readonly Branch[]): boolean {
  const depth = branches[0]!.length - 1;
  const places = positions.map((position) => placeOf(position, 2 ** depth));
  let known = new Map<number, string>();
  for (const [i, place] of places.entries()) if (!put(known, place, branches[i]![0]!)) return false;
  for (let height = 1; height <= depth; height++) {
    const siblings = new Map(known);
    for (const [i, place] of places.entries()) {
      const given = branches[i]![height]!;
      if (given !== '' && !put(siblings, place ^ 1, given)) return false;
    }
    const parents = new Map<number, string>();
    for (const place of known.keys()) {
      if (parents.has(place >> 1)) continue;
      const left = siblings.get(place & ~1);
      const right = siblings.get(place | 1);
      if (left === undefined || right === undefined) return false;
      parents.set(place >> 1, hashHex(left, right));
    }
    known = parents;
    for (let i = 0; i < places.length; i++) places[i] = places[i]! >> 1;
  }
  return known.get(0) === root;
}

/** Records a node; false when another one stands there already. */
function put(nodes: Map<number, string>, place: number, node: string): boolean {
  const before = nodes.get(place);
  if (before === undefined) nodes.set(place, node);
  return before === undefined || before === node;
}
