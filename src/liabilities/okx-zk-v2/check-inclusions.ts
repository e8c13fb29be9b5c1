import { existsSync } from 'node:fs';
import { startShards, usefulThreads } from '../../lib/workers.ts';
import { createChecklist } from '../checklist.ts';
import type { LiabilityCheck, LiabilityFile, LiabilityKind } from '../types.ts';
import { type Globals, MAX_INCLUSION_BYTES } from './inclusion.ts';
import { checkChunk, type InclusionChunk } from './inclusion-worker.ts';

/** An inclusion file with the label that stands for it. */
export interface LabelledFile {
  readonly label: string;
  readonly file: LiabilityFile;
}

/** Files a task: enough that dispatch costs nothing, few enough that memory stays flat. */
const FILES_A_TASK = 64;
/** Fewer files are done before threads have started. */
const WORTH_THREADS = 512;

/**
 * Checks inclusion files in order, one result a file; many of them on one thread a core where this program runs compiled.
 * At most one task a thread is held in memory. `disabled` names checks that a test leaves out.
 */
export async function checkInclusions(
  files: readonly LabelledFile[],
  globals: Globals,
  module = new URL('./inclusion-worker.js', import.meta.url),
  disabled: ReadonlySet<string> = new Set(),
): Promise<readonly LiabilityCheck[]> {
  const threaded = files.length >= WORTH_THREADS && existsSync(module);
  const shards = threaded
    ? startShards<InclusionChunk, readonly LiabilityCheck[]>({
        module,
        task: 'checkChunk',
        count: usefulThreads(),
      })
    : null;
  const results = new Array<LiabilityCheck>(files.length);
  const lanes = shards?.count ?? 1;
  const runLane = async (lane: number): Promise<void> => {
    for (let start = lane * FILES_A_TASK; start < files.length; start += lanes * FILES_A_TASK) {
      const slice = files.slice(start, start + FILES_A_TASK);
      const chunk = await readChunk(slice, { globals, disabled }, results, start);
      const checked = await (shards === null ? checkChunk(chunk.task) : shards.run(lane, chunk.task));
      for (const [i, position] of chunk.positions.entries()) results[position] = checked[i]!;
    }
  };
  try {
    await Promise.all(Array.from({ length: lanes }, (_, lane) => runLane(lane)));
  } finally {
    await shards?.close();
  }
  return results;
}

/** Reads a slice's texts; files that cannot be read get their result at once. */
async function readChunk(
  slice: readonly LabelledFile[],
  shared: Omit<InclusionChunk, 'files'>,
  results: LiabilityCheck[],
  start: number,
): Promise<{ readonly task: InclusionChunk; readonly positions: readonly number[] }> {
  const files: { label: string; text: string }[] = [];
  const positions: number[] = [];
  for (const [i, { label, file }] of slice.entries()) {
    const text = await file.readText(MAX_INCLUSION_BYTES);
    if (text.ok) {
      files.push({ label, text: text.value });
      positions.push(start + i);
    } else results[start + i] = unreadable(label, 'okx-zk-v2-inclusion', 'unreadable or larger than such files are');
  }
  return { task: { files, ...shared }, positions };
}

/** The result for a file that could not be read at all. */
export function unreadable(file: string, kind: LiabilityKind, reason: string): LiabilityCheck {
  const checks = createChecklist();
  checks.require('file', false, reason);
  return {
    ...{ file, kind, verdict: 'invalid', grade: 'none', binding: 'none', root: null },
    ...{ uses: [], totals: [], checks: checks.items, caveats: [] },
  };
}
