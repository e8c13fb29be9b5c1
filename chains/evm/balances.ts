import { err, type Result } from '../../src/domain/result.ts';
import type { BalanceQuery, BalanceReading, ReadFailure } from '../../src/domain/snapshot.ts';
import { findUnreadableTokens, readWithBatch } from './batch-balances.ts';
import type { PinnedBlock } from './pin.ts';
import { readWithOverride } from './reader.ts';
import type { RpcClient } from './rpc.ts';
import { type ReadRange, readInRanges } from './split.ts';

export type CellResult = Result<BalanceReading, ReadFailure>;
export type ReaderKind = 'state-override' | 'batch';

/** Cells in the first request. A reader's 3,000 cells are 99 kB of answer and about 16 M gas: below the usual caps of 100 kB and 50 M. */
export const FIRST_SIZE: Readonly<Record<ReaderKind, number>> = { 'state-override': 3000, batch: 100 };
const CONCURRENCY = 4;
const HALVINGS = 24;

/** Reads all cells at the block; also returns the request size that worked, to begin with next time. */
export async function readCells(
  rpc: RpcClient,
  kind: ReaderKind,
  size: number,
  queries: readonly BalanceQuery[],
  at: PinnedBlock,
  signal: AbortSignal,
): Promise<{ readonly results: readonly CellResult[]; readonly size: number }> {
  const options = { size, concurrency: CONCURRENCY, halvings: HALVINGS };
  if (kind === 'state-override') {
    return readInRanges(queries.length, options, ({ from, to }) =>
      readWithOverride(rpc, queries.slice(from, to), at, signal),
    );
  }
  const tokens = new Set(queries.flatMap(({ asset }) => (asset.reference === null ? [] : [asset.reference])));
  const unreadable = await findUnreadableTokens(rpc, [...tokens], at, signal);
  if (!unreadable.ok) return { results: queries.map(() => err(unreadable.error)), size };
  const results = new Array<CellResult>(queries.length);
  const asked: number[] = [];
  for (const [cell, { asset }] of queries.entries()) {
    const failure = asset.reference === null ? undefined : unreadable.value.get(asset.reference);
    if (failure) results[cell] = err(failure);
    else asked.push(cell);
  }
  const readAll = (cells: readonly number[], first: number) => {
    const read: ReadRange<BalanceReading> = ({ from, to }) =>
      readWithBatch(
        rpc,
        cells.slice(from, to).map((cell) => queries[cell] as BalanceQuery),
        at,
        signal,
      );
    return readInRanges(cells.length, { ...options, size: first }, read);
  };
  const first = await readAll(asked, size);
  place(results, asked, first.results);
  // One more try for answers that went missing or were broken, at the same pin: a batch of many fails in one item now and then.
  const broken = asked.filter((cell) => isBroken(results[cell] as CellResult));
  if (broken.length > 0) {
    const again = await readAll(broken, first.size);
    place(results, broken, again.results);
  }
  return { results, size: first.size };
}

const isBroken = (result: CellResult): boolean => !result.ok && result.error.code === 'bad_response';

function place(results: CellResult[], cells: readonly number[], found: readonly CellResult[]): void {
  for (const [index, cell] of cells.entries()) results[cell] = found[index] as CellResult;
}
