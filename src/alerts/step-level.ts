import type { AlertState, RatioRule } from '../domain/alert.ts';
import type { LevelDecision } from '../domain/ratio.ts';
import { decidePoint, type Point } from '../domain/solvency.ts';
import { close, fire } from './fingerprint.ts';

/** What one look made of one alert: its next state, and whether it fired or resolved by it (after how many confirmations). */
export interface Step {
  readonly state: AlertState;
  readonly happened: 'fired' | 'resolved' | null;
  /** Confirmations when it fired, complete clear points when it resolved. */
  readonly count: number;
}

/** What a point says to one rule. A missing, stale or too weakly assured point decides nothing. */
function judge(rule: RatioRule, point: Point | null): LevelDecision {
  if (!point || point.quality === 'stale') return 'unknown';
  if (point.assurance === null || point.assurance < rule.minAssurance) return 'unknown';
  return decidePoint(point, rule.basis, rule);
}

/** Heights of the heavy chains if each has a final block newer than at the last counted look, else null: it counts for nothing. */
function newerHeights(point: Point | null, last: AlertState['lastHeights']): Readonly<Record<string, string>> | null {
  const heavy = point?.evidence.filter((one) => one.heavy) ?? [];
  if (!point || heavy.length === 0 || (point.heavyMissing?.length ?? 0) > 0) return null;
  const next: Record<string, string> = { ...last };
  for (const { chain, height, finality } of heavy) {
    const before = last[chain];
    if (finality !== 'final' || (before !== undefined && height <= BigInt(before))) return null;
    next[chain] = height.toString();
  }
  return next;
}

/**
 * Moves one level alert by one point: breaches with newer final blocks count toward firing, complete clear points with
 * newer final blocks toward resolving; unknown moves nothing; a clear or held value cancels what was only pending. Pure.
 */
export function stepLevel(rule: RatioRule, before: AlertState, point: Point | null, nowMs: number): Step {
  const decision = judge(rule, point);
  const heights = newerHeights(point, before.lastHeights);
  const state: AlertState = { ...before, dataStale: decision === 'unknown' };
  const stay: Step = { state, happened: null, count: 0 };
  if (decision === 'unknown') return stay;
  if (before.phase === 'ok' || before.phase === 'pending') {
    if (decision !== 'breach') return before.phase === 'ok' ? stay : { ...stay, state: close(state) };
    const count = before.count + (heights ? 1 : 0);
    const lastHeights = heights ?? before.lastHeights;
    if (count >= rule.confirmations) return { state: fire({ ...state, lastHeights }, nowMs), happened: 'fired', count };
    const startedAtMs = before.startedAtMs ?? nowMs;
    return { ...stay, state: { ...state, phase: 'pending', count, lastHeights, startedAtMs } };
  }
  if (decision !== 'clear') return { ...stay, state: { ...state, phase: 'firing', count: 0 } };
  if (point?.quality !== 'complete' || !heights) return stay;
  const count = before.count + 1;
  if (count >= rule.clears) return { state: close(state), happened: 'resolved', count };
  return { ...stay, state: { ...state, phase: 'recovering', count, lastHeights: heights } };
}
