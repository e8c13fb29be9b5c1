import type { Checklist } from '../checklist.ts';
import { AMOUNT_LIMIT } from './read.ts';

/** What the exchange says that it owes in one asset, in smallest units, and the price that it counts with. */
export interface ListedAsset {
  readonly symbol: string;
  readonly equity: bigint;
  readonly debt: bigint;
  readonly price: bigint;
}

/** A published list of assets by position, as far as every exchange of the family needs it. */
export interface AssetList<Asset extends ListedAsset = ListedAsset> {
  readonly file: string;
  readonly assets: readonly Asset[];
  /** Numbers beside equity, debt and price that must be below 2^64, by asset. */
  readonly further: (asset: Asset) => readonly bigint[];
  /** What else the format's circuit demands of an asset; null where all is well, absent where it demands nothing. */
  readonly fault?: (asset: Asset) => string | null;
  /** The commitment to the list, filled up to so many assets; with `empty`, to the same list before the first account. */
  readonly commit: (slots: number, empty: boolean) => bigint;
}

/** What may stand as a coin's name in a result. */
const SYMBOL = /^[A-Za-z0-9][A-Za-z0-9._$-]{0,31}$/;

/** Whether a text may stand as a coin's name in a result. */
export const isSymbol = (text: unknown): text is string => typeof text === 'string' && SYMBOL.test(text);

/** Checks a list by itself: amounts within 64 bits, no asset with more debt than equity, and what its format demands besides. */
export function checkAssets<Asset extends ListedAsset>(list: AssetList<Asset>, checks: Checklist): boolean {
  const small = (asset: Asset): boolean =>
    [asset.equity, asset.debt, asset.price, ...list.further(asset)].every((value) => value < AMOUNT_LIMIT);
  const named = (what: string, wrong: Asset | undefined, good: string) =>
    wrong === undefined ? good : `${what}: ${wrong.symbol}`;
  const large = list.assets.find((asset) => !small(asset));
  if (
    !checks.require('asset-amounts', large === undefined, named('not below 2^64', large, 'every number is below 2^64'))
  )
    return false;
  const short = list.assets.find(({ equity, debt }) => equity < debt);
  if (
    !checks.require('asset-debts', short === undefined, named('more debt than equity', short, 'no debt above equity'))
  )
    return false;
  const { fault } = list;
  if (fault === undefined) return true;
  const odd = list.assets.find((asset) => fault(asset) !== null);
  const detail = odd === undefined ? 'ratios and limits are well-formed' : `${odd.symbol}: ${fault(odd)}`;
  return checks.require('asset-terms', odd === undefined, detail);
}
