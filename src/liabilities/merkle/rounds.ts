import type { LiabilityCheck } from '../types.ts';
import type { PathOutcome } from './path-format.ts';

/** What paths of one round must agree in. */
const ONE_ROOT = 'round-root';

/**
 * The entries of a call's paths, in order: those of one publisher and round that lead to different roots are undecided, since at most
 * one of the roots can be the published one. A path that fits a published root of the call is not drawn in.
 */
export function settleRounds<K>(outcomes: ReadonlyMap<K, PathOutcome>): readonly (readonly [K, LiabilityCheck])[] {
  const roots = new Map<string, Set<string>>();
  for (const { check, round } of outcomes.values()) {
    if (round === null || check.root === null) continue;
    const key = `${check.kind} ${round}`;
    roots.set(key, (roots.get(key) ?? new Set()).add(check.root));
  }
  return [...outcomes].map(([key, { check, round }]) => {
    const all = round === null ? undefined : roots.get(`${check.kind} ${round}`);
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
