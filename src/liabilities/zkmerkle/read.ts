import { isArray, type Json, field as member, numberText } from '../../lib/json.ts';

/** No amount or price reaches 2^64: the circuits' range check. */
export const AMOUNT_LIMIT = 1n << 64n;
/** No value (amounts times prices, summed over at most 2^10 assets) reaches this. */
export const VALUE_LIMIT = 1n << 138n;

/** A JSON number that is a canonical non-negative integer of at most 78 digits, exactly; null for anything else. */
export function naturalOf(json: Json | undefined, key: string): bigint | null {
  const text = numberText(member(json, key));
  return text !== undefined && /^(?:0|[1-9]\d{0,77})$/.test(text) ? BigInt(text) : null;
}

/** The natural numbers of several members of an object, or the name of the first that is not one. */
export function naturalsOf<Key extends string>(json: Json, keys: readonly Key[]): Record<Key, bigint> | Key {
  const read = {} as Record<Key, bigint>;
  for (const key of keys) {
    const value = naturalOf(json, key);
    if (value === null) return key;
    read[key] = value;
  }
  return read;
}

/** A list of at most `most` items, or null. */
export const listOf = (json: Json | undefined, most: number): readonly Json[] | null =>
  isArray(json) && json.length <= most ? json : null;

/** Three numbers below 2^64 in one scalar: a·2^128 + b·2^64 + c. */
export const pack = (a: bigint, b: bigint, c: bigint): bigint => (a << 128n) + (b << 64n) + c;

/** Numbers packed by three in their order, the last filled up with zeros. */
export function packByThree(values: readonly bigint[]): readonly bigint[] {
  const packed: bigint[] = [];
  for (let i = 0; i < values.length; i += 3) packed.push(pack(values[i]!, values[i + 1] ?? 0n, values[i + 2] ?? 0n));
  return packed;
}
