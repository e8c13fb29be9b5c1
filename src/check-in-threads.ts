import { randomBytes } from 'node:crypto';
import { addCounts, countsIfAny, type OperationCounts, shareResults } from './lib/curve-work.ts';
import { keepHeapsSmall } from './lib/memory.ts';
import { createSharedMemory } from './lib/shared-results.ts';
import { startWorkQueue } from './lib/work-queue.ts';
import { usefulThreads } from './lib/workers.ts';
import type { ProofChecker, Work } from './proof-checker.ts';
import { packProofs, unpackVerdicts } from './proof-chunk.ts';
import type { VerifyAnswer, VerifyTask } from './verify-worker.ts';

/** Does one checker's tasks in this thread, which loads what that takes while the others start. */
function startHere(): (task: VerifyTask) => Promise<VerifyAnswer> {
  const runner = import('./verify-worker.ts').then(({ createTaskRunner }) => createTaskRunner());
  return async (task) => (await runner)(task);
}

/** Rows a task: large enough that dispatch costs nothing, small enough to keep memory flat and to let other work of this thread in between. */
const ROWS_A_TASK = 256;

/** Bytes a piece: small enough that threads finish together and memory stays flat, large enough that sending one costs nothing. */
const PIECE_BYTES = 64 * 1024;

/** Tasks that are asked for at once, a thread: one is worked on, one waits, one is read or written. */
const IN_FLIGHT = 3;

/** Results that threads share at most: 45 MiB where all are there; further ones are kept by each thread alone. */
const SHARED_RESULTS = 262_144;

/**
 * Checks in one thread per core, this one included. The threads share what they worked out, so that each distinct signature costs one curve
 * operation over the whole run. `module` is the compiled verify-worker.
 */
export function createThreadedChecker(module: URL, threads = usefulThreads()): ProofChecker {
  const done = { backend: 'native' as Work['secp256k1'], curveOperations: 0, otherOperations: {} as OperationCounts };
  const queue = startWorkQueue<VerifyTask, VerifyAnswer>({ module, task: 'runTask', threads, here: startHere() });
  let failure: { readonly error: unknown } | null = null;
  /** Each thread takes it before what it is asked later: nobody waits until all are up. */
  const prepare = (task: VerifyTask, whenDone = (): void => {}): void => {
    queue.everywhere(task).then(whenDone, (error: unknown) => {
      failure = { error };
    });
  };
  const run = async (task: VerifyTask, transfer?: readonly ArrayBuffer[]): Promise<VerifyAnswer> => {
    const answer = await queue.run(task, transfer);
    if (failure !== null) throw failure.error;
    const { backend, curveOperations, otherOperations } = answer.work;
    if (backend === 'noble') done.backend = backend;
    done.curveOperations += curveOperations;
    done.otherOperations = addCounts(done.otherOperations, otherOperations, 1);
    return answer;
  };
  const memory = createSharedMemory(SHARED_RESULTS, new Uint32Array(Uint8Array.from(randomBytes(12)).buffer));
  prepare({ kind: 'share', memory }, keepHeapsSmall);
  return {
    batch: ROWS_A_TASK * threads,
    async check(proofs) {
      const chunks = Array.from({ length: Math.ceil(proofs.length / ROWS_A_TASK) }, (_, at) =>
        packProofs(proofs.slice(at * ROWS_A_TASK, (at + 1) * ROWS_A_TASK)),
      );
      const answers = await Promise.all(chunks.map((chunk) => run({ kind: 'proofs', chunk })));
      return answers.flatMap(({ verdicts }) => {
        if (verdicts === null) throw new Error('a verify thread gave no verdicts');
        return unpackVerdicts(verdicts);
      });
    },
    lines: {
      inFlight: threads * IN_FLIGHT,
      pieceBytes: PIECE_BYTES,
      setUp: (setup) => prepare({ kind: 'setup', setup }),
      verify: async (bytes) => (await run({ kind: 'lines', bytes }, [bytes.buffer])).lines,
    },
    work: () => ({
      secp256k1: done.backend,
      threads,
      curveOperations: done.curveOperations,
      ...countsIfAny(done.otherOperations),
    }),
    async close() {
      await queue.close();
      shareResults(null);
    },
  };
}
