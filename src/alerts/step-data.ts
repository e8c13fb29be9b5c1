import type { AlertState, DataRule } from '../domain/alert.ts';
import type { AssetCode } from '../domain/ids.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { Point } from '../domain/solvency.ts';
import { close, fire, isOpen } from './fingerprint.ts';
import type { Step } from './step-level.ts';

/** What data rules look at: the subjects in scope, their points of this look, and what providers did wrong in it. */
export interface DataLook {
  readonly subjects: readonly AssetCode[];
  readonly points: readonly Point[];
  readonly providerFaults: Snapshot['providerFaults'];
}

/** `holds`: the data is bad in the rule's way; `good`: it is good; `unknown`: this look cannot tell. */
type Condition = 'holds' | 'good' | 'unknown';

function conditionOf(rule: DataRule, look: DataLook): Condition {
  const assets = rule.asset === null ? look.subjects : [rule.asset];
  const points = look.points.filter(({ asset }) => assets.includes(asset));
  const complete =
    assets.length > 0 &&
    assets.every((asset) => points.some((point) => point.asset === asset)) &&
    points.every(({ quality }) => quality === 'complete');
  if (rule.name === 'data.stale') return complete ? 'good' : 'holds';
  if (rule.name === 'data.incomplete') {
    if (points.some(({ quality }) => quality === 'incomplete')) return 'holds';
    return complete ? 'good' : 'unknown';
  }
  const dissent = look.providerFaults.some(
    (fault) =>
      fault.code === 'disagree' && points.some(({ evidence }) => evidence.some(({ chain }) => chain === fault.chain)),
  );
  if (dissent || points.some(({ quality }) => quality === 'disagree')) return 'holds';
  return complete ? 'good' : 'unknown';
}

/**
 * Moves one data alert by one look: it fires once its condition held for `afterMs` without a good look between (for
 * `data.stale`: once the last complete point is that old), and resolves at the first good look. Pure.
 */
export function stepData(rule: DataRule, before: AlertState, look: DataLook, nowMs: number): Step {
  const condition = conditionOf(rule, look);
  const stale = rule.name === 'data.stale';
  const state: AlertState = { ...before, dataStale: condition === 'unknown' };
  if (condition === 'good') {
    const sinceMs = stale ? nowMs : null;
    return { state: { ...close(state), sinceMs }, happened: isOpen(before) ? 'resolved' : null, count: 0 };
  }
  if (condition === 'unknown' && before.sinceMs === null) return { state, happened: null, count: 0 };
  const sinceMs = before.sinceMs ?? nowMs;
  if (isOpen(before)) return { state: { ...state, sinceMs }, happened: null, count: 0 };
  const startedAtMs = before.startedAtMs ?? nowMs;
  if (condition === 'holds' && nowMs - sinceMs >= rule.afterMs)
    return { state: fire({ ...state, sinceMs, startedAtMs }, nowMs), happened: 'fired', count: 0 };
  return { state: { ...state, phase: 'pending', sinceMs, startedAtMs }, happened: null, count: 0 };
}
