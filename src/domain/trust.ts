import { addDecimals, type Decimal, formatDecimal } from './amount.ts';
import { GRADES, type Grade } from './ownership.ts';
import type { LabelSum } from './totals.ts';

/** What rows of one label, grade and kind of message claim together. */
export interface TrustSum extends LabelSum {
  readonly grade: Grade;
  /** Signed by a message with a date, height or nonce in it. */
  readonly dated: boolean;
  /** Signed by a message that names the publisher. */
  readonly named: boolean;
}

/** A part of the claimed amount: coin units as a canonical decimal, and parts a million, rounded down; null of nothing. */
export interface Share {
  readonly amount: string;
  readonly ppm: number | null;
}

/** How well one asset's claimed amount is proven. Shares of a claim of zero are null, never 0 or 100 %. */
export interface AssetTrust {
  readonly asset: string;
  readonly claimed: string;
  readonly grades: Readonly<Record<Grade, Share>>;
  readonly dated: Share;
  readonly named: Share;
}

const ZERO: Decimal = { unscaled: 0n, scale: 0 };

/** Adds sums up by ratio asset; labels that the registry does not know stand alone. */
export function trustOf(sums: readonly TrustSum[]): readonly AssetTrust[] {
  const groups = new Map<string, TrustSum[]>();
  for (const sum of sums) {
    const key = sum.asset === null ? `label ${sum.label}` : `asset ${sum.asset}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [sum]);
    else group.push(sum);
  }
  return [...groups.values()].map((group) => {
    const claimed = addAll(group);
    const part = (pick: (sum: TrustSum) => boolean): Share => shareOf(addAll(group.filter(pick)), claimed);
    const grades = Object.fromEntries(GRADES.map((grade) => [grade, part((sum) => sum.grade === grade)]));
    return {
      asset: group[0]?.asset ?? group[0]?.label ?? '',
      claimed: formatDecimal(claimed),
      grades: grades as Record<Grade, Share>,
      dated: part(({ dated }) => dated),
      named: part(({ named }) => named),
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
