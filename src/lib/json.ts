import { isLosslessNumber, LosslessNumber, parse } from 'lossless-json';
import { err, ok, type Result } from '../domain/result.ts';

/** Parsed JSON whose numbers are still text: integers above 2^53 and decimals survive exactly. */
export type Json = null | boolean | string | LosslessNumber | readonly Json[] | { readonly [key: string]: Json };

/** Parses JSON without losing a digit; an error names what is wrong, never throws (deep nesting included). */
export function parseJson(text: string): Result<Json> {
  try {
    const value = parse(text);
    return value === undefined ? err('empty text is not JSON') : ok(value as Json);
  } catch (error) {
    return err(
      error instanceof RangeError ? 'nested too deeply' : `not JSON: ${(error as Error).message.slice(0, 120)}`,
    );
  }
}

/** An own field of an object, or undefined: inherited names such as `constructor` are never found. */
export function field(value: Json | undefined, key: string): Json | undefined {
  if (!isObject(value) || !Object.hasOwn(value, key)) return undefined;
  return value[key];
}

/** Whether the value is a JSON object. */
export const isObject = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isLosslessNumber(value);

/** Whether the value is a JSON array. */
export const isArray = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** The number's own digits as they stood in the text (`0.10`, `9007199254740993`), or undefined for any other value. */
export const numberText = (value: Json | undefined): string | undefined =>
  value instanceof LosslessNumber ? value.value : undefined;

/** A JSON number that is an integer without exponent, exactly, or undefined for any other value. */
export function integer(value: Json | undefined): bigint | undefined {
  const text = numberText(value);
  return text !== undefined && /^-?\d{1,80}$/.test(text) ? BigInt(text) : undefined;
}

/** A JSON integer small enough to be a plain number (a count, an index, a time), or undefined. */
export function smallInteger(value: Json | undefined): number | undefined {
  const exact = integer(value);
  return exact !== undefined && exact >= -9007199254740991n && exact <= 9007199254740991n ? Number(exact) : undefined;
}

/** JSON text; bigints become decimal strings (wire types: amounts and heights are strings), undefined fields vanish. */
export const stringifyJson = (value: unknown, indent?: number): string =>
  JSON.stringify(
    value,
    (_key, item: unknown) => {
      if (typeof item === 'bigint') return item.toString();

      return item;
    },
    indent,
  );
