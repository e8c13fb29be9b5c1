import { addDecimals, compareDecimals, type Decimal, formatDecimal } from './domain/amount.ts';
import {
  anywhere,
  type ClaimMetric,
  type ClaimRow,
  type OwnTotal,
  overlap,
  type PublishedClaim,
} from './domain/claim.ts';
import { intersect, type Span, spanOfFigure } from './domain/printed-figure.ts';

/** What a claim was held against, and how it came out. */
export interface ClaimCheck {
  readonly name: 'ratio' | 'computed-ratio' | 'parts' | 'wallets-ratio' | 'own-list';
  readonly status: 'agrees' | 'contradicts';
  readonly detail: string;
}

/** Another claim of the same figure for the same time that cannot be true together with this one. */
export interface ClaimConflict {
  readonly metric: string;
  readonly figure: string;
  readonly span: Span;
  readonly source: string;
  readonly date: string;
}

/** A row of claims with all that follows from it. */
export interface JudgedRow {
  readonly row: ClaimRow;
  readonly checks: readonly ClaimCheck[];
  readonly conflicts: readonly ClaimConflict[];
  /** Liabilities that the ratio and the publisher's own reserves imply where none are published: for display only. */
  readonly implied: Span | null;
  /** Ratios that are claimed of a whole group at a time of this row (`22 assets`), and what is left if the asset is one of it. */
  readonly groups: readonly { readonly subject: string; readonly span: Span; readonly together: Span | null }[];
}

/** The span of a claim. */
export const spanOfClaim = ({ figure, rounding }: PublishedClaim): Span => spanOfFigure(figure, rounding);

/** Holds every row against itself, against all other rows and against our own totals of lists that were imported. Pure. */
export function judgeClaims(rows: readonly ClaimRow[], own: readonly OwnTotal[]): readonly JudgedRow[] {
  return rows.map((row) => ({
    row,
    checks: [...checkRow(row), ...againstOwn(row, own)],
    conflicts: row.claims.flatMap((claim) => conflictsOf(claim, row, rows)),
    implied: impliedLiabilities(row),
    groups: groupsOf(row, rows),
  }));
}

const find = (row: ClaimRow, metric: ClaimMetric): Span | null => {
  const claim = row.claims.find((one) => one.metric === metric);
  return claim === undefined ? null : spanOfClaim(claim);
};

const HUNDRED: Decimal = { unscaled: 100n, scale: 0 };
const times = (a: Decimal, b: Decimal): Decimal => ({ unscaled: a.unscaled * b.unscaled, scale: a.scale + b.scale });

/** Whether a percentage can be `over / under`, all three anywhere in their spans: by cross-multiplication. */
function fits(percent: Span, over: Span, under: Span): boolean {
  if (
    under.hi !== null &&
    percent.hi !== null &&
    compareDecimals(times(HUNDRED, over.lo), times(percent.hi, under.hi)) >= 0
  )
    return false;
  return over.hi === null || compareDecimals(times(HUNDRED, over.hi), times(percent.lo, under.lo)) > 0;
}

function checkRow(row: ClaimRow): readonly ClaimCheck[] {
  const [ratio, computed, reserves, liabilities, wallets, custody, walletsRatio] = (
    ['ratio', 'computed-ratio', 'reserves', 'liabilities', 'wallets', 'custody', 'wallets-ratio'] as const
  ).map((metric) => find(row, metric)) as (Span | null)[];
  const checks: ClaimCheck[] = [];
  const add = (name: ClaimCheck['name'], good: boolean, detail: string) =>
    checks.push({ name, status: good ? 'agrees' : 'contradicts', detail });
  if (reserves && liabilities) {
    for (const [name, percent] of [
      ['ratio', ratio],
      ['computed-ratio', computed],
    ] as const)
      if (percent) add(name, fits(percent, reserves, liabilities), `${printed(row, name)} % of ${amounts(row)}`);
  }
  if (wallets && liabilities && walletsRatio)
    add(
      'wallets-ratio',
      fits(walletsRatio, wallets, liabilities),
      `${printed(row, 'wallets-ratio')} % of ${printed(row, 'wallets')} over ${printed(row, 'liabilities')}`,
    );
  if (reserves && wallets && custody)
    add(
      'parts',
      intersect(reserves, sumOf(wallets, custody)) !== null,
      `${printed(row, 'wallets')} in wallets and ${printed(row, 'custody')} in custody, ${printed(row, 'reserves')} in all`,
    );
  return checks;
}

