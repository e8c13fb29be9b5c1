import type { Justified } from '../force-conditions.ts';

const SAME =
  'what it asks was asked before: it is for the type checker, or for a test that has switched the other one off';
const REASON = 'without it another condition refuses the same file for a less plain reason';
const SPEED = 'it only saves work';

/** Conditions of the Merkle family that no file can show to matter. */
export const UNNOTICED: readonly Justified[] = [
  { why: SAME, file: 'merkle/leaf-list.ts', forced: ['match === null → false'] },
  { why: SAME, file: 'merkle/list-entry.ts', forced: ['amount.ok (2) → true', 'list === null → false'] },
  {
    why: SAME,
    file: 'merkle/path.ts',
    forced: [
      ...['json.ok (2) → false', 'json.ok (2) → true', 'bad (2) → false', 'bad (2) → true'],
      ...['proof !== null → true', "amounts === 'none' (3) → false", "sibling === 'none' (2) → false"],
    ],
  },
  {
    why: SAME,
    file: 'merkle/tree-entry.ts',
    forced: [
      ...['tree === null (2) → false', 'root === null → false', 'printed.ok → true'],
      ...['exact === null → false', 'summary !== null → true'],
    ],
  },
  { why: SPEED, file: 'merkle/tree-entry.ts', forced: ['times !== undefined → true', 'wanted.size > 0 → true'] },
  {
    why: SAME,
    file: 'merkle/trees/bitmex.ts',
    forced: ['a === null → false', 'b === null → false', 'match === null (2) → false', 'NODE.test(line) → true'],
  },
  {
    why: SAME,
    file: 'merkle/trees/okx-v2.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: source text.
    forced: ['a === null → false', 'b === null → false', 'line.startsWith(`,${height},`, HASH) → false'],
  },
  {
    why: SAME,
    file: 'merkle/user-leaves.ts',
    forced: [
      ...['json.ok (2) → false', 'json.ok (2) → true', 'complete (2) → true'],
      ...['checks.failed() → false', 'text !== null → true'],
    ],
  },
  {
    why: SAME,
    file: 'merkle/tree.ts',
    forced: [
      ...[
        "'check' in walked → true",
        "'check' in walked (2) → false",
        'fault === null → false',
        'fault === null → true',
      ],
      ...[
        'format.padded (2) → true',
        'format.padded (3) → true',
        'level.levels > 2 → true',
        'parent !== undefined → true',
      ],
      'root === undefined (2) → false',
    ],
  },
  {
    why: REASON,
    file: 'merkle/tree.ts',
    forced: [
      ...['level.here % 2 !== 0 → false', 'level.here === 0 → false', 'root.fault !== undefined → false'],
      ...['child.fault !== undefined → false', 'line === undefined (2) → false', 'line === undefined (2) → true'],
    ],
  },
  {
    why: SPEED,
    file: 'merkle/tree.ts',
    forced: [
      ...[
        'first === undefined → false',
        'level.here > 0 → false',
        'level.here > 0 → true',
        'level.here > 0 (2) → true',
      ],
      ...['level.mayShift → false', 'level.mayShift → true', 'watched() → true', 'watched() (2) → true'],
      ...['onLeaf !== null → true', 'format.leafHeight === null → false', 'format.leafHeight === null → true'],
      ...['level.height === format.leafHeight → true', 'isShort(cursor) → false', 'isShort(cursor) → true'],
      ...['window.end - window.at < AHEAD → false', 'window.end - window.at < AHEAD → true'],
      'window.end - window.at < MOST_AHEAD → true',
    ],
  },
];
