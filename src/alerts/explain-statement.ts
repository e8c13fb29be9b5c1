import type { AlertEventType, ChangedRule, StatementRule } from '../domain/alert.ts';
import { formatDecimal } from '../domain/amount.ts';
import { quote } from '../domain/ids.ts';
import type { Statement } from '../domain/liability.ts';
import { formatPpm } from '../domain/ratio.ts';
import { formatAge, formatTime } from '../domain/time.ts';
import type { AmountStatement } from '../solvency/choose-statement.ts';
import { type Stated, statedFor } from './step-statement.ts';

/** What an alert about statements says: which statement, of when, from where, and what it does not show. `name` is escaped. */
export function explainStatement(
  type: AlertEventType,
  rule: StatementRule,
  name: string,
  statements: readonly Statement[],
  nowMs: number,
): string {
  const subject = `${name} ${rule.asset}`;
  const stated = statedFor(rule, statements, nowMs);
  if (type === 'alert.resolved') return `Resolved: ${subject}: ${resolvedText(rule, stated)}.`;
  const again = type === 'alert.repeated' ? 'Still: ' : '';
  if (stated === null) return `${again}${subject}: no statement with an amount is kept any more.`;
  if (rule.name === 'liabilities.stale') return `${again}${staleText(rule.afterMs, subject, stated, nowMs)}`;
  return `${again}${rule.name === 'liabilities.conflict' ? conflictText(subject, stated) : changedText(rule, subject, stated)}`;
}

const resolvedText = (rule: StatementRule, stated: Stated | null): string => {
  const now = stated === null ? '' : `, ${figure(stated.current)}`;
  if (rule.name === 'liabilities.stale') return `a statement of liabilities that is not overdue is in force${now}`;
  const what = rule.name === 'liabilities.conflict' ? 'that conflict' : 'that change';
  return `${what} is no longer in the newest statement${now}`;
};

function staleText(afterMs: number, subject: string, { current }: Stated, nowMs: number): string {
  const age = formatAge(nowMs - current.asOfMs);
  return `${subject}: the newest liabilities are ${age} old, ${figure(current)}; a newer statement was due after ${formatAge(afterMs)}. Coverage of old liabilities says little of today; what is owed now is not known.`;
}

function changedText(rule: ChangedRule, subject: string, { current, previous }: Stated): string {
  const what = rule.name === 'custody.changed' ? 'custody' : 'liabilities';
  if (previous === null) return `${subject}: stated ${what} changed to ${figure(current)}.`;
  return `${subject}: stated ${what} changed by more than ${formatPpm(rule.sharePpm)}, from ${figure(previous)} to ${figure(current)}. It is what was stated, not what was read; ratios use the newer statement.`;
}

const SHOWN = 5;

function conflictText(subject: string, { current, conflicts }: Stated): string {
  const others = conflicts.slice(0, SHOWN).map(figure).join('; ');
  const more = conflicts.length > SHOWN ? ` and ${conflicts.length - SHOWN} more` : '';
  return `${subject}: of one moment different liabilities are stated. Ratios use ${figure(current)}; it is contradicted by ${others}${more}. Of equally bound statements the larger decides.`;
}

const figure = ({ amount, asset, asOfMs, source, grade, binding }: AmountStatement): string =>
  `${formatDecimal(amount)} ${asset} as of ${formatTime(asOfMs)} (${quote(source)}, grade ${grade}, binding ${binding})`;
