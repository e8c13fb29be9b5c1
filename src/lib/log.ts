import { type DestinationStream, destination, type Level, type Logger as PinoLogger, pino } from 'pino';
import { createScrubber } from './scrub.ts';

/** Writes one JSON object a line: an object of fields first, then a message. */
export type Logger = Pick<PinoLogger, 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'flush'>;

/** How loud, and what must never be written. */
export interface LogOptions {
  readonly level: Level | 'silent';
  /** Secret values as they are (tokens, keys, `secretsOfUrl` of each provider's URL). */
  readonly secrets: readonly string[];
}

/**
 * A JSON logger to stderr whose finished lines are scrubbed of every secret: wherever a value got into a line (message, error,
 * stack, field, nested cause), it is `[secret]`. Times are ISO-8601 `Z`; fields `pid` and `hostname` are left out.
 */
export function createLogger(
  options: LogOptions,
  stream: DestinationStream = destination({ fd: 2, sync: true }),
): Logger {
  const scrub = createScrubber(options.secrets);
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // Paths to redact would have to be known beforehand; a scrubbed line cannot be got around.
      hooks: { streamWrite: scrub },
    },
    stream,
  );
}
