import { type Json, field as member, smallInteger } from '../../lib/json.ts';
import { poseidon } from '../bn254/poseidon.ts';
import { type AssetList, computedOnce, isSymbol, type ListedAsset } from '../zkmerkle/assets.ts';
import { listOf, naturalsOf, pack } from '../zkmerkle/read.ts';
import { faultOfTiers, packTiers, readTiers, type Tier } from './tiers.ts';

/** How coins may back loans, in the order of the exchange's files. */
export const COLLATERALS = ['loan', 'margin', 'portfolio'] as const;
export type Collateral = (typeof COLLATERALS)[number];

/** An asset of the published list, with what customers pledged of it and how much of that counts. */
export interface BinanceAsset extends ListedAsset {
  readonly pledged: Readonly<Record<Collateral, bigint>>;
  readonly tiers: Readonly<Record<Collateral, readonly Tier[]>>;
}

/** Assets that the exchange's circuits commit to (`AssetCounts`). */
export const SLOTS = 500;
const SCALARS_OF_AN_ASSET = 20;
/** An asset that is not used: nothing owed, no price, and tables of 12 steps that all end at 2^118 and count nothing. */
const UNUSED = [0n, 0n, ...Array<bigint>(SCALARS_OF_AN_ASSET - 2).fill((1n << 126n) + (1n << 252n))];
const KEYS = [
  ...['TotalEquity', 'TotalDebt', 'BasePrice'],
  ...['LoanCollateral', 'MarginCollateral', 'PortfolioMarginCollateral'],
];

/** Reads the published list (`config.json`); positions must be 0 to n-1, each once. A text says what is wrong. */
export function readAssetList(json: Json, file: string): AssetList | string {
  const items = listOf(member(json, 'CexAssetsInfo'), SLOTS);
  if (items === null || items.length === 0) return `CexAssetsInfo is not a list of 1 to ${SLOTS} assets`;
  const assets: BinanceAsset[] = [];
  for (const [i, item] of items.entries()) {
    const index = smallInteger(member(item, 'Index'));
    if (index === undefined || index < 0 || index >= items.length || assets[index] !== undefined)
      return `CexAssetsInfo[${i}].Index is not a place of the list of its own`;
    const asset = readAsset(item);
    if (typeof asset === 'string') return `CexAssetsInfo[${i}].${asset}`;
    assets[index] = asset;
  }
  return { file, assets, commit: computedOnce(({ slots }, empty) => commit(assets, slots, empty)) };
}

function readAsset(item: Json): BinanceAsset | string {
  const symbol = member(item, 'Symbol');
  if (!isSymbol(symbol)) return 'Symbol is not the name of a coin';
  const read = naturalsOf(item, KEYS);
  if (typeof read === 'string') return `${read} is not a natural number`;
  const [equity, debt, price, ...pledged] = KEYS.map((key) => read[key]!) as [bigint, bigint, bigint, ...bigint[]];
  const [loan, margin, portfolio] = ['LoanRatios', 'MarginRatios', 'PortfolioMarginRatios'].map((key) =>
    readTiers(item, key),
  );
  if (!loan || !margin || !portfolio) return 'LoanRatios, MarginRatios and PortfolioMarginRatios are not tables of 12';
  const fault = [loan, margin, portfolio].map(faultOfTiers).find((found) => found !== null) ?? null;
  return {
    ...{ symbol, equity, debt, price, further: pledged, fault },
    pledged: { loan: pledged[0]!, margin: pledged[1]!, portfolio: pledged[2]! },
    tiers: { loan, margin, portfolio },
  };
}

function commit(assets: readonly BinanceAsset[], slots: number, empty: boolean): bigint {
  const packed = assets.flatMap(({ equity, debt, price, pledged, tiers }) => [
    empty ? price : pack(equity, debt, price),
    empty ? 0n : pack(pledged.loan, pledged.margin, pledged.portfolio),
    ...COLLATERALS.flatMap((kind) => packTiers(tiers[kind])),
  ]);
  const unused = Array.from({ length: Math.max(0, slots - assets.length) }, () => UNUSED);
  return poseidon([...packed, ...unused.flat()]);
}
