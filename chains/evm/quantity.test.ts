import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/lib/json.ts';
import { parseData, parseHash, parseQuantity, parseWord, toQuantity } from './quantity.ts';

describe('parseQuantity', () => {
  it('reads every number up to 2^256 - 1 back', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), (value) => {
        expect(parseQuantity(toQuantity(value))).toBe(value);
        expect(parseWord(`0x${value.toString(16).padStart(64, '0')}`)).toBe(value);
      }),
    );
  });

  it.each([
    '',
    '0x',
    '0x00',
    '0x00ff',
    '0xFF',
    '0xFFg',
    '-0x1',
    '-1',
    '1',
    '0x1 ',
    ' 0x1',
    '0x1\n',
    `0x1${'0'.repeat(64)}`,
  ])('refuses %j', (text) => {
    expect(parseQuantity(text)).toBeNull();
  });

  it('refuses what is not a string', () => {
    for (const body of ['null', '0', '12', '{}', '[]', 'true', '{"length":3}']) {
      const json = parseJson(body);
      expect(json.ok && parseQuantity(json.value)).toBeNull();
    }
    expect(parseQuantity(undefined)).toBeNull();
  });

  it('accepts exactly the grammar', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0x1afAFg- '), maxLength: 8 }), (text) => {
        expect(parseQuantity(text) !== null).toBe(/^0x(0|[1-9a-f][0-9a-f]*)$/.test(text));
      }),
    );
  });
});

it('data keeps its length', () => {
  expect(parseData('0x')).toBe('0x');
  expect(parseData('0x0')).toBeNull();
  expect(parseWord('0x')).toBeNull();
  expect(parseWord(`0x${'0'.repeat(62)}`)).toBeNull();
  expect(parseHash(`0x${'A'.repeat(64)}`)).toBeNull();
});
