import type { LiabilityFormat } from '../types.ts';
import { checkFiles, hasMarks, type Layout } from '../zkmerkle/check-files.ts';
import { readAssetList } from './assets.ts';
import { readUserFile } from './user.ts';
import { findVersion } from './versions.ts';

const CAVEATS = [
  'Totals are net (what customers hold less what they borrowed), in the smallest units that the exchange counts in: 10^-8 of a coin, or 10^-2 for the cheap coins on a list in its source. The proof binds neither this unit nor the names of the coins, only their order, amounts and prices.',
  'Every counted account holds at least as much as it owes, at the prices of the list: an invented account that owes a dear coin against much of a cheap one passes.',
  'Whoever made the verifying key can prove anything with what was left over from making it; the exchange makes it alone.',
];

/** Gate.io's circuits by the number of assets they commit to, with the empty trees' roots that its verifier states (gateio/proof-of-reserves, service/verify_service). */
export const GATEIO: Layout = {
  kind: 'gateio',
  versions: [
    { slots: 800, emptyRoot: 0x037bf6d8fe5b7cbaecf7b35604b57f82173f5c8155c1c750cef00afebcd65436n },
    { slots: 350, emptyRoot: 0x0118925954da77d1a4b241fd163e4373e2265c515cfa60af7fcd28c8cb9ad58an },
  ],
  versionOf: findVersion,
  oneRoot: false,
  unsupported: null,
  caveats: CAVEATS,
  userMarks: ['"Arrangement"', '"UniqueIdentification"', '"AssetDetails"', '"TreeRootHash"', '"MerkleProofEncode"'],
  otherLayout: () => null,
  readUser: readUserFile,
  readList: readAssetList,
};

const LIST_MARKS = ['"CexAssetsInfo"', '"ProofCsv"', '"ZkKeyVKDirectoryAndPrefix"'];
/** Columns of the proof table; Binance's has assets_count besides. */
const TABLE_MARKS = ['proof_info', 'cex_asset_list_commitments', 'account_tree_roots', 'batch_commitment'];

/** Gate.io from 2023-10: table of batch proofs, list of assets, customers' inclusion files. */
export const gateio: LiabilityFormat = {
  name: 'gateio',
  recognise(head) {
    if (hasMarks(head, GATEIO.userMarks) || hasMarks(head, LIST_MARKS)) return 'gateio';
    const header = head.trimStart().split('\n', 1)[0]!;
    const own = TABLE_MARKS.every((mark) => header.includes(mark)) && !header.includes('assets_count');
    return own ? 'gateio' : null;
  },
  check: (files, options, disabled) => checkFiles(files, options, GATEIO, disabled),
};
