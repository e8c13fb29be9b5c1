import type { BaseUnits } from './amount.ts';

/** What is known of a figure: it lies in `[lo, hi]`, both ends included, in base units. */
export interface Interval {
  readonly lo: BaseUnits;
  readonly hi: BaseUnits;
}

/** The interval of a figure that is known exactly. */
export const exactly = (units: BaseUnits): Interval => ({ lo: units, hi: units });

/** An interval from its ends; ends in the wrong order are a bug and throw. */
export function interval(lo: BaseUnits, hi: BaseUnits): Interval {
  if (lo > hi) throw new RangeError(`interval [${lo}, ${hi}] is empty`);
  return { lo, hi };
}

/** The interval of the sum of two figures. */
export const addIntervals = (a: Interval, b: Interval): Interval => ({
  lo: (a.lo + b.lo) as BaseUnits,
  hi: (a.hi + b.hi) as BaseUnits,
});

/** Whether the figure is known exactly. */
export const isExact = (value: Interval): boolean => value.lo === value.hi;
