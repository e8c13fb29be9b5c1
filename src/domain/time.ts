import { quote } from './ids.ts';
import { err, ok, type Result } from './result.ts';

/** Milliseconds as ISO-8601 with `Z`. */
// biome-ignore lint/style/noRestrictedGlobals: pure formatting, the clock is not read
export const formatTime = (timeMs: number): string => new Date(timeMs).toISOString();

const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

/** Reads an ISO-8601 time that states its offset; a bare date or a time without zone is refused, never guessed. */
export function parseTime(text: string): Result<number> {
  if (!ISO.test(text))
    return err(`time ${quote(text)} must be ISO-8601 with an offset, e.g. 2026-11-22T00:00:00+08:00`);
  // biome-ignore lint/style/noRestrictedGlobals: pure parsing, the clock is not read
  const timeMs = Date.parse(text);
  return Number.isNaN(timeMs) ? err(`time ${quote(text)} does not exist`) : ok(timeMs);
}

/** How finely a moment is stated, coarsest first. */
export const TIME_PRECISIONS = ['day', 'minute', 'second', 'millisecond'] as const;
export type TimePrecision = (typeof TIME_PRECISIONS)[number];

/** How finely a text that `parseTime` reads is written: `T00:00+08:00` to the minute. */
export function writtenPrecision(text: string): TimePrecision {
  const [, seconds, parts] = ISO.exec(text) ?? [];
  return parts !== undefined ? 'millisecond' : seconds !== undefined ? 'second' : 'minute';
}

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads a duration such as `90s`, `15m`, `48h`, `30d` as milliseconds. */
export function parseDuration(text: string): Result<number> {
  const match = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text);
  if (!match) return err(`duration ${quote(text)} must be a whole number and a unit, e.g. 90s, 15m, 48h`);
  return ok(Number.parseInt(match[1] as string, 10) * (UNITS_MS[match[2] as string] as number));
}

/** An age as people say it: `14 m`, `3 h`, `23 days`. */
export function formatAge(ageMs: number): string {
  const seconds = Math.max(0, Math.floor(ageMs / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} days`;
}
