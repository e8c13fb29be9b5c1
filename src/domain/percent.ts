import { quote } from './ids.ts';
import type { Ppm } from './ratio.ts';
import { err, ok, type Result } from './result.ts';

const PERCENT = /^(\d{1,6})(?:\.(\d{1,4}))? ?%$/;

/** Reads a percentage such as `102 %` or `100.25%` as ppm, exactly: at most four decimals, the % sign is required. */
export function parsePercent(text: string): Result<Ppm> {
  const match = PERCENT.exec(text);
  if (!match) return err(`${quote(text)} must be a percentage with at most 4 decimals, e.g. 102 % or 100.25 %`);
  return ok(BigInt(`${match[1]}${(match[2] ?? '').padEnd(4, '0')}`));
}
