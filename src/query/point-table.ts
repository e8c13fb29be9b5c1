import { type BaseUnits, formatAmount } from '../domain/amount.ts';
import type { Interval } from '../domain/interval.ts';
import { formatPercent, type RatioInterval } from '../domain/ratio.ts';
import { type LiabilityView, type Point, reservesOn } from '../domain/solvency.ts';
import { formatAge, formatTime } from '../domain/time.ts';
import type { PointStatus } from './point-status.ts';

/** The columns of a table of points, in order. */
export const POINT_HEAD: readonly string[] = [
  'ENTITY',
  'ASSET',
  'KIND',
  'CLAIMED',
  'OBSERVED',
  'PROVEN',
  'CUSTODY',
  'LIABILITIES',
  'ATTESTED',
  'L GRADE',
  'OBSERVED %',
  'PROVEN %',
  'WITH CUSTODY %',
  'DATA',
  'STATUS',
  'AGE',
];

/** The columns of figures, which a table aligns to the right. */
export const POINT_FIGURES: readonly string[] = POINT_HEAD.filter((name) =>
  /CLAIMED|OBSERVED|PROVEN|CUSTODY|LIABILITIES/.test(name),
);

const NONE = '–';

/** One point as cells of `POINT_HEAD`: exact figures, intervals as `lo … hi`, ratios rounded down, ages against `nowMs`. */
export function pointCells(point: Point, status: PointStatus, nowMs: number): readonly string[] {
  const amount = (units: BaseUnits): string => groupDigits(formatAmount(units, point.decimals));
  const span = ({ lo, hi }: Interval): string => (lo === hi ? amount(lo) : `${amount(lo)} … ${amount(hi)}`);
  const reserves = (value: Interval): string => (point.unbounded ? `≥ ${amount(value.lo)}` : span(value));
  const owed = point.liabilities;
  const { asked, read } = point.cells;
  const disputed = disputedText(point);
  const notes = [...conflictNotes(point), ...listNotes(point), ...(disputed === null ? [] : [disputed])].map(
    (note) => `; ${note}`,
  );
  return [
    point.entity,
    point.asset,
    point.kind,
    amount(point.claimed),
    reserves(point.observed),
    reserves(point.proven),
    point.custody === null ? NONE : amount(point.custody),
    owed === null ? NONE : owed.openEnded ? `≥ ${amount(owed.amount.lo)}` : span(owed.amount),
    owed === null ? NONE : `${formatTime(owed.asOfMs).slice(0, 16)}Z (${formatAge(nowMs - owed.asOfMs)})`,
    owed === null ? NONE : statementNote(owed),
    percents(point.values.observed, owed?.openEnded === true),
    percents(point.values.proven, owed?.openEnded === true),
    percents(point.values['observed+custody'], owed?.openEnded === true),
    `${point.quality} ${read}/${asked}${point.assurance === null ? '' : ` ${point.assurance}`}${notes.join('')}`,
    status,
    formatAge(nowMs - point.atMs),
  ];
}

/** The columns of the same table for a terminal, where a point is a block of lines. */
export const BLOCK_HEAD: readonly string[] = [
  'ASSET',
  'FIGURE',
  'AMOUNT',
  'RATIO',
  'AGAINST LIABILITIES OF',
  'DATA',
  'STATUS',
];

