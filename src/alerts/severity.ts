import { type AlertState, type DataRule, type RatioRule, SEVERITIES, type Severity } from '../domain/alert.ts';
import type { Point } from '../domain/solvency.ts';

/** A data alert turns critical when its condition has held this many times its `afterMs`. */
const CRITICAL_AFTER = 12;

/** The graver of two severities. */
export const moreSevere = (a: Severity, b: Severity): Severity =>
  SEVERITIES.indexOf(a) >= SEVERITIES.indexOf(b) ? a : b;

/** The severity of a level alert now: a coverage rule is capped at `warning` while its liabilities are older than `maxSkewMs`. */
export function levelSeverity(rule: RatioRule, state: AlertState, point: Point | null): Severity {
  const owed = point?.liabilities;
  if (!owed) return state.severity ?? rule.severity;
  const capped = rule.kind === 'coverage' && !rule.liftAgeCap && owed.ageMs > rule.maxSkewMs;
  return capped && rule.severity === 'critical' ? 'warning' : rule.severity;
}

/** The severity of a data alert now: `data.stale` is critical when it lasts, and at once while a level alert of its subject waits. */
export function dataSeverity(rule: DataRule, state: AlertState, levelWaits: boolean, nowMs: number): Severity {
  if (rule.name !== 'data.stale' || state.sinceMs === null) return rule.severity;
  const lasts = rule.afterMs > 0 && nowMs - state.sinceMs >= rule.afterMs * CRITICAL_AFTER;
  return lasts || levelWaits ? 'critical' : rule.severity;
}
