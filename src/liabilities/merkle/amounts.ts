import { addDecimals, type Decimal, formatDecimal, parseDecimal } from '../../domain/amount.ts';

/** Amounts by asset, in the order in which the format writes them. */
export type Amounts = ReadonlyMap<string, Decimal>;

/** Nothing. */
export const ZERO: Decimal = { unscaled: 0n, scale: 0 };

/** Reads a plain decimal that may carry a minus sign; null for anything else (exponents, blanks, 79 digits and more). */
export function readSigned(text: string): Decimal | null {
  const negative = text.startsWith('-');
  const parsed = parseDecimal(negative ? text.slice(1) : text);
  if (!parsed.ok) return null;
  return negative ? { unscaled: -parsed.value.unscaled, scale: parsed.value.scale } : parsed.value;
}

/** The canonical text of a printed amount (no trailing zeros); the text itself where it is no plain decimal. */
export function canonical(text: string): string {
  const amount = readSigned(text);
  return amount === null ? text : formatDecimal(amount);
}

/** Cuts to that many decimals, toward zero (Go's RoundDown, Java's RoundingMode.DOWN). */
export function truncate(value: Decimal, scale: number): Decimal {
  if (value.scale <= scale) return value;
  return { unscaled: value.unscaled / 10n ** BigInt(value.scale - scale), scale };
}

/** A decimal with exactly that many decimals (one at least), zeros kept: `1.50000000`. */
export function formatFixed(value: Decimal, scale: number): string {
  const text = formatDecimal(truncate(value, scale));
  const point = text.indexOf('.');
  const have = point < 0 ? 0 : text.length - point - 1;
  return `${text}${point < 0 ? '.' : ''}${'0'.repeat(scale - have)}`;
}

/** The sums by asset of two lists, in the order of the first and then of the second, each cut to `scale(asset)` decimals (null: exact). */
export function addAmounts(a: Amounts, b: Amounts, scale: (asset: string) => number | null): Amounts {
  const sums = new Map<string, Decimal>();
  for (const asset of new Set([...a.keys(), ...b.keys()])) {
    const sum = addDecimals(a.get(asset) ?? ZERO, b.get(asset) ?? ZERO);
    const places = scale(asset);
    sums.set(asset, places === null ? sum : truncate(sum, places));
  }
  return sums;
}

/** The assets whose amount is below zero. */
export const negativeAssets = (amounts: Amounts): readonly string[] =>
  [...amounts].filter(([, { unscaled }]) => unscaled < 0n).map(([asset]) => asset);

/** The same list in the order of the names (by UTF-16 code units, as Java's TreeMap and, for ASCII, Go's maps print). */
export const sortedByAsset = <T>(amounts: ReadonlyMap<string, T>): ReadonlyMap<string, T> =>
  new Map([...amounts].sort(([a], [b]) => (a < b ? -1 : 1)));
