import type { Writable } from 'node:stream';
import { figureText, type JudgedRow, spanOfClaim } from '../check-claims.ts';
import { formatDecimal } from '../domain/amount.ts';
import { type ClaimDate, type PublishedClaim, periodOf } from '../domain/claim.ts';
import type { Span } from '../domain/printed-figure.ts';
import { formatTime } from '../domain/time.ts';
import { tableText } from './output.ts';

/** An interval as mathematicians write it: `[101, 103)`, `(100, ∞)`. */
export const spanText = ({ lo, loOpen, hi, hiOpen }: Span): string =>
  `${loOpen ? '(' : '['}${formatDecimal(lo)}, ${hi === null ? '∞' : formatDecimal(hi)}${hiOpen || hi === null ? ')' : ']'}`;

/** The table for people: a line a row of claims; contradictions and notes are spelled out in its last columns. */
export function claimsTable(stream: Writable, judged: readonly JudgedRow[]): string {
  const head = ['entity', 'report', 'of', 'date', 'ratio %', 'figures', 'checks', 'source', 'note'];
  const cells = judged.map((one) => [
    one.row.entity,
    one.row.report ?? '-',
    one.row.subject === '' ? '-' : one.row.subject,
    dateText(one.row.date),
    ratioText(one),
    figuresText(one),
    checksText(one),
    one.row.source,
    one.row.notes.join('; ') || '-',
  ]);
  return tableText(stream, head, cells);
}

const dateText = ({ text, precision }: ClaimDate): string =>
  precision === 'moment' ? text : `${text} (to the ${precision})`;

function ratioText({ row, groups }: JudgedRow): string {
  const ratios = row.claims
    .filter(({ metric }) => metric === 'ratio')
    .map((claim) => `${figureText(claim)} ${spanText(spanOfClaim(claim))}`);
  const beside = groups.map(({ subject, span, together }) =>
    together === null
      ? `contradicts ${spanText(span)} for ${subject}`
      : `with ${spanText(span)} for ${subject}: ${spanText(together)}`,
  );
  return [...ratios, ...beside].join('; ') || '-';
}

const figuresText = ({ row, implied }: JudgedRow): string =>
  [
    ...row.claims
      .filter(({ metric }) => metric !== 'ratio')
      .map((claim) => `${claim.metric.replaceAll('_', ' ')} ${figureText(claim)}`),
    ...(implied === null ? [] : [`implied liabilities ${spanText(implied)} (display only)`]),
  ].join(', ') || '-';

function checksText({ checks, conflicts }: JudgedRow): string {
  const bad = [
    ...checks
      .filter(({ status }) => status === 'contradicts')
      .map(({ name, detail }) => `${name} CONTRADICTS: ${detail}`),
    ...conflicts.map(({ metric, figure, source, date }) => `${metric} CONFLICTS with ${figure} of ${date} (${source})`),
  ];
  const good = checks.filter(({ status }) => status === 'agrees').map(({ name }) => name);
  return (
    [...bad, ...(good.length === 0 ? [] : [`${good.join(', ')} agree${good.length === 1 ? 's' : ''}`])].join('; ') ||
    '-'
  );
}

/** A row of `reservewatch.claims/1`: figures as printed beside the interval that each may stand for; ratios in percent. */
export const claimJson = ({ row, checks, conflicts, implied, groups }: JudgedRow): Record<string, unknown> => {
  const period = periodOf(row.date);
  return {
    entity: row.entity,
    report: row.report,
    subject: row.subject,
    asset: row.asset,
    date: {
      ...row.date,
      from: formatTime(period.fromMs),
      to: formatTime(period.toMs),
    },
    figures: row.claims.map((claim) => figureJson(claim)),
    checks,
    conflicts: conflicts.map((one) => ({ ...one, span: spanJson(one.span) })),
    impliedLiabilities: implied === null ? null : spanJson(implied),
    groups: groups.map((one) => ({
      subject: one.subject,
      span: spanJson(one.span),
      together: one.together === null ? null : spanJson(one.together),
    })),
    source: row.source,
    notes: row.notes,
  };
};

const figureJson = (claim: PublishedClaim): Record<string, unknown> => ({
  metric: claim.metric,
  text: figureText(claim),
  qualifier: claim.figure.qualifier,
  rounding: claim.rounding,
  span: spanJson(spanOfClaim(claim)),
  documentSha256: claim.documentSha256,
  line: claim.line,
});

/** An interval with its ends in canonical decimals; `hi` null where nothing bounds it. */
export const spanJson = ({ lo, loOpen, hi, hiOpen }: Span): Record<string, unknown> => ({
  lo: formatDecimal(lo),
  loOpen,
  hi: hi === null ? null : formatDecimal(hi),
  hiOpen,
});
