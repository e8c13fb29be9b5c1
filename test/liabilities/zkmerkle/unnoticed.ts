import type { Justified } from '../force-conditions.ts';

const SAME =
  'what it asks was asked before: it is for the type checker, or for a test that has switched the other one off';
const REASON = 'without it another condition refuses the same file for a less plain reason';
const WORDS = 'it only chooses words';
const SPEED = 'it only saves work';

/** Conditions of Gate.io's and Binance's verifiers that no file can show to matter. */
export const UNNOTICED: readonly Justified[] = [
  { why: SAME, file: 'htx/assets.ts', forced: ['text !== undefined → true'] },
  {
    why: 'tried in binance/format.test.ts: it takes a circuit of full size',
    file: 'binance/user.ts',
    forced: ['holdings.length <= slots → true'],
  },
  { why: SPEED, file: 'bn254/groth16.ts', forced: ['bytes.length > MAX_KEY_BYTES → false', 'i === 0 → false'] },
  {
    why: SAME,
    file: 'bn254/groth16.ts',
    forced: ['count === undefined (2) → false', 'g2.is0() → false', 'reader.uint32() === 0 → true'],
  },
  { why: 'no point of these files has it', file: 'bn254/points.ts', forced: ['Fp.is0(root.c1) → false'] },
  {
    why: REASON,
    file: 'bn254/points.ts',
    forced: [
      ...['at < bytes.length → true', 'kind === INFINITY → false', 'kind === INFINITY (2) → false'],
      ...['read.every((value) => value < P) → true', 'value < P → true', "typeof read === 'string' → false"],
    ],
  },
  {
    why: SAME,
    file: 'bn254/scalar.ts',
    forced: [
      ...['bytes.length <= maxBytes → true', 'text.length > 4 * Math.ceil(maxBytes / 3) → false'],
      ...["typeof text === 'string' → true", 'value >= 0n → true'],
    ],
  },
  { why: SAME, file: 'zkmerkle/assets.ts', forced: ['debt > 0n → false'] },
  {
    why: 'it keeps a line without end from being read: tried in review.test.ts',
    file: 'zkmerkle/check-files.ts',
    forced: ['file.bytes > MAX_TABLE_BYTES → false'],
  },
  {
    why: 'it hides the name of a file that cannot be read: tried in review.test.ts',
    file: 'zkmerkle/check-files.ts',
    forced: ['hidden → false', 'mayName(basename(file.name)) → false', 'text.ok (2) → false', 'text.ok (2) → true'],
  },
  { why: WORDS, file: 'zkmerkle/assets.ts', forced: ['odd?.fault → false', 'wrong === undefined → true'] },
  { why: SAME, file: 'zkmerkle/check-files.ts', forced: ['json.ok → true'] },
  {
    why: SAME,
    file: 'zkmerkle/check-table.ts',
    forced: [
      ...["checks.require('proof-points', false, detail) → false", 'checks.require(name, true, detail) → false'],
      ...['checks.require(name, true, detail) → true', 'row.first === null → false'],
    ],
  },
  { why: WORDS, file: 'zkmerkle/check-table.ts', forced: ['wrong < 0 → true'] },
  {
    why: SAME,
    file: 'zkmerkle/global.ts',
    forced: [
      ...[
        'chain === null (2) → false',
        'chain === null (3) → false',
        'checks.failed() → false',
        'list === undefined → false',
      ],
      ...['matched === undefined (2) → false', 'pin === undefined → false'],
    ],
  },
  { why: SAME, file: 'zkmerkle/inclusion.ts', forced: ["typeof user === 'string' (3) → false"] },
  { why: SAME, file: 'zkmerkle/read.ts', forced: ['text !== undefined → true'] },
  { why: REASON, file: 'zkmerkle/table.ts', forced: ['fault !== undefined → false', 'json.ok → true'] },
  { why: SAME, file: 'zkmerkle/table.ts', forced: ['cells.ok (2) → true', 'places.has(column) (2) → true'] },
  { why: SPEED, file: 'zkmerkle/table.ts', forced: ['rows.length === MAX_ROWS → false'] },
];
