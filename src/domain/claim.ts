import type { Decimal } from './amount.ts';
import type { AssetCode, EntityId, Sha256 } from './ids.ts';
import { quote } from './ids.ts';
import type { Rounding } from './liability.ts';
import type { PrintedFigure } from './printed-figure.ts';
import { err, ok, type Result } from './result.ts';

/** Figures that claims of reserves are made of; any other name is kept as it is printed, and not judged. */
export const CLAIM_METRICS = [
  'ratio',
  'reserves',
  'liabilities',
  'wallets',
  'custody',
  'wallets-ratio',
  'computed-ratio',
] as const;
export type ClaimMetric = (typeof CLAIM_METRICS)[number];

/**
 * One figure that somebody prints of an entity's reserves: a claim, never a side of a comparison. Ratios are in percent,
 * amounts in coin units or, for other metrics, in what their name says.
 */
export interface PublishedClaim {
  readonly entity: EntityId;
  /** The publisher's own number of the report; null where none is given. */
  readonly report: string | null;
  /** What the figure is about, as printed: an asset, `TOTAL_USD`, `22 assets`; empty for a figure about the whole. */
  readonly subject: string;
  /** The ratio asset that the subject is; null where it is none that is known. */
  readonly asset: AssetCode | null;
  /** One of CLAIM_METRICS, or the metric's name as printed. */
  readonly metric: string;
  readonly figure: PrintedFigure;
  readonly rounding: Rounding;
  readonly date: ClaimDate;
  /** Where a person can look it up. */
  readonly source: string;
  readonly note: string | null;
  /** The list that it was read from, and the physical line there, 1-based. */
  readonly documentSha256: Sha256;
  readonly line: number;
  readonly recordedAtMs: number;
}

/** A date as printed and how finely it is stated. */
export interface ClaimDate {
  readonly text: string;
  readonly precision: ClaimPrecision;
  /** What the list itself says of the precision, as printed. */
  readonly precisionText: string | null;
}

/** Coarsest first. */
export const CLAIM_PRECISIONS = ['year', 'month', 'day', 'moment'] as const;
export type ClaimPrecision = (typeof CLAIM_PRECISIONS)[number];

/** The moments that a date may stand for, ms since 1970: from included, to not. */
export interface Period {
  readonly fromMs: number;
  readonly toMs: number;
}

const DATE = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?)?)?$/;

/** Reads `2023`, `2023-05`, `2023-05-20` or an ISO time with its offset; a stated precision that is coarser than the text wins. */
export function parseClaimDate(text: string, precisionText: string | null): Result<ClaimDate> {
  const match = DATE.exec(text);
  const written = match === null ? null : writtenPrecision(match);
  if (written === null || periodOfText(text, written) === null)
    return err(`date ${quote(text)} must be YYYY, YYYY-MM, YYYY-MM-DD or an ISO-8601 time with an offset, and exist`);
  const stated = CLAIM_PRECISIONS.find((one) => (precisionText ?? '').toLowerCase().startsWith(one));
  const coarser =
    stated !== undefined && CLAIM_PRECISIONS.indexOf(stated) < CLAIM_PRECISIONS.indexOf(written) ? stated : written;
  return ok({ text, precision: coarser, precisionText });
}

function writtenPrecision(match: RegExpExecArray): ClaimPrecision {
  if (match[4] !== undefined) return 'moment';
  return match[3] !== undefined ? 'day' : match[2] !== undefined ? 'month' : 'year';
}

/** The period of a date in UTC; a date without a zone may have begun 14 hours earlier or ended 12 hours later somewhere. */
export function periodOf({ text, precision }: ClaimDate): Period {
  const period = periodOfText(text, precision);
  if (period === null) throw new Error(`claim date ${quote(text)} was kept, but does not exist`);
  return period;
}

const HOUR_MS = 3_600_000;

/** The period widened by all offsets of the world where the date states none. */
export const anywhere = (date: ClaimDate): Period => {
  const { fromMs, toMs } = periodOf(date);
  return date.precision === 'moment' ? { fromMs, toMs } : { fromMs: fromMs - 14 * HOUR_MS, toMs: toMs + 12 * HOUR_MS };
};

/** Whether two periods have a moment in common. */
export const overlap = (a: Period, b: Period): boolean => a.fromMs < b.toMs && b.fromMs < a.toMs;

function periodOfText(text: string, precision: ClaimPrecision): Period | null {
  const [, year = '', month, day] = DATE.exec(text) ?? [];
  if (precision === 'moment') {
    // biome-ignore lint/style/noRestrictedGlobals: pure parsing, the clock is not read
    const atMs = Date.parse(text);
    return Number.isNaN(atMs) ? null : { fromMs: atMs, toMs: atMs + 1 };
  }
  // biome-ignore lint/style/noRestrictedGlobals: pure parsing, the clock is not read
  const utc = (y: number, m: number, d: number): number => Date.UTC(y, m, d);
  const y = Number.parseInt(year, 10);
  if (precision === 'year') return { fromMs: utc(y, 0, 1), toMs: utc(y + 1, 0, 1) };
  const m = Number.parseInt(month ?? '', 10) - 1;
  if (!(m >= 0 && m < 12)) return null;
  if (precision === 'month') return { fromMs: utc(y, m, 1), toMs: utc(y, m + 1, 1) };
  const d = Number.parseInt(day ?? '', 10);
  const exists = d >= 1 && utc(y, m, d) < utc(y, m + 1, 1);
  return exists ? { fromMs: utc(y, m, d), toMs: utc(y, m, d + 1) } : null;
}

/** One line of a list of claims: figures about one subject at one date by one source. */
export interface ClaimRow {
  readonly entity: EntityId;
  readonly report: string | null;
  readonly subject: string;
  readonly asset: AssetCode | null;
  readonly date: ClaimDate;
  readonly source: string;
  readonly notes: readonly string[];
  readonly claims: readonly PublishedClaim[];
}

/** Claims that belong together (entity, report, subject, date, source), in the order of first appearance. */
export function rowsOfClaims(claims: readonly PublishedClaim[]): readonly ClaimRow[] {
  const rows = new Map<string, PublishedClaim[]>();
  for (const one of claims) {
    const key = [one.entity, one.report ?? '', one.subject, one.date.text, one.source].join('\n');
    const known = rows.get(key);
    if (known === undefined) rows.set(key, [one]);
    else known.push(one);
  }
  return [...rows.values()].map((group) => {
    const { entity, report, subject, asset, date, source } = group[0] as PublishedClaim;
    const notes = [...new Set(group.flatMap(({ note }) => note ?? []))];
    return { entity, report, subject, asset, date, source, notes, claims: group };
  });
}

/** An exact total of our own that a claim of reserves can be held against. */
export interface OwnTotal {
  readonly entity: EntityId;
  readonly asset: AssetCode;
  readonly asOfMs: number;
  readonly report: Sha256;
  readonly total: Decimal;
}
