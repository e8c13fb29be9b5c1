import { announce, type Evaluation } from './alerts/announce.ts';
import { close, fingerprintOf, freshState, isOpen } from './alerts/fingerprint.ts';
import { type AlertContext, type Made, makeEvent, makeRemoval } from './alerts/make-event.ts';
import { dataSeverity, levelSeverity } from './alerts/severity.ts';
import { stepData } from './alerts/step-data.ts';
import { rulesByPublisher, stepDispute } from './alerts/step-dispute.ts';
import { stepLevel } from './alerts/step-level.ts';
import { reportSeverity, stepReport } from './alerts/step-report.ts';
import { stepStatement } from './alerts/step-statement.ts';
import type { AlertEvent, AlertState, DataRule, RatioRule, Rule } from './domain/alert.ts';
import type { Point } from './domain/solvency.ts';
import { groupBy } from './lib/group-by.ts';
import { stringifyJson } from './lib/json.ts';

export type { AlertContext } from './alerts/make-event.ts';

/** A pending breach asks to be read again for this long; after that (finality stands still) the regular polls must do. */
const CONFIRM_WINDOW_MS = 30 * 60_000;

export interface AlertInput {
  readonly rules: readonly Rule[];
  readonly states: readonly AlertState[];
  /** The points of this look; empty where it gave none. */
  readonly points: readonly Point[];
  readonly nowMs: number;
  readonly context: AlertContext;
}

export interface AlertOutput {
  /** Every state of the entity: in the order of the rules, then those without a rule. */
  readonly states: readonly AlertState[];
  /** Those that differ from what came in: what the poll stores. */
  readonly changed: readonly AlertState[];
  /** In the order in which they must be sent. */
  readonly events: readonly AlertEvent[];
  /** Whether a breach waits for its confirmation: read again within 30 s, with fresh probes. */
  readonly confirmAgain: boolean;
}

/**
 * Moves every alert of one entity by one look and says which events follow. Pure: the same input gives the same output,
 * ids and bytes included. States and rules of other entities are passed over; an alert whose rule or subject is gone from
 * the config resolves and says so. Two rules of one fingerprint are a bug and throw.
 */
export function evaluateAlerts(input: AlertInput): AlertOutput {
  const { nowMs, context, points } = input;
  const own = input.states.filter(({ entity }) => entity === context.entity.id);
  const before = new Map(own.map((state) => [state.fingerprint, state]));
  const evaluations = evaluateRules(input, before);
  const after = new Map<string, AlertState>(
    evaluations.map(({ before: { fingerprint }, step }) => [fingerprint, step.state]),
  );
  if (after.size !== evaluations.length) throw new RangeError('two rules have one fingerprint');
  const removed = own.filter(({ fingerprint }) => !after.has(fingerprint));
  const groups = groupBy(evaluations, ({ rule }) =>
    rule.family === 'level' ? `${rule.asset}|${rule.kind}|${rule.basis}` : rule.name,
  );
  const announced = [...groups.values()].flatMap((group) => announce(group, nowMs));
  const made: readonly Made[] = [
    ...announced.map((announcement) => makeEvent(announcement, points, nowMs, context)),
    ...removed.filter(isOpen).map((state) => makeRemoval(state, causeOf(state, context), nowMs, context)),
  ];
  for (const state of removed) after.set(state.fingerprint, { ...close(state), sinceMs: null });
  for (const { state } of made) after.set(state.fingerprint, state);
  const states = [...after.values()];
  return {
    states,
    changed: states.filter((state) => stringifyJson(state) !== stringifyJson(before.get(state.fingerprint) ?? null)),
    events: made.map(({ event }) => event),
    confirmAgain: evaluations.some(
      ({ rule, step }) => rule.family === 'level' && awaitsConfirmation(step.state, nowMs),
    ),
  };
}

const awaitsConfirmation = ({ phase, startedAtMs }: AlertState, nowMs: number): boolean =>
  phase === 'pending' && startedAtMs !== null && nowMs - startedAtMs <= CONFIRM_WINDOW_MS;

const causeOf = ({ asset }: AlertState, { subjects }: AlertContext) =>
  ({ kind: asset !== null && !subjects.includes(asset) ? 'subject_removed' : 'rule_removed' }) as const;

function evaluateRules(input: AlertInput, states: ReadonlyMap<string, AlertState>): readonly Evaluation[] {
  const { nowMs, context, points } = input;
  const others = context.publishers.filter((one) => one !== context.entity.id);
  const rules = input.rules
    .filter(({ entity, asset }) => entity === context.entity.id && (asset === null || context.subjects.includes(asset)))
    .flatMap((rule): readonly Rule[] =>
      rule.family === 'dispute' ? rulesByPublisher(rule, context.disputes, others, states) : [rule],
    );
  const stateOf = (rule: Rule): AlertState => states.get(fingerprintOf(rule)) ?? freshState(rule);
  const levels = new Map<Rule, Evaluation>(
    rules
      .filter((rule): rule is RatioRule => rule.family === 'level')
      .map((rule) => {
        const point = points.find(({ asset, kind }) => asset === rule.asset && kind === rule.kind) ?? null;
        const before = stateOf(rule);
        const step = stepLevel(rule, before, point, nowMs);
        return [rule, { rule, before, step, point, severity: levelSeverity(rule, step.state, point) }];
      }),
  );
  const waits = (asset: DataRule['asset']): boolean =>
    [...levels.values()].some(
      ({ rule, step }) => (asset === null || rule.asset === asset) && step.state.phase !== 'ok',
    );
  return rules.map((rule) => {
    if (rule.family === 'level') return levels.get(rule) as Evaluation;
    const before = stateOf(rule);
    if (rule.family === 'statement') {
      const step = stepStatement(rule, before, context.statements, nowMs);
      return { rule, before, step, point: null, severity: rule.severity };
    }
    if (rule.family === 'dispute') {
      const step = stepDispute(rule, before, context.disputes, nowMs);
      return { rule, before, step, point: null, severity: rule.severity };
    }
    if (rule.family === 'report') {
      const step = stepReport(rule, before, context.reports, nowMs);
      return { rule, before, step, point: null, severity: reportSeverity(rule, context.reports) };
    }
    const step = stepData(rule, before, { ...context, points }, nowMs);
    return { rule, before, step, point: null, severity: dataSeverity(rule, step.state, waits(rule.asset), nowMs) };
  });
}
