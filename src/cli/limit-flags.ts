import type { Command } from 'commander';
import { quote } from '../domain/ids.ts';
import { LIMIT_FLAGS, LIMITS, type Limits } from '../domain/limits.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { parseByteSize } from '../lib/byte-size.ts';

/** What a command that reads published files was told of its limits, as typed. */
export interface LimitFlags {
  readonly maxBytes?: string;
  readonly maxRecord?: string;
  readonly maxField?: string;
  readonly maxDocument?: string;
  readonly maxRatio?: string;
  readonly entry?: string;
}

/** Gives a command the flags that raise (or lower) what is read of a published file. */
export const addLimitFlags = (command: Command): Command =>
  command
    .option('--max-bytes <size>', 'largest file, unpacked (default: 512MiB)')
    .option('--max-record <size>', 'longest line (default: 1MiB)')
    .option('--max-field <size>', 'longest field (default: 64KiB)')
    .option('--max-document <size>', 'longest JSON document, which is in memory whole (default: 64MiB)')
    .option('--max-ratio <n>', 'unpacked bytes a packed byte (default: 100)')
    .option('--entry <name>', 'the file to take out of a ZIP archive that holds several');

/** What is in memory whole has to fit in one string of JavaScript. */
const LARGEST_IN_MEMORY = 256 * 1024 * 1024;

/** The limits that the flags set, the others as by default; an error names the flag. */
export function limitsOf(flags: LimitFlags): Result<Limits> {
  const limits: Record<keyof Limits, number> = { ...LIMITS };
  for (const name of ['maxBytes', 'maxRecord', 'maxField', 'maxDocument'] as const) {
    const text = flags[name];
    if (text === undefined) continue;
    const size = parseByteSize(text);
    if (!size.ok) return err(`${LIMIT_FLAGS[name]}: ${size.error}`);
    if (name !== 'maxBytes' && size.value > LARGEST_IN_MEMORY) {
      return err(`${LIMIT_FLAGS[name]}: ${quote(text)} is more than 256MiB, the most that is held in memory at once`);
    }
    limits[name] = size.value;
  }
  if (flags.maxRatio !== undefined) {
    if (!/^[1-9]\d{0,6}$/.test(flags.maxRatio)) {
      return err(`--max-ratio: ${quote(flags.maxRatio)} is no whole number from 1 to 9999999`);
    }
    limits.maxRatio = Number(flags.maxRatio);
  }
  return ok(limits);
}
