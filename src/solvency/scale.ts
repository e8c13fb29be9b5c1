import { type BaseUnits, type Decimal, parseDecimal, scaleUp } from '../domain/amount.ts';
import type { AssetCode, AssetId } from '../domain/ids.ts';
import { type Interval, interval } from '../domain/interval.ts';
import type { Registry } from '../domain/registry.ts';

/** The part of the registry that figures need: decimals of chain assets and of ratio assets. */
export type AssetBook = Pick<Registry, 'assets' | 'assetDecimals'>;

/** For a ratio asset that no chain asset counts as: nothing of it can be read, its claims are shown at this scale. */
const DECIMALS_OF_THE_UNREAD = 18;

/** The decimals in which an asset's figures are counted: the largest of its chain assets' own. */
export const decimalsOf = (book: AssetBook, asset: AssetCode): number =>
  book.assetDecimals.get(asset) ?? DECIMALS_OF_THE_UNREAD;

/** A chain asset's amount at the ratio asset's decimals, exactly; null where the registry does not know the chain asset. */
export function scaledTo(book: AssetBook, amount: BaseUnits, assetId: AssetId, decimals: number): BaseUnits | null {
  const own = book.assets.get(assetId)?.decimals;
  return own === undefined ? null : scaleUp(amount, own, decimals);
}

/** A decimal between two neighbouring base units, or exactly one where it is not finer than the decimals. */
export function unitsAround({ unscaled, scale }: Decimal, decimals: number): Interval {
  if (scale <= decimals) {
    const units = (unscaled * 10n ** BigInt(decimals - scale)) as BaseUnits;
    return { lo: units, hi: units };
  }
  const step = 10n ** BigInt(scale - decimals);
  const rest = ((unscaled % step) + step) % step;
  const floor = (unscaled - rest) / step;
  return interval(floor as BaseUnits, (rest === 0n ? floor : floor + 1n) as BaseUnits);
}

/** A stored claim in coin units as a decimal; the import wrote it canonically, so that anything else is a bug and throws. */
export function claimOf(text: string): Decimal {
  const value = parseDecimal(text);
  if (!value.ok) throw new Error(`a stored claim is broken: ${value.error}`);
  return value.value;
}
