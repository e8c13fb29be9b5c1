import type { AlertState, StatementRule } from '../domain/alert.ts';
import { differsByMore } from '../domain/amount.ts';
import type { Statement } from '../domain/liability.ts';
import { type AmountStatement, chooseStatement, conflictsWith } from '../solvency/choose-statement.ts';
import { close, fire, isOpen } from './fingerprint.ts';
import type { Step } from './step-level.ts';

/** What a rule about statements compares: the one in force, and for a change the one in force before it. */
export interface Stated {
  readonly current: AmountStatement;
  readonly previous: AmountStatement | null;
  /** Those of the same moment that state another amount. */
  readonly conflicts: readonly AmountStatement[];
}

/** The statements that a rule is about at a time; null where none has an amount of its asset. */
export function statedFor(rule: StatementRule, statements: readonly Statement[], nowMs: number): Stated | null {
  const kind = rule.name === 'custody.changed' ? 'custody' : 'liability';
  const about = { kind, entity: rule.entity, asset: rule.asset } as const;
  const current = chooseStatement(statements, about, nowMs);
  if (!current) return null;
  const previous = chooseStatement(statements, about, current.asOfMs - 1);
  return { current, previous, conflicts: conflictsWith(statements, current) };
}

function holds(rule: StatementRule, { current, previous, conflicts }: Stated, nowMs: number): boolean {
  if (rule.name === 'liabilities.conflict') return conflicts.length > 0;
  if (rule.name === 'liabilities.stale') return nowMs - current.asOfMs > rule.afterMs;
  return previous !== null && differsByMore(previous.amount, current.amount, rule.sharePpm);
}

/**
 * Moves one alert about statements by one look: it fires at the first look at a statement that is overdue, contradicted,
 * or too far from the one before, and resolves when another is in force. Each large change or conflict is an episode of its own; where nothing is stated,
 * nothing moves. Pure.
 */
export function stepStatement(
  rule: StatementRule,
  before: AlertState,
  statements: readonly Statement[],
  nowMs: number,
): Step {
  const stated = statedFor(rule, statements, nowMs);
  const open = isOpen(before);
  const state: AlertState = { ...before, dataStale: open && stated === null };
  if (stated === null) return { state, happened: null, count: 0 };
  const sinceMs = stated.current.asOfMs;
  const another = rule.name !== 'liabilities.stale' && open && before.sinceMs !== sinceMs;
  if (another || !holds(rule, stated, nowMs))
    return { state: { ...close(state), sinceMs: null }, happened: open ? 'resolved' : null, count: 0 };
  if (open) return { state: { ...state, sinceMs }, happened: null, count: 0 };
  return { state: fire({ ...state, sinceMs }, nowMs), happened: 'fired', count: 0 };
}
