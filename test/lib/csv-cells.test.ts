import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitCells } from '../../src/lib/csv-cells.ts';

const cells = (text: string) => {
  const result = splitCells(text);
  return result.ok ? result.value : result.error;
};

describe('splitCells', () => {
  it.each([
    ['', ['']],
    ['a,b', ['a', 'b']],
    [' a ,\tb\t,', ['a', 'b', '']],
    ['[1,2],b', ['[1,2]', 'b']],
    ['{"a":[1,2],"b":"]"},x', ['{"a":[1,2],"b":"]"}', 'x']],
    ['["a\\"]b",2],x', ['["a\\"]b",2]', 'x']],
    ['[a][b,c],d', ['[a][b,c]', 'd']],
    ['"{""k"":""1,2""}",y', ['{"k":"1,2"}', 'y']],
    ['"a ""b"" c" ,d', ['a "b" c', 'd']],
    ['" keeps ",d', [' keeps ', 'd']],
    ['a[b,c]', ['a[b', 'c]']],
    ['a"b,c', ['a"b', 'c']],
    ['"",""', ['', '']],
  ])('splits %j', (text, expected) => expect(cells(text)).toEqual(expected));

  it.each([
    ['a,[b,c', 'cell 2 lacks a closing ]'],
    ['[a},b', 'cell 1 has an unbalanced }'],
    ['{"a,b', 'cell 1 has a quote in brackets that never closes'],
    ['a,"b,c', 'cell 2 opens with a quote that never closes'],
    ['"a"b,c', 'cell 1 goes on after its closing quote'],
    ['[]],b', 'cell 1 has an unbalanced ]'],
  ])('refuses %j', (text, expected) => expect(cells(text)).toBe(expected));

  it('gives back any cells that were written with quotes', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), (values) => {
        const line = values.map((value) => `"${value.replaceAll('"', '""')}"`).join(',');
        expect(cells(line)).toEqual(values);
      }),
      { numRuns: 2000 },
    );
  });

  it('gives back any JSON array or object that stands bare', () => {
    const json = fc
      .oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()))
      .map((v) => JSON.stringify(v));
    fc.assert(
      fc.property(json, json, (first, second) => {
        expect(cells(`x,${first}, ${second} ,y`)).toEqual(['x', first, second, 'y']);
      }),
      { numRuns: 2000 },
    );
  });

  it('never throws and stays linear on hostile text', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('[', ']', '{', '}', '"', ',', '\\', 'a', ' ')), (parts) => {
        splitCells(parts.join(''));
      }),
      { numRuns: 3000 },
    );
    expect(splitCells('['.repeat(500_000)).ok).toBe(false);
    expect(splitCells('"'.repeat(500_001)).ok).toBe(false);
  });
});
