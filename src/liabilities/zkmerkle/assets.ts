import type { Checklist } from '../checklist.ts';
import { AMOUNT_LIMIT } from './read.ts';

/** What the exchange says that it owes in one asset, in smallest units, and the price that it counts with. */
export interface ListedAsset {
  readonly symbol: string;
  readonly equity: bigint;
  readonly debt: bigint;
  readonly price: bigint;
  /** Amounts besides, which the circuit keeps below 2^64 too. */
  readonly further: readonly bigint[];
  /** What of the asset the circuit would not accept; null where all is well, absent where it demands nothing. */
  readonly fault?: string | null;
}

/** A published list of assets by position, as far as every exchange of the family needs it. */
export interface AssetList {
  readonly file: string;
  readonly assets: readonly ListedAsset[];
  /** The commitment to the list, filled up to so many assets; with `empty`, to the same list before the first account. */
  readonly commit: (slots: number, empty: boolean) => bigint;
}

/** What may stand as a coin's name in a result. */
const SYMBOL = /^[A-Za-z0-9][A-Za-z0-9._$-]{0,31}$/;

/** Whether a text may stand as a coin's name in a result. */
export const isSymbol = (text: unknown): text is string => typeof text === 'string' && SYMBOL.test(text);

/** Checks a list by itself: amounts within 64 bits, no asset with more debt than equity, and what its circuit demands besides. */
export function checkAssets({ assets }: AssetList, checks: Checklist): boolean {
  const large = assets.find((asset) =>
    [asset.equity, asset.debt, asset.price, ...asset.further].some((value) => value >= AMOUNT_LIMIT),
  );
  const short = assets.find(({ equity, debt }) => equity < debt);
  const odd = assets.find(({ fault }) => typeof fault === 'string');
  return (
    checks.require('asset-amounts', large === undefined, `every number is below 2^64${but(large)}`) &&
    checks.require('asset-debts', short === undefined, `no asset has more debt than equity${but(short)}`) &&
    (assets.every(({ fault }) => fault === undefined) ||
      checks.require(
        'asset-terms',
        odd === undefined,
        odd?.fault ? `${odd.symbol}: ${odd.fault}` : 'ratios are in order',
      ))
  );
}

const but = (wrong: ListedAsset | undefined): string => (wrong === undefined ? '' : `, but not so for ${wrong.symbol}`);

/** The same function, each of its values computed once. */
export function computedOnce(commit: AssetList['commit']): AssetList['commit'] {
  const known = new Map<string, bigint>();
  return (slots, empty) => {
    const name = `${slots}${empty}`;
    const made = known.get(name) ?? commit(slots, empty);
    known.set(name, made);
    return made;
  };
}
