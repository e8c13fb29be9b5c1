import type { Layout } from '../zkmerkle/check-files.ts';
import { readAssetList } from './assets.ts';
import { readUserFile, type UserKeys } from './user.ts';
import { findVersion } from './versions.ts';

const CAVEATS = [
  'Totals are net (what customers hold less what they borrowed), in the smallest units that the exchange counts in: 10^-8 of a coin, or 10^-2 for the cheap coins on a list in its source. The proof binds neither this unit nor the names of the coins, only their order, amounts and prices.',
  'Every counted account holds at least as much as it owes, at the prices of the list: an invented account that owes a dear coin against much of a cheap one passes.',
  'Whoever made the verifying key can prove anything with what was left over from making it; the exchange makes it alone.',
];

const KEYS: UserKeys = {
  ...{ position: 'Arrangement', id: 'UniqueIdentification', equity: 'TotalAssetEquity', debt: 'TotalAssetDebt' },
  ...{ root: 'TreeRootHash', siblings: 'MerkleProofEncode', assets: 'AssetDetails' },
};

/** Gate.io's circuits by the number of assets they commit to, with the empty trees' roots that its verifier states (gateio/proof-of-reserves, service/verify_service). */
export const GATEIO: Layout = {
  kind: 'gateio',
  versions: [
    { slots: 800, emptyRoot: 0x037bf6d8fe5b7cbaecf7b35604b57f82173f5c8155c1c750cef00afebcd65436n },
    { slots: 350, emptyRoot: 0x0118925954da77d1a4b241fd163e4373e2265c515cfa60af7fcd28c8cb9ad58an },
    // The same program as another exchange runs it (WebseaEx/proof-of-reserves, service/verify_service).
    { slots: 64, emptyRoot: 0x15a663ddcc8e79ff217a026669f2846142b046c21e2410a4a15d03c755856ce5n },
    { slots: 618, emptyRoot: 0x280ee8f1e2abd276ce5b697cfad42f8d0d610831c95bce67c3e1913dc813146an },
    { slots: 621, emptyRoot: 0x2c939165c8e8faaf4da574c47cc2a4a06fcabcd0980d09b3e1cd6c15913460c3n },
  ],
  versionOf: findVersion,
  anySize: true,
  oneRoot: false,
  unsupported: null,
  caveats: CAVEATS,
  userMarks: ['"Arrangement"', '"UniqueIdentification"', '"AssetDetails"', '"TreeRootHash"', '"MerkleProofEncode"'],
  listMarks: ['"CexAssetsInfo"', '"ProofCsv"', '"ZkKeyVKDirectoryAndPrefix"'],
  otherLayout: () => null,
  readUser: (json) => readUserFile(json, KEYS),
  readList: readAssetList,
};
