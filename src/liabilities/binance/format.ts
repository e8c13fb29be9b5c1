import { isArray, isObject, type Json, field as member } from '../../lib/json.ts';
import type { Layout } from '../zkmerkle/check-files.ts';
import { readAssetList, SLOTS } from './assets.ts';
import { readUserFile } from './user.ts';

const CAVEATS = [
  'The batch proofs themselves were not checked: chain, commitments and list of assets fit together, but nothing here shows that they are true.',
  'Totals would be net (what customers hold less what they borrowed), in the smallest units that the exchange counts in; the proof binds neither this unit nor the names of the coins, only their order, amounts, prices and collateral ratios.',
];

/** Binance's circuits since 2024-09; the root of the tree of empty accounts is that of its verifier until 2026-05 (src/verifier/main.go). */
export const BINANCE: Layout = {
  kind: 'binance',
  versions: [{ slots: SLOTS, emptyRoot: 0x08696bfcb563a2ee4dde9e1dbd34f68d3f4643df6e3709cdb1855c9f886240c7n }],
  // The example of its repository is made so; no round that was published is known to be.
  drafts: [
    {
      ...{ slots: 350, dense: true },
      note: "The account is hashed as in Binance's draft of July 2024 (cf2a676 of its source): 350 assets, each in its place.",
    },
  ],
  unsupported:
    'the circuit is of the variant of Groth16 with commitments, which this version does not check: no genuine key and proof were at hand to check it against',
  caveats: CAVEATS,
  oneRoot: true,
  userMarks: ['"AccountIndex"', '"AccountIdHash"', '"TotalCollateral"', '"PortfolioMargin"'],
  listMarks: ['"CexAssetsInfo"', '"ProofTable"', '"AssetsCountTiers"', '"LoanCollateral"', '"LoanRatios"'],
  oneOf: ['"TotalCollateral"', '"PortfolioMargin"', '"LoanCollateral"', '"LoanRatios"'],
  otherLayout: layoutWithoutCollateral,
  readUser: readUserFile,
  readList: readAssetList,
};

/** Files until 2024-09 know no collateral: leaves and commitments were made otherwise. */
function layoutWithoutCollateral(json: Json): string | null {
  const list = member(json, 'CexAssetsInfo');
  const items = isArray(list) && list.length > 0 ? list : [];
  const user = member(json, 'AccountIdHash') !== undefined && member(json, 'TotalCollateral') === undefined;
  const old = items.length > 0 && items.every((item) => isObject(item) && member(item, 'LoanRatios') === undefined);
  return user || old
    ? 'no collateral: the layout until 2024-09 (or an excerpt), which this version does not check'
    : null;
}
