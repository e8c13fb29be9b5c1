import { createCachedChecker, type VerdictCounts } from '../cached-checker.ts';
import { ok, type Result } from '../domain/result.ts';
import type { ProofChecker } from '../proof-checker.ts';
import type { CliContext } from './context.ts';
import { keptText } from './verdict-words.ts';

/** A checker that asks a database of verdicts first; without one, just the checker. */
export interface VerdictCache {
  readonly checker: ProofChecker;
  /** Null where no verdicts are kept. */
  counts(): VerdictCounts | null;
  /** What an interrupted run leaves, and how to go on. */
  stoppedText(): string;
  close(): void;
}

/** Opens the database that `--verdicts` names, making it where there is none. */
export async function openVerdictCache(
  context: CliContext,
  checker: ProofChecker,
  path: string | undefined,
): Promise<Result<VerdictCache>> {
  if (path === undefined) return ok({ checker, counts: () => null, stoppedText: () => NOTHING_KEPT, close: () => {} });
  const opened = await context.openStore(path);
  if (!opened.ok) return opened;
  const { store } = opened.value;
  let counts: VerdictCounts = { verified: 0, known: 0 };
  const onVerdicts = (now: VerdictCounts): void => {
    counts = now;
  };
  return ok({
    checker: createCachedChecker(checker, store, { onVerdicts }),
    counts: () => counts,
    stoppedText: () => keptText(counts, path),
    close: () => store.close(),
  });
}

const NOTHING_KEPT =
  'stopped: nothing is kept; with --verdicts <file> the same command would go on where it was stopped';