/** One point as columns of lines under `BLOCK_HEAD`: the same figures as `pointCells`, in a width that a terminal has. */
export function pointBlock(point: Point, status: PointStatus, nowMs: number): readonly (readonly string[])[] {
  const cell = new Map(POINT_HEAD.map((name, index) => [name, pointCells(point, status, nowMs)[index] as string]));
  const of = (name: string): string => cell.get(name) as string;
  const custody = reservesOn(point, 'observed+custody');
  const withCustody = custody && groupDigits(formatAmount(custody.lo, point.decimals));
  const figures: readonly (readonly [string, string, string])[] = [
    ['claimed', of('CLAIMED'), ''],
    ['observed', of('OBSERVED'), of('OBSERVED %')],
    ['proven', of('PROVEN'), of('PROVEN %')],
    ...(withCustody ? [[`+ custody ${of('CUSTODY')}`, withCustody, of('WITH CUSTODY %')] as const] : []),
  ];
  const owed = point.liabilities;
  const disputed = disputedText(point);
  const unread =
    point.claimedUnread === 0n
      ? []
      : [`claimed, unread ${groupDigits(formatAmount(point.claimedUnread, point.decimals))}`];
  return [
    [of('ASSET'), of('ENTITY'), point.kind],
    figures.map(([name]) => name),
    figures.map(([, amount]) => amount),
    figures.map(([, , ratio]) => ratio),
    owed === null
      ? ['unknown']
      : [
          of('LIABILITIES'),
          `${formatTime(owed.asOfMs).slice(0, 16)}Z`,
          `${formatAge(nowMs - owed.asOfMs)} ago, ${owed.grade}`,
          `${owed.binding === 'none' ? 'binds no total' : owed.binding}: ${owed.source}`,
        ],
    [
      point.quality,
      `${point.cells.read}/${point.cells.asked} read ${point.assurance ?? ''}`.trim(),
      `${of('AGE')} old`,
      ...unread,
      ...conflictNotes(point),
      ...(disputed === null ? [] : [disputed]),
      ...listNotes(point),
    ],
    [status],
  ];
}

/** Grade, binding and source of the liabilities in force. */
const statementNote = ({ grade, binding, source }: LiabilityView): string =>
  `${grade}, ${binding === 'none' ? 'binds no total' : binding}: ${source}`;

/** What other sources state of the liabilities at the same moment. */
const conflictNotes = ({ liabilities, decimals }: Point): readonly string[] =>
  (liabilities?.conflicts ?? []).map(
    ({ amount, source }) => `CONFLICT: ${source} states ${groupDigits(formatAmount(amount, decimals))} owed`,
  );

/** The list that a point rests on, whether a newer one waits, and what it explains of a drop; nothing for points that name none. */
function listNotes({ list, explained, decimals }: Point): readonly string[] {
  if (!list) return [];
  const amount = (units: BaseUnits): string => groupDigits(formatAmount(units, decimals));
  return [
    `set ${list.setVersion}`,
    ...(list.waiting ? ['a newer report waits for approval'] : []),
    ...(explained
      ? [
          `drop explained by report ${explained.by.slice(0, 12)}: ${amount(explained.explained)}, not ${amount(explained.unexplained)}`,
        ]
      : []),
  ];
}

/** How many publishers one line names; `--json` has them all. */
const NAMED = 3;

/** What of a point is disputed and with whom, e.g. `12.5 BTC disputed with bitfinex`; null where nothing is. */
export function disputedText({ disputed, asset, decimals }: Point): string | null {
  if (!disputed) return null;
  const amount = (units: BaseUnits): string => groupDigits(formatAmount(units, decimals));
  const [first, ...others] = disputed.with;
  if (first === undefined) return `${amount(disputed.amount)} ${asset} disputed`;
  const named = others.slice(0, NAMED - 1).map((one) => `, ${amount(one.amount)} with ${one.entity}`);
  const more = others.length < NAMED ? '' : ` and with ${others.length - NAMED + 1} more`;
  return `${amount(first.amount)} ${asset} disputed with ${first.entity}${named.join('')}${more}`;
}

function percents(value: RatioInterval | null, openEnded: boolean): string {
  if (value === null) return NONE;
  const [lo, hi] = [formatPercent(value.lo), formatPercent(value.hi)];
  if (openEnded) return `≤ ${hi}`;
  const exact = value.lo.num * value.hi.den === value.hi.num * value.lo.den;
  return exact ? lo : `${lo} … ${hi}`;
}

/** A decimal's whole part in groups of three, for people: `1,020,000.5`. */
export function groupDigits(decimal: string): string {
  const [whole = '', fraction] = decimal.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
