import type { BaseUnits } from './amount.ts';
import type { Interval } from './interval.ts';

/** An exact quotient of two amounts of one asset; `den` is positive. Compared by cross-multiplication only. */
export interface Fraction {
  readonly num: bigint;
  readonly den: bigint;
}

/** Parts per million: 1_000_000 is 100 %. Thresholds are written in it; values only shown in it, rounded down. */
export type Ppm = bigint;

/** One million: the ppm of a ratio of exactly 100 %. */
export const ONE_PPM: Ppm = 1_000_000n;

/** The exact ratio of reserves over liabilities at both ends, or null while liabilities are not positive. */
export interface RatioInterval {
  readonly lo: Fraction;
  readonly hi: Fraction;
}

/** The interval of R / L: lowest R over highest L, highest R over lowest L; null where L may be zero or less. */
export function ratioInterval(reserves: Interval, liabilities: Interval): RatioInterval | null {
  if (liabilities.lo <= 0n) return null;
  return { lo: { num: reserves.lo, den: liabilities.hi }, hi: { num: reserves.hi, den: liabilities.lo } };
}

/** The ratio in ppm, rounded down, so that 100 % never appears from rounding up 99.99999 %. */
export function toPpm({ num, den }: Fraction): Ppm {
  const scaled = num * ONE_PPM;
  return scaled >= 0n ? scaled / den : -((-scaled + den - 1n) / den);
}

/** A ratio as percent text with two decimals, rounded down: `102.31 %`. */
export function formatPercent(fraction: Fraction): string {
  const hundredths = toPpm(fraction) / 100n;
  return `${hundredths / 100n}.${(hundredths % 100n).toString().padStart(2, '0')} %`;
}

/** A threshold exactly, with as many decimals as it has: `1005000` is `100.5 %`. */
export const formatPpm = (ppm: Ppm): string =>
  `${ppm / 10_000n}${`.${(ppm % 10_000n).toString().padStart(4, '0')}`.replace(/\.?0+$/, '')} %`;

/** A threshold pair: breach strictly below `fire`, clear at or above `clear`. */
export interface LevelBounds {
  readonly firePpm: Ppm;
  readonly clearPpm: Ppm;
}

/** What a comparison says of a level. Unknown is never fine. */
export type LevelDecision = 'breach' | 'clear' | 'hold' | 'unknown';

/**
 * Decides a level on intervals: BREACH iff even the highest reserves over the lowest liabilities are below `fire`,
 * CLEAR iff even the lowest over the highest are at or above `clear`, HOLD iff both are exact and between, else UNKNOWN.
 */
export function decideLevel(reserves: Interval, liabilities: Interval, bounds: LevelBounds): LevelDecision {
  if (liabilities.lo <= 0n) return 'unknown';
  if (reserves.hi * ONE_PPM < (liabilities.lo as bigint) * bounds.firePpm) return 'breach';
  if (reserves.lo * ONE_PPM >= (liabilities.hi as bigint) * bounds.clearPpm) return 'clear';
  return reserves.lo === reserves.hi && liabilities.lo === liabilities.hi ? 'hold' : 'unknown';
}

/** The least amount of reserves at which the level no longer fires against these liabilities: ceil(L · fire / 10⁶). */
export const reservesNeeded = (liabilities: BaseUnits, fire: Ppm): BaseUnits =>
  ((liabilities * fire + ONE_PPM - 1n) / ONE_PPM) as BaseUnits;
