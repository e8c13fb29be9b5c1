import { compareDecimals, type Decimal } from './amount.ts';
import { quote } from './ids.ts';
import type { Rounding } from './liability.ts';
import { err, ok, type Result } from './result.ts';

/** A figure as a publisher prints it: `102`, `more than 23000`, `133.60`. Its unit is known from where it stands. */
export interface PrintedFigure {
  /** The digits as printed; the last one says how finely the figure is stated. */
  readonly digits: string;
  readonly qualifier: Qualifier | null;
  /** The word that was printed for the qualifier, e.g. `over`. */
  readonly word: string | null;
}

/** What a word beside a figure makes of it: `above` and `below` exclude the figure itself, `near` bounds nothing. */
export type Qualifier = 'above' | 'at-least' | 'below' | 'at-most' | 'near';

/** The true values that a printed figure may stand for. `hi` is null where nothing bounds it. */
export interface Span {
  readonly lo: Decimal;
  readonly loOpen: boolean;
  readonly hi: Decimal | null;
  readonly hiOpen: boolean;
}

const WORDS: ReadonlyMap<string, Qualifier> = new Map([
  ...['more than', 'over', 'above', 'exceeding', 'greater than', '>'].map((word) => [word, 'above'] as const),
  ...['at least', 'no less than', 'minimum', '>=', '≥'].map((word) => [word, 'at-least'] as const),
  ...['less than', 'below', 'under', 'fewer than', '<'].map((word) => [word, 'below'] as const),
  ...['at most', 'up to', 'no more than', 'maximum', '<=', '≤'].map((word) => [word, 'at-most'] as const),
  ...['about', 'around', 'approximately', 'approx.', 'nearly', 'almost', 'circa', 'c.', '~', '≈'].map(
    (word) => [word, 'near'] as const,
  ),
]);

const FIGURE = /^(\D*?)\s*(\d{1,60}(?:\.\d{1,30})?)$/;

/**
 * Reads a figure as printed, with a qualifying word before it or given apart (`over 100`, or `100` and `over`). A word that is
 * not known is an error: dropping it would make the figure something else.
 */
export function parseFigure(text: string, wordApart: string | null = null): Result<PrintedFigure> {
  const match = FIGURE.exec(text.trim());
  if (!match) return err(`${quote(text)} is not a figure (digits, optionally with decimals, and a word such as over)`);
  const before = (match[1] as string).toLowerCase();
  const apart = (wordApart ?? '').trim().toLowerCase();
  if (before !== '' && apart !== '' && before !== apart)
    return err(`${quote(text)} has the word ${quote(before)} and the qualifier ${quote(apart)}: one of the two`);
  const word = before === '' ? apart : before;
  const digits = match[2] as string;
  if (word === '') return ok({ digits, qualifier: null, word: null });
  const qualifier = WORDS.get(word);
  if (qualifier === undefined)
    return err(`what ${quote(word)} makes of a figure is not known; known are ${[...WORDS.keys()].join(', ')}`);
  return ok({ digits, qualifier, word });
}

const ZERO: Decimal = { unscaled: 0n, scale: 0 };

/**
 * The span of a printed figure, exactly. Without a qualifier by its last printed digit: `102` of unknown rounding is [101, 103),
 * to the nearest [101.5, 102.5), cut off below [102, 103). A qualified figure is the bound itself: `over 100` is (100, ∞).
 * Never below zero. For display and for finding contradictions: no figure is computed from it.
 */
export function spanOfFigure({ digits, qualifier }: PrintedFigure, rounding: Rounding): Span {
  const [whole = '', fraction = ''] = digits.split('.');
  const scale = fraction.length + 1;
  const printed = BigInt(`${whole}${fraction}0`);
  const value: Decimal = { unscaled: printed, scale };
  if (qualifier === 'above' || qualifier === 'at-least')
    return { lo: value, loOpen: qualifier === 'above', hi: null, hiOpen: true };
  if (qualifier === 'below' || qualifier === 'at-most')
    return { lo: ZERO, loOpen: false, hi: value, hiOpen: qualifier === 'below' };
  if (qualifier === 'near') return { lo: ZERO, loOpen: false, hi: null, hiOpen: true };
  const [below, above] = ({ unknown: [10n, 10n], nearest: [5n, 5n], down: [0n, 10n] } as const)[rounding];
  const lo = printed > below ? printed - below : 0n;
  return { lo: { unscaled: lo, scale }, loOpen: false, hi: { unscaled: printed + above, scale }, hiOpen: true };
}

/** What two spans have in common; null where they contradict each other. */
export function intersect(a: Span, b: Span): Span | null {
  const byLo = compareDecimals(a.lo, b.lo);
  const low = byLo > 0 || (byLo === 0 && a.loOpen) ? a : b;
  const high = endsFirst(a, b) ? a : b;
  if (high.hi !== null) {
    const order = compareDecimals(low.lo, high.hi);
    if (order > 0 || (order === 0 && (low.loOpen || high.hiOpen))) return null;
  }
  return { lo: low.lo, loOpen: low.loOpen, hi: high.hi, hiOpen: high.hiOpen };
}

function endsFirst(a: Span, b: Span): boolean {
  if (a.hi === null) return false;
  if (b.hi === null) return true;
  const order = compareDecimals(a.hi, b.hi);
  return order < 0 || (order === 0 && a.hiOpen);
}
