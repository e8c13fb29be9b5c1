import type { Result } from '../../../src/domain/result.ts';
import { isArray, isObject, type Json, numberText, parseJson } from '../../../src/lib/json.ts';

export type Path = readonly (string | number)[];

/** Parses text that the test itself made or read. */
export function parsed(text: string): Json {
  const json = parseJson(text);
  if (!json.ok) throw new Error(json.error);
  return json.value;
}
export const asResult = (value: Json): Result<Json> => ({ ok: true, value });

/** The same JSON with one place replaced (or removed: undefined); only the path to it is copied. */
export function replaced(json: Json, [key, ...rest]: Path, value: Json | undefined): Json {
  if (key === undefined) return value as Json;
  if (isArray(json)) {
    const copy = [...json];
    if (rest.length === 0 && value === undefined) copy.splice(key as number, 1);
    else copy[key as number] = replaced(json[key as number]!, rest, value);
    return copy;
  }
  if (!isObject(json)) throw new Error('no such place');
  const copy: Record<string, Json> = { ...json };
  if (rest.length === 0 && value === undefined) delete copy[key];
  else copy[key] = replaced(json[key]!, rest, value);
  return copy;
}

/** Every leaf of the JSON: its path and value. */
export function* leaves(json: Json, path: Path = []): Generator<{ readonly path: Path; readonly value: Json }> {
  if (isArray(json)) for (const [i, item] of json.entries()) yield* leaves(item, [...path, i]);
  else if (isObject(json)) for (const [key, item] of Object.entries(json)) yield* leaves(item, [...path, key]);
  else yield { path, value: json };
}

/** A path with its list positions left out: what kind of place it is. */
export const kindOf = (path: Path): string => path.map((key) => (typeof key === 'number' ? '*' : key)).join('.');

/** Another value of the same type: a number one off, a flag turned, the last hex digit or digit of a text changed. */
export function flipped(value: Json): Json {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'string') return value.slice(0, -1) + (value.endsWith('1') ? '2' : '1');
  const text = numberText(value);
  if (text === undefined) return parsed('1');
  return parsed((BigInt(text) === 0n ? 1n : BigInt(text) - 1n).toString());
}
