import type { AlertEventType, DataRule, RatioRule, Rule } from '../domain/alert.ts';
import { formatAmount } from '../domain/amount.ts';
import { escapeText } from '../domain/ids.ts';
import { type Interval, isExact } from '../domain/interval.ts';
import { formatPercent, formatPpm, type RatioInterval } from '../domain/ratio.ts';
import { type Basis, compare, type LiabilityView, type Point, reservesOn } from '../domain/solvency.ts';
import { formatAge, formatTime } from '../domain/time.ts';

/** Why an event goes out, beyond its type. */
export type Cause =
  | { readonly kind: 'level' }
  | { readonly kind: 'stricter'; readonly rule: string }
  | { readonly kind: 'severity'; readonly severity: string }
  | { readonly kind: 'grown' }
  | { readonly kind: 'rule_removed' }
  | { readonly kind: 'subject_removed' };

const FIGURES: Readonly<Record<Basis, string>> = {
  observed: 'observed reserves',
  proven: 'reserves with a proof of ownership',
  'observed+custody': 'observed reserves with stated custody',
};

/** A ratio as people read it, rounded down: one value, a span, or an upper bound where liabilities are open-ended. */
export function percentText({ lo, hi }: RatioInterval, openEnded: boolean): string {
  if (openEnded) return `at most ${formatPercent(hi)}`;
  return lo.num * hi.den === hi.num * lo.den ? formatPercent(lo) : `${formatPercent(lo)} to ${formatPercent(hi)}`;
}

/** The sentences for the person at 3 a.m.: what it is now, from what, against which dated figure, and what it is not. */
export function explainLevel(
  type: AlertEventType,
  rule: RatioRule,
  entityName: string,
  point: Point | null,
  before: Point | null,
  cause: Cause,
): string {
  const name = escapeText(entityName);
  const now = point && figures(rule.basis, point);
  const parts = [opening(type, rule, cause)];
  if (point && now) {
    const what = `${name} ${rule.asset}: ${FIGURES[rule.basis]} are ${now.percent} of ${owedText(now.owed)}`;
    parts.push(`${what} (${span(now.reserves, point)} against ${owedAmount(now.owed, point)} ${rule.asset}).`);
    parts.push(...disputedText(rule, point));
    const then = type === 'alert.resolved' || !before ? null : figures(rule.basis, before);
    if (before && then) parts.push(`At ${formatTime(before.atMs)}: ${then.percent} (${span(then.reserves, before)}).`);
  } else parts.push(`${name} ${rule.asset}: this look gave no value on the basis ${rule.basis}.`);
  parts.push(caveat(rule));
  return parts.join(' ');
}

function opening(type: AlertEventType, rule: RatioRule, cause: Cause): string {
  const below = `below ${formatPpm(rule.firePpm)}`;
  if (cause.kind === 'stricter') return `Got worse: ${cause.rule} fires too.`;
  if (cause.kind === 'severity') return `Severity rises to ${cause.severity}.`;
  if (type === 'alert.resolved')
    return `Resolved: at or above ${formatPpm(rule.clearPpm)} in ${rule.clears} complete ${rule.clears === 1 ? 'look' : 'looks'}.`;
  return type === 'alert.repeated' ? `Still ${below}, or not known to be better.` : `Fell ${below}.`;
}

const caveat = ({ kind }: RatioRule): string =>
  kind === 'coverage'
    ? 'Coverage is a reason to look, not a verdict: the liabilities are as old as their date, and withdrawals by customers lower both sides.'
    : 'Both sides are of one moment; it does not show debts or assets outside the chains that are read.';

/** How many other publishers a sentence names. */
const NAMED = 3;

/** That part of the upper end is disputed, and with whom: nothing where nothing is. */
function disputedText({ asset }: RatioRule, { disputed, decimals }: Point): readonly string[] {
  if (!disputed) return [];
  const names = disputed.with.slice(0, NAMED).map(({ entity }) => entity);
  const more = disputed.with.length > NAMED ? ` and ${disputed.with.length - NAMED} more` : '';
  const others = names.length === 0 ? '' : ` with ${names.join(', ')}${more}`;
  return [
    `${formatAmount(disputed.amount, decimals)} ${asset} of it are disputed${others}, and count in the upper end alone.`,
  ];
}

interface Shown {
  readonly percent: string;
  readonly reserves: Interval;
  readonly owed: LiabilityView;
}

function figures(basis: Basis, point: Point): Shown | null {
  const reserves = reservesOn(point, basis);
  const owed = point.liabilities;
  const value = compare(reserves, owed);
  if (!reserves || !owed || !value) return null;
  return { percent: percentText(value, owed.openEnded ?? false), reserves, owed };
}

function owedText(owed: LiabilityView): string {
  if (owed.grade === 'supply') return 'the supply read in the same snapshot';
  return `the liabilities attested ${formatAge(owed.ageMs)} ago (as of ${formatTime(owed.asOfMs)})`;
}

const owedAmount = (owed: LiabilityView, point: Point): string =>
  `${span(owed.amount, point)}${owed.openEnded ? ' or more' : ''}`;

const span = (value: Interval, { decimals }: Point): string =>
  isExact(value)
    ? formatAmount(value.lo, decimals)
    : `${formatAmount(value.lo, decimals)} to ${formatAmount(value.hi, decimals)}`;

const DATA_TROUBLE: Readonly<Record<DataRule['name'], string>> = {
  'data.stale': 'no complete look at the reserves',
  'data.incomplete': 'some balances could not be read',
  'data.disagree': 'providers state different balances for one block',
};

/** What a data alert says: since when the data is bad, how many balances are missing, and that no ratio follows from it. */
export function explainData(
  type: AlertEventType,
  rule: DataRule,
  entityName: string,
  points: readonly Point[],
  sinceMs: number | null,
  cause: Cause,
): string {
  const subject = `${escapeText(entityName)}${rule.asset === null ? '' : ` ${rule.asset}`}`;
  if (type === 'alert.resolved') return `Resolved: ${subject} was read completely again.`;
  const since = sinceMs === null ? '' : ` since ${formatTime(sinceMs)}`;
  const failed = points.reduce((sum, { cells }) => sum + cells.failed, 0);
  const asked = points.reduce((sum, { cells }) => sum + cells.asked, 0);
  const cells = asked === 0 ? '' : ` ${failed} of ${asked} balances are missing.`;
  const rise = cause.kind === 'severity' ? `Severity rises to ${cause.severity}. ` : '';
  return `${rise}${subject}: ${DATA_TROUBLE[rule.name]}${since}.${cells} What is not known is not counted as zero and not as fine; ratio alerts neither fire on it nor resolve.`;
}

/** Why an alert ended without good news: what watched it is gone. */
export const explainRemoval = (rule: Rule | string, cause: Cause): string =>
  `${typeof rule === 'string' ? rule : rule.name} ended because ${
    cause.kind === 'subject_removed'
      ? 'its asset is no longer in the scope of the config'
      : 'its rule was removed from the config'
  } (${cause.kind}); this says nothing of the reserves.`;
