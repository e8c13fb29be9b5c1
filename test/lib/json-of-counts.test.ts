import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Json, numberText, parseJson, parseJsonOfCounts, smallInteger } from '../../src/lib/json.ts';

describe('JSON whose numbers are counts', () => {
  it('is read as the lossless parser reads it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = JSON.stringify(value, (_, item) =>
          typeof item === 'number' ? Math.trunc(item % 2 ** 40) || 0 : item,
        );
        expect(parseJsonOfCounts(text)).toEqual(parseJson(text));
      }),
    );
  });

  it('takes no number for a count that is none', () => {
    for (const text of ['0.5', '1e300', '-1e-7', '9007199254740993.5']) {
      const json = parseJsonOfCounts(`[${text}]`);
      const [item] = json.ok ? (json.value as readonly Json[]) : [undefined];
      expect(numberText(item)).toBeDefined();
      expect(smallInteger(item)).toBeUndefined();
    }
  });

  it('never throws', () => {
    for (const text of ['', '{', '1e999', '['.repeat(1e6), '['.repeat(1e5) + ']'.repeat(1e5), '"\\ud800'])
      expect(parseJsonOfCounts(text).ok, text.slice(0, 9)).toBe(false);
    const own = parseJsonOfCounts('{"__proto__": {"a": 1}}');
    expect(own.ok && Object.hasOwn(own.value as object, '__proto__')).toBe(true);
  });
});
