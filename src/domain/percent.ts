import { quote } from './ids.ts';
import type { PublishedPercent } from './liability.ts';
import { parseFigure, type Span, spanOfFigure } from './printed-figure.ts';
import type { Ppm } from './ratio.ts';
import { err, ok, type Result } from './result.ts';

const PERCENT = /^(\d{1,6})(?:\.(\d{1,4}))? ?%$/;

/** Reads a percentage such as `102 %` or `100.25%` as ppm, exactly: at most four decimals, the % sign is required. */
export function parsePercent(text: string): Result<Ppm> {
  const match = PERCENT.exec(text);
  if (!match) return err(`${quote(text)} must be a percentage with at most 4 decimals, e.g. 102 % or 100.25 %`);
  return ok(BigInt(`${match[1]}${(match[2] ?? '').padEnd(4, '0')}`));
}

const PUBLISHED = /^(\D{0,40}?\d{1,6}(?:\.\d{1,4})?) ?%$/;

/**
 * The span of a printed percentage, exactly, by its last printed digit: `102 %` of unknown rounding is [101, 103), to the nearest
 * [101.5, 102.5), cut off below [102, 103); `over 100 %` is (100, ∞). Never below zero. For display: no figure is computed from it.
 */
export function spanOf({ text, rounding }: PublishedPercent): Result<Span> {
  const match = PUBLISHED.exec(text);
  if (!match)
    return err(`${quote(text)} must be a percentage with at most 4 decimals, e.g. 102 %, 100.25 % or over 100 %`);
  const figure = parseFigure(match[1] as string);
  return figure.ok ? ok(spanOfFigure(figure.value, rounding)) : figure;
}
