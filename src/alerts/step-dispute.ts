import type { AlertState, DisputeRule } from '../domain/alert.ts';
import type { Dispute } from '../domain/dispute.ts';
import { close, fingerprintOf, fire, isOpen } from './fingerprint.ts';
import type { Step } from './step-level.ts';

/** The disputes that an alert is about: those with its publisher. */
export const disputesOf = (rule: DisputeRule, disputes: readonly Dispute[]): readonly Dispute[] =>
  disputes.filter((one) => one.with === rule.with);

/**
 * One rule for each other publisher: those who dispute now, and of all others those whose alert is kept, so that it can end.
 * `others` are the entities whose lists are kept.
 */
export function rulesByPublisher(
  rule: DisputeRule,
  disputes: readonly Dispute[],
  others: readonly DisputeRule['with'][],
  states: ReadonlyMap<string, AlertState>,
): readonly DisputeRule[] {
  const now = new Set(disputes.map((one) => one.with));
  return [...new Set([...now, ...others])]
    .map((other): DisputeRule => ({ ...rule, with: other }))
    .filter((one) => now.has(one.with as Dispute['with']) || states.has(fingerprintOf(one)));
}

/**
 * Moves one alert about what another publisher claims too by one look: it fires at the first look with a dispute and
 * resolves at the first without one, as lists are always known. `count` is the number of disputed accounts. Pure.
 */
export function stepDispute(rule: DisputeRule, before: AlertState, disputes: readonly Dispute[], nowMs: number): Step {
  const count = disputesOf(rule, disputes).length;
  if (count === 0) return { state: close(before), happened: isOpen(before) ? 'resolved' : null, count: 0 };
  if (isOpen(before)) return { state: { ...before, count }, happened: null, count };
  return { state: { ...fire(before, nowMs), count }, happened: 'fired', count };
}

/** Whether an open alert has more disputed accounts than at the last look: that is said at once. */
export const grew = (rule: { readonly family: string }, before: AlertState, after: AlertState): boolean =>
  rule.family === 'dispute' && isOpen(before) && after.count > before.count;
