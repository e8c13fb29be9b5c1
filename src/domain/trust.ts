import { addDecimals, type Decimal, formatDecimal } from './amount.ts';
import { OWNER_ROW, type ReportRow } from './attestation.ts';
import type { AssetCode } from './ids.ts';
import { messageDate } from './message.ts';
import { countsAsProven, GRADES, type Grade, type OwnershipVerdict } from './ownership.ts';
import type { LabelSum } from './totals.ts';

/** What rows of one label, grade and kind of message claim together. */
export interface TrustSum extends LabelSum {
  readonly grade: Grade;
  /** Counts as proven: the grade proves, the message is not foreign, the row not disputed, nor there only to name an owner. */
  readonly proven: boolean;
  /** There is a message, and the signature fits something: only then what it says means something. */
  readonly signed: boolean;
  /** Signed by a message with a date, height or nonce in it. */
  readonly dated: boolean;
  /** Signed by a message that names the publisher. */
  readonly named: boolean;
  readonly rows: number;
  /** The earliest date that a message of the rows states, as `messageDate` gives it; null where none does. */
  readonly messageDate: string | null;
}

/** A part of the claimed amount: coin units as a canonical decimal, and parts a million, rounded down; null of nothing. */
export interface Share {
  readonly amount: string;
  readonly ppm: number | null;
}

/** A share, and of how many rows it is. */
export interface CountedShare extends Share {
  readonly rows: number;
}

/** How well one asset's claimed amount is proven. Shares of a claim of zero are null, never 0 or 100 %. */
export interface AssetTrust {
  readonly asset: string;
  readonly claimed: string;
  readonly grades: Readonly<Record<Grade, Share>>;
  readonly dated: Share;
  readonly named: Share;
  /** Signed by a message that may have been signed at any time. */
  readonly undated: CountedShare;
  /** Signed by a message that does not name the publisher. */
  readonly foreign: CountedShare;
  /** The earliest date in a message behind a proven row (`2026-11-22`, or `2026-11`): the signer's word, not a time seen. */
  readonly messageDate: string | null;
}

/** The same of a kept report, beside the history. */
export interface ReportTrust extends AssetTrust {
  /** When the oldest signature behind a proven row was first seen in a kept report, ms since 1970; null where no row is proven. */
  readonly oldestSeenMs: number | null;
}

const ZERO: Decimal = { unscaled: 0n, scale: 0 };

/** Grades of rows whose signature fits something. */
const SIGNED: readonly Grade[] = ['address-bound', 'owner-confirmed', 'owner-bound', 'key-only'];

/** A row as it counts towards trust. */
export type TrustRow = Pick<ReportRow, 'label' | 'message' | 'addressText' | 'rowType'>;

/** Adds rows up by label, grade and kind of message. */
export interface TrustSums {
  /** Adds a row that claims so much; gives the number of its sum, from 0, in the order of `sums`. */
  add(
    row: TrustRow,
    asset: AssetCode | null,
    verdict: Pick<OwnershipVerdict, 'grade' | 'flags'>,
    amount: Decimal,
  ): number;
  /** Adds rows that were added up elsewhere. */
  addSum(sum: TrustSum): void;
  sums(): readonly TrustSum[];
}

/** Empty sums. */
export function createTrustSums(): TrustSums {
  const sums: { -readonly [K in keyof TrustSum]: TrustSum[K] }[] = [];
  /** The few sums of a label: looked through, as a text that names one of them costs more to make for every row. */
  const placesOf = new Map<string, number[]>();

  function addSum(one: TrustSum): number {
    let places = placesOf.get(one.label);
    if (places === undefined) {
      places = [];
      placesOf.set(one.label, places);
    }
    for (const place of places) {
      const sum = sums[place] as (typeof sums)[number];
      if (!isSameKind(sum, one)) continue;
      sum.sum = addDecimals(sum.sum, one.sum);
      sum.rows += one.rows;
      sum.messageDate = earliest(sum.messageDate, one.messageDate);
      return place;
    }
    places.push(sums.length);
    return sums.push({ ...one }) - 1;
  }

  return {
    add(row, asset, { grade, flags }, amount) {
      const signed = row.message !== null && SIGNED.includes(grade);
      const dated = signed && !flags.includes('static-message');
      const named = signed && !flags.includes('foreign-message');
      const isClaim = row.rowType !== OWNER_ROW || amount.unscaled !== 0n;
      const proven = isClaim && countsAsProven({ grade, flags });
      const date = dated ? messageDate(row.message as string, row.addressText) : null;
      const { label } = row;
      return addSum({ label, asset, grade, proven, signed, dated, named, rows: 1, sum: amount, messageDate: date });
    },
    addSum,
    sums: () => sums,
  };
}

const isSameKind = (a: TrustSum, b: TrustSum): boolean =>
  a.grade === b.grade &&
  a.asset === b.asset &&
  a.proven === b.proven &&
  a.signed === b.signed &&
  a.dated === b.dated &&
  a.named === b.named;

const earliest = (a: string | null, b: string | null): string | null => (a === null || (b !== null && b < a) ? b : a);

/** Sums of one ratio asset together; labels that the registry does not know stand alone. */
export function trustGroups<T extends Pick<LabelSum, 'label' | 'asset'>>(
  sums: readonly T[],
): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const sum of sums) {
    const key = sum.asset === null ? `label ${sum.label}` : `asset ${sum.asset}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [sum]);
    else group.push(sum);
  }
  return [...groups.values()];
}

/** Adds sums up, one entry a group of `trustGroups`. */
export function trustOf(sums: readonly TrustSum[]): readonly AssetTrust[] {
  return trustGroups(sums).map((group) => {
    const claimed = addAll(group);
    const part = (pick: (sum: TrustSum) => boolean): Share => shareOf(addAll(group.filter(pick)), claimed);
    const counted = (pick: (sum: TrustSum) => boolean): CountedShare => ({
      ...part(pick),
      rows: group.filter(pick).reduce((count, { rows }) => count + rows, 0),
    });
    const grades = Object.fromEntries(GRADES.map((grade) => [grade, part((sum) => sum.grade === grade)]));
    return {
      asset: group[0]?.asset ?? group[0]?.label ?? '',
      claimed: formatDecimal(claimed),
      grades: grades as Record<Grade, Share>,
      dated: part(({ dated }) => dated),
      named: part(({ named }) => named),
      undated: counted(({ signed, dated }) => signed && !dated),
      foreign: counted(({ signed, named }) => signed && !named),
      messageDate: group.reduce<string | null>(
        (date, sum) => earliest(date, sum.proven ? sum.messageDate : null),
        null,
      ),
    };
  });
}

const addAll = (sums: readonly TrustSum[]): Decimal => sums.reduce((total, { sum }) => addDecimals(total, sum), ZERO);

function shareOf(part: Decimal, whole: Decimal): Share {
  const amount = formatDecimal(part);
  if (whole.unscaled === 0n) return { amount, ppm: null };
  const scale = Math.max(part.scale, whole.scale);
  const lift = (value: Decimal): bigint => value.unscaled * 10n ** BigInt(scale - value.scale);
  return { amount, ppm: Number((lift(part) * 1_000_000n) / lift(whole)) };
}

/** Parts a million as a percentage with two decimals, rounded down; `-` of nothing. */
export const formatPpm = (ppm: number | null): string =>
  ppm === null ? '-' : `${Math.floor(ppm / 10_000)}.${`${Math.floor((ppm % 10_000) / 100)}`.padStart(2, '0')} %`;
