import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDecimals,
  baseUnits,
  compareDecimals,
  formatAmount,
  formatDecimal,
  parseAmount,
  parseDecimal,
  scaleUp,
  toBaseUnits,
} from '../../src/domain/amount.ts';

const units = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });
const decimals = fc.integer({ min: 0, max: 30 });

describe('amounts', () => {
  it('round-trip through text for every amount and number of decimals', () => {
    fc.assert(
      fc.property(units, decimals, (amount, places) => {
        const text = formatAmount(baseUnits(amount), places);
        expect(text).toMatch(/^(0|[1-9]\d*)(\.\d*[1-9])?$/);
        expect(parseAmount(text, places)).toEqual({ ok: true, value: amount });
      }),
    );
  });

  it('refuse everything that is not a plain decimal', () => {
    const bad = [
      '',
      ' 1',
      '1 ',
      '+5',
      '-0',
      '-1',
      '1e8',
      '1E400',
      '0x10',
      '1,000',
      '1_000',
      '.5',
      '5.',
      '1.2.3',
      'NaN',
      'Infinity',
      '９',
      '1\u200b',
      '1'.repeat(79),
      `0.${'1'.repeat(79)}`,
    ];
    for (const text of bad) expect(parseDecimal(text), text).toMatchObject({ ok: false });
  });

  it('refuse digits that the asset does not have, instead of rounding them away', () => {
    expect(parseAmount('0.123456789', 8)).toMatchObject({ ok: false });
    expect(parseAmount('0.1234567800', 8)).toEqual({ ok: true, value: 12345678n });
    expect(parseAmount('007.50', 2)).toEqual({ ok: true, value: 750n });
  });

  it('never take free text for a number', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (text) => {
        const parsed = parseDecimal(text);
        expect(parsed.ok).toBe(/^[0-9]+(\.[0-9]+)?$/.test(text));
      }),
    );
  });

  it('add and compare exactly as integers do at a common scale', () => {
    const decimal = fc.record({ unscaled: units, scale: decimals });
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        const wide = (x: typeof a) => x.unscaled * 10n ** BigInt(40 - x.scale);
        expect(wide(addDecimals(a, b))).toBe(wide(a) + wide(b));
        expect(Math.sign(compareDecimals(a, b))).toBe(wide(a) < wide(b) ? -1 : wide(a) > wide(b) ? 1 : 0);
      }),
    );
  });

  it('format negative and fractional decimals canonically', () => {
    expect(formatDecimal({ unscaled: -1500n, scale: 3 })).toBe('-1.5');
    expect(formatDecimal({ unscaled: 5n, scale: 3 })).toBe('0.005');
    expect(formatDecimal({ unscaled: 0n, scale: 18 })).toBe('0');
  });

  it('scale up exactly and never down', () => {
    expect(scaleUp(baseUnits(1_000_001n), 6, 18)).toBe(1_000_001_000_000_000_000n);
    expect(() => scaleUp(baseUnits(1n), 18, 6)).toThrow(RangeError);
    expect(toBaseUnits({ unscaled: 10n, scale: 1 }, 0)).toEqual({ ok: true, value: 1n });
  });
});
