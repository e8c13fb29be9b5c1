import type { Decimal } from './amount.ts';
import { quote } from './ids.ts';
import type { PublishedPercent } from './liability.ts';
import type { Ppm } from './ratio.ts';
import { err, ok, type Result } from './result.ts';

const PERCENT = /^(\d{1,6})(?:\.(\d{1,4}))? ?%$/;

/** Reads a percentage such as `102 %` or `100.25%` as ppm, exactly: at most four decimals, the % sign is required. */
export function parsePercent(text: string): Result<Ppm> {
  const match = PERCENT.exec(text);
  if (!match) return err(`${quote(text)} must be a percentage with at most 4 decimals, e.g. 102 % or 100.25 %`);
  return ok(BigInt(`${match[1]}${(match[2] ?? '').padEnd(4, '0')}`));
}

/** The true percentages that a printed one may stand for: `lo` included, `hi` not. */
export interface PercentSpan {
  readonly lo: Decimal;
  readonly hi: Decimal;
}

/**
 * The span of a printed percentage, exactly, by its last printed digit: `102 %` of unknown rounding is [101, 103), to the nearest
 * [101.5, 102.5), cut off below [102, 103). Never below zero. For display: no figure is computed from it.
 */
export function spanOf({ text, rounding }: PublishedPercent): Result<PercentSpan> {
  const match = PERCENT.exec(text);
  if (!match) return err(`${quote(text)} must be a percentage with at most 4 decimals, e.g. 102 % or 100.25 %`);
  const decimals = match[2] ?? '';
  const scale = decimals.length + 1;
  const printed = BigInt(`${match[1]}${decimals}0`);
  const [below, above] = ({ unknown: [10n, 10n], nearest: [5n, 5n], down: [0n, 10n] } as const)[rounding];
  const lo = printed > below ? printed - below : 0n;
  return ok({ lo: { unscaled: lo, scale }, hi: { unscaled: printed + above, scale } });
}
