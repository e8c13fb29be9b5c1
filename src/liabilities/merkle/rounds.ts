import { stringifyJson } from '../../lib/json.ts';
import type { CheckName } from '../check-names.ts';
import type { LiabilityCheck } from '../types.ts';
import type { PathOutcome } from './path-format.ts';

/** What paths of one round must agree in. */
const ONE_ROOT: CheckName = 'round-root';

/** A round's name with its publisher; none but a round that the file names has roots. */
const nameOf = ({ kind }: LiabilityCheck, round: string | null): string => stringifyJson([kind, round]);

/**
 * The entries of a call's paths, in order: those of one publisher and round that lead to different roots are undecided, since at most
 * one of the roots can be the published one. A path that fits a published root of the call is not drawn in.
 * `disabled` names checks that a test leaves out.
 */
export function settleRounds<K>(
  outcomes: ReadonlyMap<K, PathOutcome>,
  disabled: ReadonlySet<string> = new Set(),
): readonly (readonly [K, LiabilityCheck])[] {
  if (disabled.has(ONE_ROOT)) return [...outcomes].map(([key, { check }]) => [key, check]);
  const roots = new Map<string, Set<string>>();
  for (const { check, round } of outcomes.values()) {
    if (round === null || check.root === null) continue;
    const key = nameOf(check, round);
    roots.set(key, (roots.get(key) ?? new Set()).add(check.root));
  }
  return [...outcomes].map(([key, { check, round }]) => {
    const all = roots.get(nameOf(check, round));
    if (check.verdict !== 'valid' || check.uses.length > 0 || all === undefined || all.size < 2) return [key, check];
    const detail =
      'another file of this round in this call leads to another root: at most one is of the published tree';
    return [
      key,
      {
        ...check,
        verdict: 'undecided',
        grade: 'none',
        checks: [...check.checks, { name: ONE_ROOT, status: 'skipped', detail }],
      },
    ] as const;
  });
}
