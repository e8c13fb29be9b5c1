import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { Writable } from 'node:stream';
import type { Table, TableConstructorOptions } from 'cli-table3';
import colors from 'picocolors';
import { escapeText } from '../domain/ids.ts';
import { stringifyJson } from '../lib/json.ts';
import type { CliContext, ExitCode } from './context.ts';

const require = createRequire(import.meta.url);

/** A table of the library that is loaded where one is printed on a terminal, and nowhere else. */
const newTable = (options: TableConstructorOptions): Table =>
  new (require('cli-table3') as typeof import('cli-table3'))(options);

/** Writes text and waits while the reader is slower. */
export async function write(stream: Writable, text: string): Promise<void> {
  if (!stream.write(text)) await once(stream, 'drain');
}

/** The JSON envelope of every command: `{schema, data, warnings}` on one line. */
export const jsonEnvelope = (schema: string, data: unknown, warnings: readonly string[] = []): string =>
  `${stringifyJson({ schema, data, warnings })}\n`;

/** Writes the JSON envelope to stdout. */
export const printJson = (
  context: CliContext,
  schema: string,
  data: unknown,
  warnings: readonly string[] = [],
): Promise<void> => write(context.stdout, jsonEnvelope(schema, data, warnings));

/** Says on stderr why the command cannot go on, and sets its exit code. */
export async function fail(context: CliContext, code: ExitCode, message: string): Promise<void> {
  await write(context.stderr, `error: ${linesText(message)}\n`);
  context.exit(code);
}

/** Writes a note for people to stderr. */
export const note = (context: CliContext, message: string): Promise<void> =>
  write(context.stderr, `${linesText(message)}\n`);

/** A message of several lines (the faults of a config), escaped; further lines are indented, so that none passes for another message. */
const linesText = (message: string): string => message.split('\n').map(escapeText).join('\n  ');

/** Whether a stream ends at a person's screen. */
export const isTerminal = (stream: Writable): boolean => (stream as { readonly isTTY?: boolean }).isTTY === true;

/** Colour functions for a stream: plain where it is no terminal, or NO_COLOR is set to anything. */
export const paint = (context: CliContext, stream: Writable): ReturnType<typeof colors.createColors> =>
  colors.createColors(isTerminal(stream) && (context.env['NO_COLOR'] ?? '') === '');

/**
 * Rows as text: a ruled table for a terminal, else tab-separated lines under one header line. Cells are escaped; `right`
 * names the columns of figures, which are never cut: other cells are where they are longer than any address.
 */
export function tableText(
  stream: Writable,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly string[] = [],
): string {
  const safe = rows.map((row) =>
    row.map((cell, at) => (right.includes(head[at] ?? '') ? escapeText(cell) : shownName(cell))),
  );
  if (!isTerminal(stream)) return `${[head, ...safe].map((row) => row.join('\t')).join('\n')}\n`;
  const table = newTable({
    head: [...head],
    style: { head: [], border: [], compact: true },
    colAligns: head.map((name) => (right.includes(name) ? 'right' : 'left')),
  });
  table.push(...safe.map((row) => [...row]));
  return `${table.toString()}\n`;
}

/** Longest cell of text: the longest addresses have some 110 characters. */
const LONGEST_CELL = 128;

/** A name out of a file for a text: escaped, and cut with an ellipsis where it is longer than any address. */
export function shownName(name: string): string {
  const points = name.length <= LONGEST_CELL ? [] : [...name];
  if (points.length <= LONGEST_CELL) return escapeText(name);
  return `${escapeText(points.slice(0, LONGEST_CELL).join(''))}… (+${points.length - LONGEST_CELL})`;
}

/** A ruled table whose cells are columns of lines; `last` colours the last column, `under` is a line across below them. Lines are escaped. */
export function blockTable(
  head: readonly string[],
  blocks: readonly {
    readonly columns: readonly (readonly string[])[];
    readonly last: (text: string) => string;
    readonly under?: string;
  }[],
  right: readonly string[],
): string {
  const table = newTable({
    head: [...head],
    style: { head: [], border: [] },
    colAligns: head.map((name) => (right.includes(name) ? 'right' : 'left')),
  });
  for (const { columns, last, under } of blocks) {
    const cells = columns.map((lines) => lines.map(escapeText).join('\n'));
    table.push([...cells.slice(0, -1), last(cells.at(-1) ?? '')]);
    if (under) table.push([{ colSpan: head.length, content: escapeText(under) }]);
  }
  return `${table.toString()}\n`;
}

/** How far a long task is, shown on stderr. */
export interface Progress {
  /** Throws where the process was asked to stop: the task ends there and cleans up after itself. */
  update(done: number, total: number): void;
  stop(): void;
}

const LINE_EVERY_MS = 30_000;

/** A bar where stderr is a terminal, else one line every 30 seconds. Nothing where the task ends before. */
export function startProgress(context: CliContext, what: string): Progress {
  if (isTerminal(context.stderr)) {
    const { SingleBar } = require('cli-progress') as typeof import('cli-progress');
    const bar = new SingleBar({
      format: `${what} {bar} {value}/{total}`,
      stream: context.stderr as NodeJS.WriteStream,
      clearOnComplete: true,
      hideCursor: null,
    });
    let started = false;
    return {
      update(done, total) {
        context.stopped.throwIfAborted();
        if (started) bar.update(done);
        else bar.start(total, done);
        started = true;
      },
      stop: () => bar.stop(),
    };
  }
  let last = context.clock.monotonic();
  return {
    update(done, total) {
      context.stopped.throwIfAborted();
      const now = context.clock.monotonic();
      if (now - last < LINE_EVERY_MS) return;
      last = now;
      context.stderr.write(`${what}: ${done} of ${total}\n`);
    },
    stop: () => {},
  };
}
