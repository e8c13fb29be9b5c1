import { isArray, isObject, type Json, numberText } from '../../lib/json.ts';
import type { Field, Words } from './field.ts';
import { P } from './goldilocks.ts';

/** Why a proof was not loaded: `shape` (a part is missing, of another length or type) or `canonical` (an element is not below P). */
export interface ProofFault {
  readonly check: 'shape' | 'canonical';
  readonly detail: string;
}

/** Takes a proof's JSON apart into the field machine; the first fault is kept. */
export interface Loader {
  readonly fault: ProofFault | null;
  object(value: Json | undefined, keys: readonly string[], where: string): Readonly<Record<string, Json>>;
  list(value: Json | undefined, length: number, where: string): readonly Json[];
  /** Base elements into memory. */
  elements(value: Json | undefined, length: number, where: string, into?: Words): Words;
  /** Extension elements, each a list of two. */
  pairs(value: Json | undefined, length: number, where: string, into?: Words): Words;
  /** Digests `{elements: [4]}`. */
  digests(value: Json | undefined, length: number, where: string): Words;
}

const DIGEST_KEYS = ['elements'] as const;

/** Starts without a fault. `wrap` is for tests only: takes any integer modulo P. */
export function loaderOf(field: Field, wrap: boolean): Loader {
  let fault: ProofFault | null = null;
  const fail = (check: ProofFault['check'], detail: string): void => {
    fault ??= { check, detail };
  };
  const list: Loader['list'] = (value, length, where) => {
    if (isArray(value) && value.length === length) return value;
    fail('shape', `${where} is not a list of ${length}`);
    return [];
  };
  const put = (value: Json | undefined, at: Words, index: number, where: string): void => {
    const text = numberText(value);
    if (text === undefined) fail('shape', `${where} holds what is not a number`);
    else if (field.writeText(at, index, text)) return;
    else if (wrap && /^\d{1,20}$/.test(text)) field.write(at, index, BigInt(text) % P);
    else fail('canonical', `${where} holds what is not a canonical field element`);
  };
  const object: Loader['object'] = (value, keys, where) => {
    if (isObject(value) && Object.keys(value).length === keys.length && keys.every((key) => Object.hasOwn(value, key)))
      return value;
    fail('shape', `${where} is not an object with exactly ${keys.join(', ')}`);
    return {};
  };
  return {
    get fault() {
      return fault;
    },
    object,
    list,
    elements(value, length, where, into = field.reserve(length)) {
      const items = list(value, length, where);
      for (let i = 0; i < items.length; i++) put(items[i], into, i, where);
      return into;
    },
    pairs(value, length, where, into = field.reserve(2 * length)) {
      const items = list(value, length, where);
      for (let i = 0; i < items.length; i++) {
        const pair = list(items[i], 2, where);
        put(pair[0], into, 2 * i, where);
        put(pair[1], into, 2 * i + 1, where);
      }
      return into;
    },
    digests(value, length, where) {
      const into = field.reserve(4 * length);
      const items = list(value, length, where);
      for (let i = 0; i < items.length; i++) {
        const words = list(object(items[i], DIGEST_KEYS, where)['elements'], 4, where);
        for (let j = 0; j < words.length; j++) put(words[j], into, 4 * i + j, where);
      }
      return into;
    },
  };
}
