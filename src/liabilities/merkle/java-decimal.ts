import type { Decimal } from '../../domain/amount.ts';

const NUMBER = /^(-?)(\d{1,78})(?:\.(\d{1,78}))?(?:E-(\d{1,2}))?$/;
/** Below this power of ten Java prints an exponent. */
const LOWEST_PLAIN = -6;

/** A number as java.math.BigDecimal reads it: all of its decimals stay, zeros at the end too. Null for anything else, and for powers of ten above 0. */
export function readBigDecimal(text: string): Decimal | null {
  const match = NUMBER.exec(text);
  if (match === null) return null;
  const [, sign, whole, fraction = '', exponent = '0'] = match;
  return { unscaled: BigInt(`${sign}${whole}${fraction}`), scale: fraction.length + Number(exponent) };
}

/** The text of BigDecimal.toString: `0.10` keeps its zero, and what begins behind the sixth decimal is printed as `6.7E-7`. */
export function printBigDecimal({ unscaled, scale }: Decimal): string {
  const sign = unscaled < 0n ? '-' : '';
  const digits = unscaled.toString().slice(sign.length);
  const power = digits.length - 1 - scale;
  if (power < LOWEST_PLAIN) return `${sign}${withPoint(digits, digits.length - 1)}E${power}`;
  return `${sign}${withPoint(digits.padStart(scale + 1, '0'), scale)}`;
}

/** Digits with so many of them behind the point. */
function withPoint(digits: string, decimals: number): string {
  const point = digits.length - decimals;
  return decimals > 0 ? `${digits.slice(0, point)}.${digits.slice(point)}` : digits;
}
