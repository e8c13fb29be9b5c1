import type { Result } from '../../domain/result.ts';
import { type Json, field as member } from '../../lib/json.ts';
import { parseJsonQuick } from '../../lib/json-quick.ts';
import { createChecklist } from '../checklist.ts';
import type { LiabilityCheck, LiabilityFile, LiabilityFormat, LiabilityKind } from '../types.ts';
import { checkInclusion, MAX_INCLUSION_BYTES } from './inclusion.ts';
import { sumEntries } from './sum-entries.ts';
import { splitRounds } from './sum-rounds.ts';
import { checkSumSet, type ProvenRound, type SetOutcome } from './sum-set.ts';

/** Keys that only these files have, in quotes as JSON writes them; the number given is enough, so order does not matter. */
const MARKS: readonly (readonly [LiabilityKind, number, readonly string[]])[] = [
  [
    'okx-stark-v1-inclusion',
    2,
    ['"batch_inclusion_proof"', '"trunk_inclusion_proof"', '"batch_mtree_root"', '"trunk_mtree_root"', '"user_index"'],
  ],
  ['okx-stark-v1-sum', 1, ['"mtree_branches"', '"l_mtree_branches"', '"l_mtree_root"', '"low_degree_proof"']],
  ['okx-stark-v1-sum', 1, ['"main_coins_num"', '"total_value"']],
];

/** OKX's zk-STARK format (2023-04 to 2024-08): user inclusion files, and the sum proofs of all batches and the trunk. */
export const okxStarkV1: LiabilityFormat = {
  name: 'okx-stark-v1',
  recognise(head) {
    for (const [kind, least, marks] of MARKS)
      if (marks.filter((mark) => head.includes(mark)).length >= least) return kind;
    return null;
  },
  async check(files, _options, disabled = new Set()) {
    const results = new Map<LiabilityFile, readonly LiabilityCheck[]>();
    const sums = files.filter(({ kind }) => kind === 'okx-stark-v1-sum').map(({ file }) => file);
    const sets: SetOutcome[] = [];
    for (const round of await splitRounds(sums)) {
      const set = await checkSumSet(round, disabled);
      sets.push(set);
      results.set(round.find(({ name }) => name === set.main) ?? round[0]!, sumEntries(set));
    }
    for (const [i, { file, kind, place = i + 1 }] of files.entries()) {
      if (kind !== 'okx-stark-v1-inclusion') continue;
      // Where a file lies tells the customer's batch: the result shows its place in the call instead.
      const label = `inclusion file ${place}`;
      const text = await file.readText(MAX_INCLUSION_BYTES);
      const json = text.ok ? parseJsonQuick(text.value) : null;
      results.set(file, [
        json === null
          ? unreadable(label, kind)
          : checkInclusion(json, label, roundFor(json, sets), createChecklist(disabled)),
      ]);
    }
    return files.flatMap(({ file }) => results.get(file) ?? []);
  },
};

/** The proven round whose trunk the file names; of others any, which it then fails, but null where a round failed that may be its own. */
function roundFor(json: Result<Json>, sets: readonly SetOutcome[]): ProvenRound | null {
  const rounds = sets.flatMap(({ round }) => (round === null ? [] : [round]));
  const named = json.ok ? member(member(json.value, 'trunk_inclusion_proof'), 'trunk_mtree_root') : undefined;
  const own = rounds.find(({ trunk }) => typeof named === 'string' && trunk.root === named.toLowerCase());
  return own ?? (rounds.length === sets.length ? (rounds[0] ?? null) : null);
}

function unreadable(file: string, kind: LiabilityKind): LiabilityCheck {
  const checks = createChecklist();
  checks.require('file', false, 'unreadable or larger than such files are');
  return {
    ...{ file, kind, verdict: 'invalid', grade: 'none', binding: 'none', root: null },
    ...{ uses: [], totals: [], checks: checks.items, caveats: [] },
  };
}
