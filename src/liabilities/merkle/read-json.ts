import { field, isObject, type Json, numberText, smallInteger } from '../../lib/json.ts';

/** Amounts as a file prints them, by asset. */
export type Texts = ReadonlyMap<string, string>;

/** Assets of one node; the longest published list has 50. */
const MAX_ASSETS = 512;
/** Longest single text of a proof: ids, nonces and hashes are shorter. */
const MAX_TEXT = 256;
/** What assets are called; names of digits only would lose their place in a parsed object. */
const ASSET = /^(?!\d+$)[A-Za-z0-9][A-Za-z0-9._$-]{0,31}$/;

/** A text member of an object, or null where it is missing, empty, over-long or something else. */
export function textOf(json: Json | undefined, key: string): string | null {
  const value = field(json, key);
  return typeof value === 'string' && value.length > 0 && value.length <= MAX_TEXT ? value : null;
}

/** A member that is a text, or null, or absent (null); undefined where it is something else. */
export function optionalText(json: Json | undefined, key: string): string | null | undefined {
  const value = field(json, key);
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value.length <= MAX_TEXT ? value : undefined;
  return numberText(value);
}

/** A small integer member, or null. */
export const countOf = (json: Json | undefined, key: string): number | null => smallInteger(field(json, key)) ?? null;

/** A lower-case hex member of exactly that many digits, or null. */
export function hashOf(json: Json | undefined, key: string, digits: number): string | null {
  const text = textOf(json, key);
  return text !== null && text.length === digits && /^[0-9a-f]+$/.test(text) ? text : null;
}

/** An object of amounts (texts or bare numbers, digits kept as they stand), or null where it is anything else. */
export function textsOf(json: Json | undefined): Texts | null {
  if (!isObject(json)) return null;
  const entries = Object.entries(json);
  if (entries.length > MAX_ASSETS) return null;
  const texts = new Map<string, string>();
  for (const [asset, value] of entries) {
    const text = typeof value === 'string' ? value : numberText(value);
    if (!ASSET.test(asset) || text === undefined) return null;
    texts.set(asset, text);
  }
  return texts;
}

/** Whether two lists name the same assets, in whatever order. */
export const sameAssets = (a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): boolean =>
  a.size === b.size && [...a.keys()].every((asset) => b.has(asset));

/** The same list in that order; assets that it does not name come last, as they stand. */
export const inOrder = (texts: Texts, order: readonly string[]): Texts =>
  new Map(
    [...new Set([...order, ...texts.keys()])].flatMap((asset) => {
      const text = texts.get(asset);
      return text === undefined ? [] : [[asset, text] as const];
    }),
  );

/** Whether every amount is printed as zero. */
export const isZero = (texts: Texts): boolean => [...texts.values()].every((text) => /^0+(\.0*)?$/.test(text));
