import { type Brand, quote } from './ids.ts';
import { err, ok, type Result } from './result.ts';

/** A count of an asset's smallest units. The only type in which money is added up for one chain asset. */
export type BaseUnits = Brand<bigint, 'BaseUnits'>;

/** An exact decimal of coin units: `unscaled / 10^scale`, with as few decimals as possible. */
export interface Decimal {
  readonly unscaled: bigint;
  readonly scale: number;
}

/** The zero of every asset. */
export const ZERO = 0n as BaseUnits;

/** A bigint as base units: for sums and tests; amounts from outside go through a parser. */
export const baseUnits = (value: bigint): BaseUnits => value as BaseUnits;

const DECIMAL = /^(\d{1,78})(?:\.(\d{1,78}))?$/;

/**
 * Reads an unsigned decimal in coin units: ASCII digits with at most one point, at most 78 digits on either side;
 * no sign, exponent, grouping, blanks or other digits. Leading and trailing zeros are accepted and dropped.
 */
export function parseDecimal(text: string): Result<Decimal> {
  const match = DECIMAL.exec(text);
  if (!match) return err(`amount ${quote(text)} is not a plain decimal number (digits, then optionally . and digits)`);
  const fraction = withoutTrailingZeros(match[2] ?? '');
  return ok({ unscaled: BigInt(`${match[1]}${fraction}`), scale: fraction.length });
}

function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}

/** The canonical text of a decimal: no exponent, no trailing zeros, no trailing point, `0` for zero. */
export function formatDecimal({ unscaled, scale }: Decimal): string {
  const sign = unscaled < 0n ? '-' : '';
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** The exact sum of two decimals. */
export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { unscaled: rescale(a, scale) + rescale(b, scale), scale };
}

/** Whether two decimals are the same number: negative, zero or positive, as a comparator. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const scale = Math.max(a.scale, b.scale);
  const difference = rescale(a, scale) - rescale(b, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Whether two amounts differ by more than a share (in ppm) of the first, exactly; from zero, by anything. */
export function differsByMore(from: Decimal, to: Decimal, sharePpm: bigint): boolean {
  const scale = Math.max(from.scale, to.scale);
  const base = rescale(from, scale);
  const change = rescale(to, scale) - base;
  return (change < 0n ? -change : change) * 1_000_000n > base * sharePpm;
}

const rescale = (value: Decimal, scale: number): bigint =>
  scale === value.scale ? value.unscaled : value.unscaled * 10n ** BigInt(scale - value.scale);

/** A decimal as base units of an asset with that many decimals; an error where it is finer than the asset allows. */
export function toBaseUnits(value: Decimal, decimals: number): Result<BaseUnits> {
  const trimmed = trim(value);
  if (trimmed.scale > decimals) {
    return err(`amount ${formatDecimal(value)} has ${trimmed.scale} decimals, the asset has only ${decimals}`);
  }
  return ok((trimmed.unscaled * 10n ** BigInt(decimals - trimmed.scale)) as BaseUnits);
}

function trim(value: Decimal): Decimal {
  let { unscaled, scale } = value;
  while (scale > 0 && unscaled % 10n === 0n) {
    unscaled /= 10n;
    scale -= 1;
  }
  return { unscaled, scale };
}

/** Reads an amount in coin units as base units of an asset with that many decimals. */
export function parseAmount(text: string, decimals: number): Result<BaseUnits> {
  const value = parseDecimal(text);
  return value.ok ? toBaseUnits(value.value, decimals) : value;
}

/** The canonical coin-unit text of base units: `formatAmount(1500n, 3)` is `1.5`. */
export const formatAmount = (units: BaseUnits, decimals: number): string =>
  formatDecimal({ unscaled: units, scale: decimals });

/** Base units of `from` decimals as base units of `to` decimals, exactly; scaling down is a bug and throws. */
export function scaleUp(units: BaseUnits, from: number, to: number): BaseUnits {
  if (to < from) throw new RangeError(`scaleUp from ${from} to ${to} decimals would lose digits`);
  return (units * 10n ** BigInt(to - from)) as BaseUnits;
}
