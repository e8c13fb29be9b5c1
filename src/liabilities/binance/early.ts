import { readAssetList } from '../gateio/assets.ts';
import { readUserFile, type UserKeys } from '../gateio/user.ts';
import type { Layout } from '../zkmerkle/check-files.ts';

const KEYS: UserKeys = {
  ...{ position: 'AccountIndex', id: 'AccountIdHash', equity: 'TotalEquity', debt: 'TotalDebt' },
  ...{ root: 'Root', siblings: 'Proof', assets: 'Assets' },
};
const RULES =
  "These are the rules of Binance's rounds until September 2024: 350 assets, no collateral; from October 2023 the hash takes 16 numbers at a time instead of 12.";

/**
 * Binance from 2022-12 to 2024-09, which Gate.io's layout comes from: the same hashes under other names. The empty trees' roots are
 * those of its verifier (src/verifier/main.go at c1884aa and 2d35593).
 */
export const BINANCE_UNTIL_2024: Layout = {
  kind: 'binance',
  versions: [
    { slots: 350, rate: 16, emptyRoot: 0x0e85b74bfd43747cb5e18ecb067727243f2e919a91ef69d86b5a27ed74bea7c2n },
    { slots: 350, emptyRoot: 0x0118925954da77d1a4b241fd163e4373e2265c515cfa60af7fcd28c8cb9ad58an },
  ],
  anySize: true,
  oneRoot: false,
  unsupported:
    'no genuine key of those rounds was at hand to check the proofs against, and the first circuits (until 2023-02) let debt be hidden behind a price that was not checked',
  caveats: [RULES],
  inclusionCaveats: [RULES],
  userMarks: ['"AccountIdHash"', '"Equity"'],
  listMarks: ['"CexAssetsInfo"', '"TotalEquity"', '"BasePrice"'],
  otherLayout: () => null,
  readUser: (json) => readUserFile(json, KEYS),
  readList: readAssetList,
};
