import { parseJsonQuick } from '../../lib/json-quick.ts';
import { createChecklist } from '../checklist.ts';
import type { LiabilityCheck, LiabilityFile, LiabilityFormat, LiabilityKind } from '../types.ts';
import { checkInclusions, unreadable } from './check-inclusions.ts';
import { createField } from './field.ts';
import { checkGlobal, MAX_GLOBAL_BYTES } from './global.ts';
import type { GlobalLink } from './inclusion.ts';

/** Keys that only these files have, in quotes as JSON writes them; any two are enough, so order does not matter. */
const MARKS: readonly (readonly [LiabilityKind, readonly string[]])[] = [
  ['okx-zk-v2-inclusion', ['"sum_tree_siblings"', '"recursive_tree_siblings"', '"account"']],
  [
    'okx-zk-v2-global',
    [
      '"recursion_branchout_num"',
      '"root_vd_digest"',
      '"circuits_info"',
      '"wires_cap"',
      '"openings"',
      '"query_round_proofs"',
      '"evals_proofs"',
    ],
  ],
];

/** OKX's second zero-knowledge format (from 2024-09): user inclusion files and the global plonky2 proof. */
export const okxZkV2: LiabilityFormat = {
  name: 'okx-zk-v2',
  recognise(head) {
    for (const [kind, marks] of MARKS) if (marks.filter((mark) => head.includes(mark)).length >= 2) return kind;
    return null;
  },
  async check(files, options, disabled = new Set()) {
    const field = createField();
    const results = new Map<LiabilityFile, LiabilityCheck>();
    const links: GlobalLink[] = [];
    for (const { file, kind } of files) {
      if (kind !== 'okx-zk-v2-global') continue;
      const text = await file.readText(MAX_GLOBAL_BYTES);
      if (!text.ok) results.set(file, unreadable(file.name, kind, text.error));
      else {
        const { check, link } = checkGlobal(
          ...([parseJsonQuick(text.value), file.name, options.circuits, field] as const),
          createChecklist(disabled),
        );
        results.set(file, check);
        if (link !== null) links.push(link);
      }
    }
    // Inclusion files are named after the user's id: the result shows their place in the call instead.
    const inclusions = files.flatMap(({ file, kind, place }, i) =>
      kind === 'okx-zk-v2-inclusion' ? [{ label: `inclusion file ${place ?? i + 1}`, file }] : [],
    );
    const failed = files.filter(({ kind }) => kind === 'okx-zk-v2-global').length - links.length;
    const checked = await checkInclusions(inclusions, { links, failed }, undefined, disabled);
    for (const [i, { file }] of inclusions.entries()) results.set(file, checked[i]!);
    return files.flatMap(({ file }) => results.get(file) ?? []);
  },
};
