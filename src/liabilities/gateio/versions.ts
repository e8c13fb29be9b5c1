import { isHashable, poseidon } from '../bn254/poseidon.ts';
import type { AssetList } from '../zkmerkle/assets.ts';
import type { CircuitVersion } from '../zkmerkle/check-table.ts';
import { rootOfEqualLeaves } from '../zkmerkle/path.ts';

/** Numbers of assets that a circuit may have: every one up to 100, then every fiftieth up to 2,000. */
const SIZES: readonly number[] = [
  ...Array.from({ length: 100 }, (_, i) => i + 1),
  ...Array.from({ length: 38 }, (_, i) => 150 + 50 * i),
];
const roots = new Map<number, bigint>();

/**
 * The circuit whose tree of empty accounts has this root, or null where it is no such tree: an empty account's leaf depends on the
 * number of assets, which exchanges have changed before, and which may be that of a list of the call. At most some seconds of hashing,
 * once.
 */
export function findVersion(emptyRoot: bigint, lists: readonly AssetList[]): CircuitVersion | null {
  for (const slots of [...lists.map(({ assets }) => assets.length), ...SIZES]) {
    const words = Math.ceil((2 * slots) / 3);
    if (!isHashable(slots) || !isHashable(words)) continue;
    const root = roots.get(slots) ?? emptyRootOf(words);
    roots.set(slots, root);
    if (root === emptyRoot) return { slots, emptyRoot };
  }
  return null;
}

/** No id, no totals, and as many scalars of assets, all zero. */
const emptyRootOf = (words: number): bigint =>
  rootOfEqualLeaves(poseidon([0n, 0n, 0n, poseidon(Array<bigint>(words).fill(0n))]));
