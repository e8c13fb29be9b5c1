import type { Justified } from '../force-conditions.ts';

const SAME =
  'what it asks was asked before: it is for the type checker, or for a test that has switched the other one off';
const REASON = 'without it another condition refuses the same file for a less plain reason';
const WORDS = 'it only chooses words';
const SPEED = 'it only saves work';
const LOCK = 'no check that failed leaves anything there: it is a second lock';
const KEPT = 'the first fault is kept, whatever is read after it';

/** Conditions of the verifier of OKX's zk v2 files that no file can show to matter. */
export const UNNOTICED: readonly Justified[] = [
  { why: KEPT, file: 'okx-zk-v2/byte-reader.ts', forced: ['fault !== null → false', 'fault === null → true'] },
  {
    why: 'threads only save time, and are tried in tests of their own',
    file: 'okx-zk-v2/check-inclusions.ts',
    forced: [
      ...['existsSync(module) → false', 'existsSync(module) → true', 'files.length >= WORTH_THREADS → false'],
      ...['shards === null → true', 'threaded → false'],
    ],
  },
  { why: REASON, file: 'okx-zk-v2/choose-circuit.ts', forced: ['elements.length !== 4 → false'] },
  {
    why: WORDS,
    file: 'okx-zk-v2/choose-circuit.ts',
    forced: [
      ...['given → false', 'given → true', "scope === 'given' → false", "scope === 'given' → true"],
      ...['wrong.length === 0 → false', 'wrong.length === 0 → true'],
    ],
  },
  { why: SAME, file: 'okx-zk-v2/choose-circuit.ts', forced: ['word !== undefined → true'] },
  {
    why: 'no number of JSON is empty, or starts with a zero and goes on with a digit',
    file: 'okx-zk-v2/decimal.ts',
    forced: ['length === 0 → false', 'length > 1 → false', 'text.charCodeAt(0) === 48 → false'],
  },
  { why: SPEED, file: 'okx-zk-v2/decimal.ts', forced: ['length > 20 → false'] },
  {
    why: SAME,
    file: 'okx-zk-v2/general.ts',
    forced: [
      ...['batchSize === null → false', 'name === undefined → false', 'round === undefined → false'],
      'value !== undefined → true',
    ],
  },
  { why: LOCK, file: 'okx-zk-v2/global.ts', forced: ['checks.failed() → false'] },
  { why: WORDS, file: 'okx-zk-v2/global.ts', forced: ['json.ok (2) → false', 'json.ok (2) → true'] },
  {
    why: SAME,
    file: 'okx-zk-v2/global.ts',
    forced: [
      ...['proven === null (2) → true', "typeof general === 'string' (2) → false"],
      "typeof info === 'string' (2) → false",
    ],
  },
  { why: SPEED, file: 'okx-zk-v2/inclusion-path.ts', forced: ["amount === '0' → false"] },
  {
    why: SAME,
    file: 'okx-zk-v2/inclusion-path.ts',
    forced: ['canonical (2) → true', 'canonical (4) → true'],
  },
  {
    why: 'a debt that is not above an equity below P is below P',
    file: 'okx-zk-v2/inclusion-path.ts',
    forced: ['debt < P → true'],
  },
  {
    why: WORDS,
    file: 'okx-zk-v2/inclusion.ts',
    forced: [
      ...['json.ok (2) → false', 'json.ok (2) → true'],
      ...["typeof path === 'string' → false", "typeof path === 'string' → true"],
    ],
  },
  {
    why: 'it takes a circuit of one challenge: tried in field.test.ts',
    file: 'okx-zk-v2/merkle-path.ts',
    forced: ['i < opening.leafWords → true'],
  },
  {
    why: REASON,
    file: 'okx-zk-v2/proof-loader.ts',
    forced: ['Object.hasOwn(value, key) → true', 'keys.every((key) => Object.hasOwn(value, key)) → true'],
  },
  {
    why: SAME,
    file: 'okx-zk-v2/proof-loader.ts',
    forced: ['/^\\d{1,20}$/.test(text) → false', '/^\\d{1,20}$/.test(text) → true'],
  },
  { why: SAME, file: 'okx-zk-v2/proof.ts', forced: ['isArray(evals) → false', 'isArray(evals) → true'] },
  {
    why: WORDS,
    file: 'okx-zk-v2/verify-proof.ts',
    forced: ['fault === null → false', 'fault === null → true', 'fault?.check === name → false'],
  },
  {
    why: 'no transcript that anybody can make leads to it',
    file: 'okx-zk-v2/verify-proof.ts',
    forced: ['field.equal(zeta, field.one) → false'],
  },
  {
    why: "the products of the proofs made here are one throughout: it is tried with the exchange's own proof in verify-proof.test.ts",
    file: 'okx-zk-v2/verify-proof.ts',
    forced: ['field.equal(zeta, field.one) → true'],
  },
];
