import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareDecimals, type Decimal, formatDecimal } from '../../src/domain/amount.ts';
import { ROUNDINGS, type Rounding } from '../../src/domain/liability.ts';
import { spanOf } from '../../src/domain/percent.ts';

const span = (text: string, rounding: Rounding): readonly string[] => {
  const found = spanOf({ text, rounding });
  if (!found.ok) throw new Error(found.error);
  return [formatDecimal(found.value.lo), found.value.hi === null ? '∞' : formatDecimal(found.value.hi)];
};

/** What a publisher with that rounding prints of an exact percentage, in units of its last printed digit. */
const printed = ({ unscaled, scale }: Decimal, decimals: number, rounding: Rounding): bigint => {
  const step = 10n ** BigInt(scale - decimals);
  return rounding === 'nearest' ? (2n * unscaled + step) / (2n * step) : unscaled / step;
};

describe('a printed percentage', () => {
  it('is the interval that its last digit leaves open', () => {
    expect(span('102 %', 'unknown')).toEqual(['101', '103']);
    expect(span('102%', 'nearest')).toEqual(['101.5', '102.5']);
    expect(span('102 %', 'down')).toEqual(['102', '103']);
    expect(span('100.25 %', 'unknown')).toEqual(['100.24', '100.26']);
    expect(span('100.20 %', 'nearest')).toEqual(['100.195', '100.205']);
    expect(span('0 %', 'unknown')).toEqual(['0', '1']);
    expect(span('over 100 %', 'unknown')).toEqual(['100', '∞']);
    expect(span('≤ 99.5 %', 'nearest')).toEqual(['0', '99.5']);
    for (const text of ['102', '-1 %', '1e2 %', '102,5 %', '', '١٠٢ %', 'perhaps 102 %', 'over %'])
      expect(spanOf({ text, rounding: 'unknown' })).toMatchObject({ ok: false });
  });

  it('holds every percentage that is printed so, and none that is printed otherwise', () => {
    const scale = 8;
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 3n * 10n ** 10n }),
        fc.integer({ min: 0, max: 4 }),
        fc.constantFrom(...ROUNDINGS),
        fc.bigInt({ min: -2n, max: 2n }),
        (unscaled, decimals, rounding, off) => {
          const exact = { unscaled, scale };
          const units = printed(exact, decimals, rounding) + off;
          if (units < 0n) return;
          const digits = units.toString().padStart(decimals + 1, '0');
          const cut = digits.length - decimals;
          const text = `${digits.slice(0, cut)}${decimals === 0 ? '' : `.${digits.slice(cut)}`} %`;
          const found = spanOf({ text, rounding });
          if (!found.ok) throw new Error(found.error);
          const inside =
            compareDecimals(found.value.lo, exact) <= 0 && compareDecimals(exact, found.value.hi as Decimal) < 0;
          if (rounding !== 'unknown') expect(inside).toBe(off === 0n);
          else if (off === 0n) expect(inside).toBe(true);
          else if (off < -1n || off > 1n) expect(inside).toBe(false);
        },
      ),
    );
  });
});
