import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { err, ok, type Result } from '../domain/result.ts';
import { stringifyJson } from '../lib/json.ts';
import type { VerifiedItem } from '../report-tally.ts';
import type { CliContext } from './context.ts';
import { write } from './output.ts';

/** Where `--rows` goes. A file appears whole at the end, or not at all. */
export interface RowsOutput {
  readonly usesStdout: boolean;
  write(items: readonly VerifiedItem[]): Promise<void>;
  finish(): Promise<void>;
  discard(): Promise<void>;
}

/** Opens the output for rows: `-` is stdout; a device or pipe is written to directly. */
export async function openRowsOutput(context: CliContext, path: string): Promise<Result<RowsOutput>> {
  const nothing = async (): Promise<void> => {};
  if (path === '-') {
    return ok({
      usesStdout: true,
      write: (items) => write(context.stdout, items.map(rowLine).join('')),
      finish: nothing,
      discard: nothing,
    });
  }
  const existing = await stat(path).catch(() => null);
  if (existing?.isDirectory()) return err(`--rows ${path}: this is a folder, not a file`);
  const isSpecial = existing !== null && !existing.isFile();
  const target = isSpecial ? path : `${path}.part`;
  const stream = createWriteStream(target);
  try {
    await once(stream, 'open');
  } catch (error) {
    return err(`--rows ${path}: cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
  const close = async (): Promise<void> => {
    stream.end();
    await finished(stream);
  };
  return ok({
    usesStdout: false,
    write: (items) => write(stream, items.map(rowLine).join('')),
    finish: async () => {
      await close();
      if (!isSpecial) await rename(target, path);
    },
    discard: async () => {
      await close();
      if (!isSpecial) await rm(target, { force: true });
    },
  });
}

/** One JSON line: `asset` and `network` as the registry names them, or as printed where it knows no such name (`chain` is null then). */
export function rowLine(item: VerifiedItem): string {
  if (item.kind === 'fault') {
    const { line, reason } = item.fault;
    return `${stringifyJson({ line, asset: null, network: null, chain: null, address: null, addressText: null, amount: null, height: null, scheme: null, grade: null, reason, flags: [] })}\n`;
  }
  const { listed, verdict } = item;
  const { row, resolved, address } = listed;
  return `${stringifyJson({
    line: row.line,
    asset: resolved.asset ?? row.label,
    network: resolved.network ?? row.network,
    chain: resolved.chain,
    address,
    addressText: row.addressText,
    amount: row.amount,
    height: row.height,
    scheme: verdict.scheme,
    grade: verdict.grade,
    reason: verdict.reason,
    flags: verdict.flags,
  })}\n`;
}
