import { isHashable, poseidon } from '../bn254/poseidon.ts';
import type { AssetList } from '../zkmerkle/assets.ts';
import type { Layout } from '../zkmerkle/check-files.ts';
import type { CircuitVersion } from '../zkmerkle/check-table.ts';
import { rootOfEqualLeaves } from '../zkmerkle/path.ts';
import { commitmentOf, readAssetList } from './assets.ts';
import { readUserFile } from './user.ts';

const RULES =
  "HTX's own parameters were taken (its source merkle_groth16): one amount an asset, hashed by itself without its sign and without a price, and a number of assets that changes from release to release.";

/** HTX's circuits by the number of assets, with the empty trees' roots that its verifier states (huobiapi/Tool-Go-MerkleVerify, merkle_groth16/src/verifier). */
export const HTX: Layout = {
  kind: 'htx',
  versions: [
    { slots: 174, emptyRoot: 0x2787c6e55c2da2a73e57628e70386add83fd42cb4da4c401269381e918944558n },
    { slots: 168, emptyRoot: 0x08030a5616bdd248a983dd1f994f557361c742cc4adaa2618275fbc35a9bdc24n },
  ],
  versionOf: versionOfLists,
  anySize: true,
  wholeLists: true,
  oneRoot: false,
  unsupported:
    "HTX's circuit hashes amounts without their sign and ties an account's equity to no amount: customers' holdings can be counted against each other, so no total follows even from proofs that hold",
  caveats: [RULES],
  inclusionCaveats: [
    RULES,
    'Neither the signs of the amounts nor that your equity is what they are worth is bound: only their sizes, and your two totals.',
  ],
  userMarks: ['"AccountIdHash"', '"Balance"'],
  listMarks: ['"CexAssetsInfo"', '"TotalBalance"'],
  otherLayout: () => null,
  readUser: readUserFile,
  readList: readAssetList,
};

const roots = new Map<number, bigint>();

/** The circuit of as many assets as a list of the call has, if its empty tree has this root. */
function versionOfLists(emptyRoot: bigint, lists: readonly AssetList[]): CircuitVersion | null {
  for (const slots of new Set(lists.map(({ assets }) => assets.length))) {
    if (!isHashable(slots)) continue;
    const root = roots.get(slots) ?? rootOfEqualLeaves(poseidon([0n, 0n, 0n, commitmentOf([], { slots })]));
    roots.set(slots, root);
    if (root === emptyRoot) return { slots, emptyRoot };
  }
  return null;
}
