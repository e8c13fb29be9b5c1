import { type BaseUnits, baseUnits } from '../domain/amount.ts';
import { field, isArray, isObject, type Json, numberText, parseJson, smallInteger } from '../lib/json.ts';

/** An amount as the shortest big-endian bytes: zero is empty, there is no leading zero byte; negative is a bug and throws. */
export function encodeAmount(amount: BaseUnits): Buffer {
  if (amount < 0n) throw new RangeError(`amount ${amount} is negative`);
  if (amount === 0n) return Buffer.alloc(0);
  const hex = amount.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}

/** The amount of bytes that encodeAmount wrote. */
export const decodeAmount = (bytes: Buffer): BaseUnits =>
  baseUnits(bytes.length === 0 ? 0n : BigInt(`0x${bytes.toString('hex')}`));

/** Reads our own stored JSON field by field; anything unexpected throws a DecodeFault, which says where. */
export class Decoder {
  readonly #value: Json | undefined;
  readonly #where: string;

  constructor(value: Json | undefined, where: string) {
    this.#value = value;
    this.#where = where;
  }

  /** A decoder of stored text. */
  static of(text: string, where: string): Decoder {
    const parsed = parseJson(text);
    if (!parsed.ok) throw new DecodeFault(`${where} is ${parsed.error}`);
    return new Decoder(parsed.value, where);
  }

  at(key: string): Decoder {
    return new Decoder(field(this.#value, key), `${this.#where}.${key}`);
  }

  text<T extends string>(): T {
    return typeof this.#value === 'string' ? (this.#value as T) : this.#fail('text');
  }

  bool(): boolean {
    return typeof this.#value === 'boolean' ? this.#value : this.#fail('true or false');
  }

  /** A JSON integer below 2^53: times, counts. */
  int(): number {
    return smallInteger(this.#value) ?? this.#fail('an integer');
  }

  /** A decimal string of any size, as amounts and heights are written. */
  big(): bigint {
    const text = this.text();
    return /^(0|-?[1-9]\d*)$/.test(text) ? BigInt(text) : this.#fail('an integer in a string');
  }

  units(): BaseUnits {
    return baseUnits(this.big());
  }

  oneOf<T extends string>(allowed: readonly T[]): T {
    const text = this.text<T>();
    return allowed.includes(text) ? text : this.#fail(`one of ${allowed.join(', ')}`);
  }

  list<T>(read: (item: Decoder) => T): readonly T[] {
    if (!isArray(this.#value)) return this.#fail('a list');
    return this.#value.map((item, index) => read(new Decoder(item, `${this.#where}[${index}]`)));
  }

  orNull<T>(read: (value: Decoder) => T): T | null {
    return this.#value === null ? null : read(this);
  }

  /** An object with that one field, or without it where it was not written: for spreading optional fields. */
  optional<Key extends string, T>(key: Key, read: (value: Decoder) => T): { readonly [K in Key]?: T } {
    return this.#value === undefined ? {} : ({ [key]: read(this) } as { readonly [K in Key]?: T });
  }

  /** Plain data (text, small integers, booleans, lists, objects) as written, for records that hold no amounts. */
  plain(): unknown {
    const value = this.#value;
    if (value === undefined) return this.#fail('present');
    if (numberText(value) !== undefined) return this.int();
    if (isArray(value)) return this.list((item) => item.plain());
    if (isObject(value)) return Object.fromEntries(Object.keys(value).map((key) => [key, this.at(key).plain()]));
    return value;
  }

  #fail(expected: string): never {
    throw new DecodeFault(`${this.#where} is not ${expected}`);
  }
}

/** Stored JSON that is not what we wrote: a damaged database, or one written by newer code. */
export class DecodeFault extends Error {}
