import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson, stringifyJson } from '../../src/lib/json.ts';
import { parseJsonQuick } from '../../src/lib/json-quick.ts';

const same = (text: string): void => {
  const [slow, quick] = [parseJson(text), parseJsonQuick(text)];
  expect(quick.ok, text).toBe(slow.ok);
  if (slow.ok && quick.ok) expect(quick.value).toEqual(slow.value);
};

describe('the quick JSON reader', () => {
  it('reads what the plain one reads', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom('', ' ', '\n\t', 2, '\r'), (value, indent) => {
        same(JSON.stringify(value, null, indent as never));
      }),
      { numRuns: 500 },
    );
    for (const text of [
      '0',
      '-0',
      '1e5',
      '1.50',
      '18446744073709551615',
      '"a\\u00e9\\n\\"\\\\"',
      '{"a":[{}]}',
      ' [ ] ',
      '{"":{"":1}}',
    ])
      same(text);
  });

  it('refuses what the plain one refuses', () => {
    const broken = [
      '',
      ' ',
      '[',
      ']',
      '{',
      '{"a"',
      '{"a":',
      '{"a":1',
      '{"a":1,}',
      '[1,]',
      '[1 2]',
      '{a:1}',
      "'a'",
      '"a',
      '"\\x"',
      '"\\',
    ];
    for (const text of [
      ...broken,
      '01',
      '1.',
      '.5',
      '+1',
      '1e',
      '--1',
      'tru',
      'nul',
      'NaN',
      '1 2',
      '"\n"',
      '{"a":1 "b":2}',
      '\ufeff1',
    ])
      same(text);
    fc.assert(
      fc.property(
        fc.json(),
        fc.nat(),
        fc.constantFrom('', '"', '{', ']', ',', '\\', '0', ' ', '-'),
        (text, position, junk) => {
          const cut = position % (text.length + 1);
          const changed = text.slice(0, cut) + junk + text.slice(cut + 1);
          // Repeated keys are the one thing on which the two differ.
          const quick = parseJsonQuick(changed);
          if (!quick.ok && quick.error.startsWith('a repeated key')) return;
          same(changed);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('refuses repeated keys and deep nesting, and keeps every name an own field', () => {
    expect(parseJsonQuick('{"a":1,"a":1}')).toMatchObject({ ok: false });
    expect(parseJsonQuick('['.repeat(100_000))).toMatchObject({
      ok: false,
      error: expect.stringContaining('nested too deeply'),
    });
    expect(parseJsonQuick('['.repeat(200) + ']'.repeat(200)).ok).toBe(true);
    const named = parseJsonQuick('{"__proto__":{"x":1},"constructor":2}');
    expect(named.ok && Object.keys(named.value as object)).toEqual(['__proto__', 'constructor']);
    expect(({} as { x?: unknown }).x).toBeUndefined();
    expect(stringifyJson(named.ok ? Object.getPrototypeOf(named.value) === Object.prototype : null)).toBe('true');
  });
});
