import type { Justified } from '../force-conditions.ts';

const SAME =
  'what it asks was asked before: it is for the type checker, or for a test that has switched the other one off';
const WORDS = 'it only chooses words';
const SPEED = 'it only saves work';
const LOCK = 'no check that failed leaves anything there: it is a second lock';

/** Conditions of the verifier of OKX's zk-STARK files that no file can show to matter. */
export const UNNOTICED: readonly Justified[] = [
  { why: SPEED, file: 'okx-stark-v1/field.ts', forced: ['known !== undefined → false'] },
  { why: SPEED, file: 'okx-stark-v1/fri.ts', forced: ['known !== undefined → false'] },
  {
    why: SAME,
    file: 'okx-stark-v1/inclusion.ts',
    forced: ['proven === undefined → false', 'value !== undefined → true'],
  },
  {
    why: WORDS,
    file: 'okx-stark-v1/inclusion.ts',
    forced: [
      ...['json.ok (2) → false', 'json.ok (2) → true'],
      ...["typeof inclusion === 'string' → false", "typeof inclusion === 'string' → true"],
    ],
  },
  { why: LOCK, file: 'okx-stark-v1/inclusion.ts', forced: ["verdict === 'invalid' → false"] },
  {
    why: SPEED,
    file: 'okx-stark-v1/merkle.ts',
    forced: ['before === undefined → true', 'parents.has(place >> 1) → false'],
  },
  {
    why: SAME,
    file: 'okx-stark-v1/sum-files.ts',
    forced: [
      // biome-ignore lint/suspicious/noTemplateCurlyInString: source text.
      "checks.require('file', false, `${file.name}: ${json}`) → false",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: source text.
      "checks.require('sum-values', false, `${file.name}: ${read}`) → false",
      ...['first !== undefined → true', 'first → true', "typeof config !== 'string' → true"],
    ],
  },
  { why: WORDS, file: 'okx-stark-v1/sum-files.ts', forced: ['wrong < 0 (2) → true'] },
  { why: SAME, file: 'okx-stark-v1/sum-proof.ts', forced: ['value !== undefined → true'] },
  {
    why: 'no file makes another error: it would be a bug, which is to be seen',
    file: 'okx-stark-v1/sum-proof.ts',
    forced: ['error instanceof ShapeFault → true'],
  },
  { why: SAME, file: 'okx-stark-v1/sum-set.ts', forced: ["checks.require('distinct-roots', false, twice) → false"] },
  {
    why: WORDS,
    file: 'okx-stark-v1/sum-set.ts',
    forced: [
      ...['failed.length > 0 → false', 'found.length > 1 → false', 'found.length > 1 → true'],
      ...['json.ok (2) → false', 'json.ok (2) → true', 'other === undefined → false', 'other === undefined → true'],
      ...["status === 'pass' → false", "typeof proof === 'string' → false", "typeof proof === 'string' → true"],
    ],
  },
  { why: LOCK, file: 'okx-stark-v1/sum-set.ts', forced: ['failed → false'] },
  { why: SAME, file: 'okx-stark-v1/sum-values.ts', forced: ['isObject(json) → true'] },
];
