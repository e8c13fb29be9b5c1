import { groupBy } from '../../src/lib/group-by.ts';
import { isArray, isObject, type Json, numberText } from '../../src/lib/json.ts';
import { printJson } from './merkle/call.ts';
import type { Mutation } from './mutations.ts';
import { flipped, kindOf, leaves, type Path, parsed, replaced } from './okx-zk-v2/json-edit.ts';

/** At most so many of a list, the first and the last among them, evenly spread. */
export const spread = <T>(items: readonly T[], most: number): readonly T[] =>
  items.length <= most
    ? items
    : Array.from({ length: most }, (_, i) => items[Math.round((i * (items.length - 1)) / Math.max(1, most - 1))]!);

/**
 * Every change of one element of a JSON file, its shape included: at each kind of place (list positions left out) at most `most` of its
 * elements, so every field is changed however long its lists are. With a prime also the numbers that are the same to its field.
 */
export const everyField = (most: number, prime?: bigint) =>
  function* (text: string): Generator<Mutation> {
    const json = parsed(text);
    const byKind = groupBy(leaves(json), ({ path, value }) => `${kindOf(path)} ${value === ''}`);
    for (const all of byKind.values())
      for (const { path, value } of spread(all, most)) {
        const change = (what: string, to: Json | undefined): Mutation =>
          lazily(what, kindOf(path), () => printJson(replaced(json, path, to)));
        for (const other of otherValues(value)) yield change('another value', other);
        for (const other of otherSpellings(value)) yield change('another spelling', other);
        const amount = amountOf(value);
        const nothing = amount !== null && !/[1-9]/.test(amount) ? ' where it is 0' : '';
        if (amount !== null && nothing === '') yield change('the other sign', like(value, `-${amount}`));
        if (prime !== undefined && amount !== null && /^\d+$/.test(amount)) {
          yield change("the field's prime more", like(value, `${BigInt(amount) + prime}`));
          yield change("the field's prime less", like(value, `${BigInt(amount) - prime}`));
        }
        yield change(`left out${nothing}`, undefined);
        if (typeof path.at(-1) === 'string')
          yield lazily(`another name${nothing}`, kindOf(path), () => printJson(renamed(json, path)));
      }
    for (const all of groupBy(branches(json), ({ path }) => kindOf(path)).values())
      for (const { path, value } of spread(all, most)) {
        const make = (what: string, changed: Json | undefined): Mutation =>
          lazily(what, kindOf(path), () => printJson(replaced(json, path, changed)));
        if (typeof path.at(-1) === 'string') yield make('left out', undefined);
        if (isArray(value)) {
          if (value.length > 0) {
            yield make('one less', value.slice(0, -1));
            yield make('one less', value.slice(1));
            yield make('one more', [...value, value[0]!]);
          }
          yield make('another order', value.toReversed());
          yield make('none', []);
        } else if (isObject(value)) {
          yield make('a member more', { ...value, unknown: 'x' });
          yield make('another order of members', Object.fromEntries(Object.entries(value).toReversed()));
        }
      }
  };

/** Many of the changes of a large file are never tried: it is printed for those that are. */
const lazily = (what: string, place: string, print: () => string): Mutation => ({
  what,
  place,
  get text() {
    return print();
  },
});

/** The same JSON with one member under another name, at its place. */
function renamed(json: Json, [key, ...rest]: Path): Json {
  if (isArray(json)) return json.map((item, i) => (i === key ? renamed(item, rest) : item));
  return Object.fromEntries(
    Object.entries(json as { readonly [name: string]: Json }).map(([name, item]) =>
      name !== key ? [name, item] : rest.length === 0 ? ['Renamed', item] : [name, renamed(item, rest)],
    ),
  );
}

/** Every list and every object of the JSON. */
function* branches(json: Json, path: Path = []): Generator<{ readonly path: Path; readonly value: Json }> {
  const entries = isArray(json) ? json.entries() : isObject(json) ? Object.entries(json) : null;
  if (entries === null) return;
  yield { path, value: json };
  for (const [key, item] of entries) yield* branches(item, [...path, key]);
}

/** A text with its first, a middle or its last character changed (never the filling of base64); a number doubled, one more or one less. */
function otherValues(value: Json): readonly Json[] {
  const number = typeof value === 'string' ? undefined : numberText(value);
  if (number !== undefined)
    return /^-?\d+$/.test(number)
      ? [parsed(`${2n * BigInt(number) || 1n}`), parsed(`${BigInt(number) + 1n}`), flipped(value)]
      : [parsed(changedAt(number, number.length - 1))];
  if (typeof value !== 'string') return [flipped(value)];
  const length = value.replace(/=+$/, '').length;
  if (length === 0) return [`${value}x`];
  return [...new Set([0, length >> 1, length - 1])].map((at) => changedAt(value, at));
}

/** The same text with another character at one place. */
export const changedAt = (text: string, at: number): string =>
  text.slice(0, at) + (text[at] === '1' ? '2' : '1') + text.slice(at + 1);

/** The same amount with a zero behind it, as a text or as a bare number; the same hex in capitals. */
function otherSpellings(value: Json): readonly Json[] {
  const amount = amountOf(value);
  if (amount === null)
    return typeof value === 'string' && /^(?=.*[a-f])[0-9a-f]{16,}$/.test(value) ? [value.toUpperCase()] : [];
  const behind = amount.includes('.') ? `${amount}0` : `${amount}.0`;
  return [like(value, behind), typeof value === 'string' ? parsed(amount) : amount];
}

/** A plain decimal, of at most 80 digits so that no hash is taken for one, or null. */
function amountOf(value: Json): string | null {
  const text = typeof value === 'string' ? value : (numberText(value) ?? '');
  return /^(?!\d{16}$|\d{32}$|\d{64}$)(?:0|[1-9]\d{0,79})(?:\.\d+)?$/.test(text) ? text : null;
}
const like = (value: Json, text: string): Json => (typeof value === 'string' ? text : parsed(text));

/** Only those of the changes that `keep` wants, and one of each kind at each kind of place: for files that take long to check. */
export const fewer = (changes: (text: string) => Iterable<Mutation>, keep: (one: Mutation) => boolean) =>
  function* (text: string): Generator<Mutation> {
    const seen = new Set<string>();
    for (const one of changes(text)) {
      const name = `${one.place} ${one.what}`;
      if (seen.has(name) || !keep(one)) continue;
      seen.add(name);
      yield one;
    }
  };
