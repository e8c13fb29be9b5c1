import type { NetworkSlug } from './domain/ids.ts';
import type { Network } from './domain/network.ts';
import { addCounts, type OperationCounts, otherOperations, shareResults } from './lib/curve-work.ts';
import { curveOperations, secp256k1Backend } from './lib/secp256k1.ts';
import { type ProofChunk, packVerdicts, unpackProofs, type VerdictChunk } from './proof-chunk.ts';
import { createLineVerifier, type LinesSetup, type VerifiedLines } from './verify-lines.ts';
import { checkProofs } from './verify-ownership.ts';

/** What a verify thread is asked: first to share results, then to check proofs or, once it was told how, whole lines. */
export type VerifyTask =
  | { readonly kind: 'share'; readonly memory: SharedArrayBuffer }
  | { readonly kind: 'proofs'; readonly chunk: ProofChunk }
  | { readonly kind: 'setup'; readonly setup: LinesSetup }
  | { readonly kind: 'lines'; readonly bytes: Uint8Array };

/** What came of it, and what the thread has done since it last answered. */
export interface VerifyAnswer {
  readonly verdicts: VerdictChunk | null;
  readonly lines: VerifiedLines | null;
  readonly work: ThreadWork;
}

/** Operations that a thread really did. */
interface ThreadWork {
  readonly backend: 'native' | 'noble';
  readonly curveOperations: number;
  readonly otherOperations: OperationCounts;
}

/** Does the tasks of one checker in this thread: keeps what it was told, apart from what other checkers tell theirs. */
export function createTaskRunner(): (task: VerifyTask) => Promise<VerifyAnswer> {
  const networks = new Map<NetworkSlug, Network>();
  let verifyLines: ReturnType<typeof createLineVerifier> | null = null;
  let told = workDone();

  /** What this thread has done since this was last asked. */
  function workSince(): ThreadWork {
    const before = told;
    told = workDone();
    return {
      backend: told.backend,
      curveOperations: told.curveOperations - before.curveOperations,
      otherOperations: addCounts(told.otherOperations, before.otherOperations, -1),
    };
  }

  return async (task) => {
    let verdicts: VerdictChunk | null = null;
    let lines: VerifiedLines | null = null;
    if (task.kind === 'share') shareResults(task.memory);
    else if (task.kind === 'setup') verifyLines = createLineVerifier(task.setup);
    else if (task.kind === 'proofs') verdicts = packVerdicts(await checkProofs(unpackProofs(task.chunk, networks)));
    else if (verifyLines !== null) lines = await verifyLines(task.bytes);
    return { verdicts, lines, work: workSince() };
  };
}

/** The task of a verify thread, which has one checker. */
export const runTask = createTaskRunner();

/** What this thread has done since it started. */
function workDone(): ThreadWork {
  return { backend: secp256k1Backend(), curveOperations: curveOperations(), otherOperations: otherOperations() };
}
