import { LEVELS, type Level, type RatioRule } from '../domain/alert.ts';
import { ONE_PPM } from '../domain/ratio.ts';
import { decidePoint, type Point } from '../domain/solvency.ts';

/** What one comparison says on its rules' bases: the strictest level breached, `ok`, or `unknown`, which is never fine. */
export type PointStatus = 'ok' | Level | 'unknown';

/** What is asked of a point that no rule names: 100 % of what was observed. */
const BARE = { level: 'below-100', basis: 'observed', firePpm: ONE_PPM, clearPpm: ONE_PPM } as const;

/** The rules that speak of a point: those of its subject and kind, strictest level first. */
export const rulesOf = (point: Point, rules: readonly RatioRule[]): readonly RatioRule[] =>
  rules
    .filter((rule) => rule.entity === point.entity && rule.asset === point.asset && rule.kind === point.kind)
    .sort((a, b) => LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level));

/**
 * The status of a point: the strictest level that is breached for certain, else `unknown` where the point is not complete
 * or a level cannot be decided, else `ok`.
 */
export function pointStatus(point: Point, rules: readonly RatioRule[]): PointStatus {
  const own = rulesOf(point, rules);
  const decisions = (own.length > 0 ? own : [BARE]).map((rule) => ({
    level: rule.level,
    decision: decidePoint(point, rule.basis, rule),
  }));
  const breached = decisions.find(({ decision }) => decision === 'breach');
  if (breached) return breached.level;
  return point.quality !== 'complete' || decisions.some(({ decision }) => decision === 'unknown') ? 'unknown' : 'ok';
}
