import { type AlertEventType, type AlertState, LEVELS, type Rule, type Severity } from '../domain/alert.ts';
import type { Point } from '../domain/solvency.ts';
import type { Cause } from './explain.ts';
import { isOpen } from './fingerprint.ts';
import { moreSevere } from './severity.ts';
import { grew } from './step-dispute.ts';
import type { Step } from './step-level.ts';

/** One alert in one look: where it was, where it is, and on which point and with which severity. */
export interface Evaluation {
  readonly rule: Rule;
  readonly before: AlertState;
  readonly step: Step;
  readonly point: Point | null;
  readonly severity: Severity;
}

/** One event to be made, in order. */
export interface Announcement {
  readonly of: Evaluation;
  readonly type: AlertEventType;
  readonly cause: Cause;
}

const rank = ({ rule }: Evaluation): number => (rule.family === 'level' ? LEVELS.indexOf(rule.level) : 0);

/**
 * What the alerts of one subject, kind and basis have to say, in order: resolved (strictest first), escalated (a milder
 * alert that a stricter one joins), fired (mildest first), then a raised severity or a due repeat. A milder level does not
 * repeat while a stricter one is open.
 */
export function announce(group: readonly Evaluation[], nowMs: number): readonly Announcement[] {
  const mildestFirst = [...group].sort((a, b) => rank(a) - rank(b));
  const fired = mildestFirst.filter(({ step }) => step.happened === 'fired');
  const resolved = mildestFirst.filter(({ step }) => step.happened === 'resolved').reverse();
  const strictest = fired.at(-1);
  const level: Cause = { kind: 'level' };
  const staying = mildestFirst.filter(({ before, step }) => isOpen(before) && isOpen(step.state));
  const joined = strictest ? staying.filter((one) => rank(one) < rank(strictest)) : [];
  return [
    ...resolved.map((of): Announcement => ({ of, type: 'alert.resolved', cause: level })),
    ...joined.map(
      (of): Announcement => ({
        of,
        type: 'alert.escalated',
        cause: { kind: 'stricter', rule: (strictest as Evaluation).rule.name },
      }),
    ),
    ...fired.map((of): Announcement => ({ of, type: 'alert.fired', cause: level })),
    ...staying.filter((one) => !joined.includes(one)).flatMap((of) => remind(of, group, nowMs)),
  ];
}

function remind(of: Evaluation, group: readonly Evaluation[], nowMs: number): readonly Announcement[] {
  const { before, severity, rule } = of;
  if (before.severity !== null && before.severity !== moreSevere(before.severity, severity))
    return [{ of, type: 'alert.escalated', cause: { kind: 'severity', severity } }];
  if (grew(rule, before, of.step.state)) return [{ of, type: 'alert.escalated', cause: { kind: 'grown' } }];
  const inhibited = group.some((other) => rank(other) > rank(of) && isOpen(other.step.state));
  const due = before.lastNotifiedAtMs === null || nowMs - before.lastNotifiedAtMs >= rule.repeatMs;
  return due && !inhibited ? [{ of, type: 'alert.repeated', cause: { kind: 'level' } }] : [];
}
