import { isArray, isObject, type Json } from '../../src/lib/json.ts';
import type { Call, CaseFile, Files } from './cases.ts';
import { printJson } from './merkle/call.ts';
import { flipped, kindOf, leaves, type Path, parsed, replaced } from './okx-zk-v2/json-edit.ts';

/** A changed text with what was done to it, and to which kind of place. */
export interface Mutation {
  readonly what: string;
  readonly place: string;
  readonly text: string;
}

const JUNK: readonly Json[] = [
  'null',
  '[]',
  '{}',
  '""',
  '"7"',
  '7',
  '-1',
  '1.5',
  '1e3',
  '4294967296',
  '18446744073709551616',
  'true',
].map(parsed);

/** Every node of the JSON that is a list or an object. */
function* branches(json: Json, path: Path = []): Generator<{ readonly path: Path; readonly value: Json }> {
  if (isArray(json)) {
    yield { path, value: json };
    for (const [i, item] of json.entries()) yield* branches(item, [...path, i]);
  } else if (isObject(json)) {
    yield { path, value: json };
    for (const [key, item] of Object.entries(json)) yield* branches(item, [...path, key]);
  }
}

/** The first places of each kind, at most so many. */
function* limited<T extends { readonly path: Path }>(places: Iterable<T>, most: number): Generator<T> {
  const counts = new Map<string, number>();
  for (const place of places) {
    const kind = kindOf(place.path);
    const count = counts.get(kind) ?? 0;
    counts.set(kind, count + 1);
    if (count < most) yield place;
  }
}

const ALL = Number.POSITIVE_INFINITY;

/** One element changed in every field: each leaf's own value, another one of its type. An empty text gets a letter. */
export function* fieldChanges(text: string, most = ALL): Generator<Mutation> {
  const json = parsed(text);
  for (const { path, value } of limited(leaves(json), most))
    yield {
      what: 'changed',
      place: kindOf(path),
      text: printJson(replaced(json, path, value === '' ? 'x' : flipped(value))),
    };
}

/** Each leaf left out. */
export function* fieldsLeftOut(text: string, most = ALL): Generator<Mutation> {
  const json = parsed(text);
  for (const { path } of limited(leaves(json), most))
    yield { what: 'left out', place: kindOf(path), text: printJson(replaced(json, path, undefined)) };
}

/** Lists in another order, of another length, and objects with a member more. */
export function* shapeChanges(text: string, most = ALL): Generator<Mutation> {
  const json = parsed(text);
  for (const { path, value } of limited(branches(json), most)) {
    const place = kindOf(path);
    const make = (what: string, changed: Json): Mutation => ({
      what,
      place,
      text: printJson(replaced(json, path, changed)),
    });
    if (isArray(value)) {
      const [first] = value;
      if (value.length > 0) yield make('shorter', value.slice(0, -1));
      if (value.length > 0) yield make('without the first', value.slice(1));
      if (first !== undefined) yield make('longer', [...value, first]);
      if (printJson([...value].reverse()) !== printJson(value)) yield make('reversed', [...value].reverse());
      yield make('empty', []);
    } else {
      const entries = Object.entries(value as { readonly [key: string]: Json });
      yield make('with more', Object.fromEntries([...entries, ['unknown', 'x']]));
      const renamed = entries.map(([key, item], i) => [i === entries.length - 1 ? 'Renamed' : key, item]);
      if (entries.length > 0) yield make('renamed', Object.fromEntries(renamed));
      if (entries.length > 1) yield make('in another order', Object.fromEntries(entries.toReversed()));
    }
  }
}

/** Anything in the place of each leaf and branch. */
export function* junkChanges(text: string, most = ALL): Generator<Mutation> {
  const json = parsed(text);
  for (const { path } of limited([...leaves(json), ...branches(json)], most))
    for (const junk of JUNK)
      if (path.length > 0)
        yield { what: `now ${printJson(junk)}`, place: kindOf(path), text: printJson(replaced(json, path, junk)) };
}

/** The text cut, and with a member twice. */
export function* textChanges(text: string): Generator<Mutation> {
  for (const part of [1, 2, 3]) yield { what: 'cut', place: '', text: text.slice(0, (text.length * part) >> 2) };
  yield { what: 'empty', place: '', text: '' };
  yield { what: 'a member twice', place: '', text: text.replace('{', '{"extra":1,"extra":1,') };
}

/** Every change of every kind, at most so many of each kind at each kind of place. */
export function* allChanges(text: string, most = ALL): Generator<Mutation> {
  for (const change of [fieldChanges, fieldsLeftOut, shapeChanges, junkChanges]) yield* change(text, most);
  yield* textChanges(text);
}

/** Calls in which one file is changed in every way. */
export function callsOf(
  files: Files,
  name: string,
  changes: Iterable<Mutation>,
  more: Partial<Call> = {},
): readonly Call[] {
  const file = files[name] as CaseFile;
  return [...changes].map(({ what, place, text }) => ({
    ...more,
    name: `${name} ${place} ${what}`,
    files: { ...files, [name]: { ...file, text } },
  }));
}

/** Lines left out, doubled, swapped, cut, of another end, over-long, and each character class changed in turn. */
export function* lineChanges(text: string): Generator<Mutation> {
  const lines = text.split('\n');
  const make = (what: string, at: number, changed: readonly string[]): Mutation => ({
    what,
    place: `line ${at + 1}`,
    text: changed.join('\n'),
  });
  for (const [at, line] of lines.entries()) {
    yield make('left out', at, lines.toSpliced(at, 1));
    yield make('twice', at, lines.toSpliced(at, 0, line));
    yield make('cut', at, lines.with(at, line.slice(0, line.length >> 1)));
    yield make('empty line before', at, lines.toSpliced(at, 0, ''));
    yield make('CRLF', at, lines.with(at, `${line}\r`));
    yield make('upper case', at, lines.with(at, line.toUpperCase()));
    yield make('followed by more', at, lines.with(at, `${line}x`));
    yield make('the end', at, lines.slice(0, at));
    if (at > 0) yield make('swapped', at, lines.with(at, lines[at - 1]!).with(at - 1, line));
    for (const [what, from] of [
      ['a first digit', /\d/],
      ['a last digit', /\d(?=\D*$)/],
      ['a letter of hex', /[a-f]/],
      ['a point', /\./],
      ['a comma', /,/],
    ] as const) {
      const changed = line.replace(from, (one) => (one === '1' ? '2' : '1'));
      if (changed !== line) yield make(what, at, lines.with(at, changed));
    }
  }
  const second = Math.min(1, lines.length - 1);
  yield make('over-long', second, lines.with(second, 'a'.repeat(70_000)));
  yield make('over-long, then on', second, lines.with(second, `${lines[second]}${' '.repeat(70_000)}`));
  yield make('a mark before', 0, lines.with(0, `\uFEFF${lines[0]}`));
  yield make(
    'all CRLF',
    0,
    lines.map((line) => `${line}\r`),
  );
  yield make('an end', lines.length, [...lines, '']);
  yield make('empty ends', lines.length, [...lines, '', '\r', '']);
  yield make('empty starts', 0, ['', '\r', ...lines]);
}