const printed = (row: ClaimRow, metric: ClaimMetric): string => {
  const claim = row.claims.find((one) => one.metric === metric);
  return claim === undefined ? '?' : figureText(claim);
};
const amounts = (row: ClaimRow): string => `${printed(row, 'reserves')} over ${printed(row, 'liabilities')}`;

/** A figure as it is printed, with its word. */
export const figureText = ({ figure }: PublishedClaim): string =>
  figure.word === null ? figure.digits : `${figure.word} ${figure.digits}`;

const sumOf = (a: Span, b: Span): Span => ({
  lo: addDecimals(a.lo, b.lo),
  loOpen: a.loOpen || b.loOpen,
  hi: a.hi === null || b.hi === null ? null : addDecimals(a.hi, b.hi),
  hiOpen: true,
});

function againstOwn(row: ClaimRow, own: readonly OwnTotal[]): readonly ClaimCheck[] {
  const claim =
    row.claims.find(({ metric }) => metric === 'wallets') ?? row.claims.find(({ metric }) => metric === 'reserves');
  if (claim === undefined || row.asset === null) return [];
  const period = anywhere(row.date);
  const span = spanOfClaim(claim);
  return own
    .filter(
      ({ entity, asset, asOfMs }) =>
        entity === row.entity && asset === row.asset && overlap(period, { fromMs: asOfMs, toMs: asOfMs + 1 }),
    )
    .map(({ total, report }) => ({
      name: 'own-list',
      status:
        intersect(span, { lo: total, loOpen: false, hi: total, hiOpen: false }) === null ? 'contradicts' : 'agrees',
      detail: `${claim.metric} ${figureText(claim)}, the imported list ${report.slice(0, 12)} adds up to ${formatDecimal(total)}`,
    }));
}

/** Whether two rows are about the same report: by its number where both have one, else by time. */
const sameTime = (a: ClaimRow, b: ClaimRow): boolean =>
  a.report !== null && b.report !== null ? a.report === b.report : overlap(anywhere(a.date), anywhere(b.date));

function conflictsOf(claim: PublishedClaim, row: ClaimRow, rows: readonly ClaimRow[]): readonly ClaimConflict[] {
  const span = spanOfClaim(claim);
  return rows.flatMap((other) =>
    other.entity !== row.entity || other.subject !== row.subject || !(other === row || sameTime(row, other))
      ? []
      : other.claims
          .filter((one) => one !== claim && one.metric === claim.metric && intersect(span, spanOfClaim(one)) === null)
          .map((one) => ({
            metric: one.metric,
            figure: figureText(one),
            span: spanOfClaim(one),
            source: one.source,
            date: one.date.text,
          })),
  );
}

function impliedLiabilities(row: ClaimRow): Span | null {
  const ratio = find(row, 'ratio');
  const reserves = find(row, 'reserves');
  if (ratio === null || reserves === null || find(row, 'liabilities') !== null) return null;
  const scale = Math.max(0, reserves.lo.scale - 1);
  const lo = ratio.hi === null ? null : quotient(times(HUNDRED, reserves.lo), ratio.hi, scale, 'down');
  const hi =
    reserves.hi === null || ratio.lo.unscaled === 0n
      ? null
      : quotient(times(HUNDRED, reserves.hi), ratio.lo, scale, 'up');
  return { lo: lo ?? { unscaled: 0n, scale: 0 }, loOpen: false, hi, hiOpen: false };
}

/** a / b with that many decimals, rounded outwards so that the span holds every value that is possible. */
function quotient(a: Decimal, b: Decimal, scale: number, towards: 'down' | 'up'): Decimal {
  const num = a.unscaled * 10n ** BigInt(b.scale + scale);
  const den = b.unscaled * 10n ** BigInt(a.scale);
  return { unscaled: num / den + (towards === 'up' && num % den !== 0n ? 1n : 0n), scale };
}

/** `22 assets`, `all`, `all assets`: what is said of each of a group, unlike an average or a total. */
const GROUP = /^(?:all|(?:all )?(?:\d{1,4} )?(?:assets|coins|tokens))$/i;

function groupsOf(row: ClaimRow, rows: readonly ClaimRow[]): JudgedRow['groups'] {
  const ratio = find(row, 'ratio');
  if (ratio === null || row.asset === null) return [];
  return rows
    .filter((other) => other.entity === row.entity && GROUP.test(other.subject) && sameTime(row, other))
    .flatMap((other) => {
      const span = find(other, 'ratio');
      return span === null ? [] : [{ subject: other.subject, span, together: intersect(ratio, span) }];
    });
}
