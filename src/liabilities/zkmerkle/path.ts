import { poseidon } from '../bn254/poseidon.ts';

/** Levels of an account tree above its leaves, in every version of these exchanges' source. */
export const DEPTH = 28;

/** The root that a leaf leads to: at each level the position's lowest bit says whether the node is on the right. */
export function rootOf(leaf: bigint, position: bigint, siblings: readonly bigint[]): bigint {
  let node = leaf;
  for (const [level, sibling] of siblings.entries())
    node = (position >> BigInt(level)) & 1n ? poseidon([sibling, node]) : poseidon([node, sibling]);
  return node;
}

/** The root of a tree whose every leaf is this one. */
export function rootOfEqualLeaves(leaf: bigint): bigint {
  let node = leaf;
  for (let level = 0; level < DEPTH; level++) node = poseidon([node, node]);
  return node;
}
