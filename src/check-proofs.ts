import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { addCounts, type OperationCounts, otherOperations, shareResults } from './lib/curve-work.ts';
import { keepHeapsSmall, optimiseLate } from './lib/memory.ts';
import { curveOperations, secp256k1Backend } from './lib/secp256k1.ts';
import { createSharedMemory } from './lib/shared-results.ts';
import { startWorkQueue } from './lib/work-queue.ts';
import { usefulThreads } from './lib/workers.ts';
import { type ProofToCheck, packProofs, unpackVerdicts } from './proof-chunk.ts';
import type { LinesSetup, VerifiedLines } from './verify-lines.ts';
import { type CheckedProof, checkProof } from './verify-ownership.ts';
import { runTask, type VerifyAnswer, type VerifyTask } from './verify-worker.ts';

/** What checking has cost so far. `noble` means that the native library could not be loaded: about 25 times slower. */
export interface Work {
  readonly secp256k1: 'native' | 'noble';
  readonly threads: number;
  /** Keys really recovered on secp256k1: one for each distinct signature that fits at once. */
  readonly curveOperations: number;
  /** Operations really done on other curves or of another kind, by name; absent where there were none. */
  readonly otherOperations?: OperationCounts;
}

/** Checks proofs, in this thread or in several, with the same verdicts. */
export interface ProofChecker {
  /** Verdicts in the order asked. */
  check(proofs: readonly ProofToCheck[]): Promise<readonly CheckedProof[]>;
  /** How many proofs to hand over at once. */
  readonly batch: number;
  /** Verifies whole lines where they lie; null where there are no threads to do it. */
  readonly lines: LineChecker | null;
  work(): Work;
  close(): Promise<void>;
}

/** Verifies pieces of whole lines in threads, after each of them was set up. */
export interface LineChecker {
  setUp(setup: LinesSetup): void;
  /** Takes the bytes away. Null where one of the lines must be read with the whole file. */
  verify(bytes: Uint8Array<ArrayBuffer>): Promise<VerifiedLines | null>;
  /** How many pieces to hand over at once, and of about what size. */
  readonly inFlight: number;
  readonly pieceBytes: number;
}

/** Checks in this thread: for a few rows, and where no compiled worker is at hand. */
export function createInlineChecker(): ProofChecker {
  const before = { curve: curveOperations(), other: otherOperations() };
  return {
    batch: 512,
    lines: null,
    async check(proofs) {
      const checked: CheckedProof[] = [];
      for (const { proof, network } of proofs) checked.push(await checkProof(proof, network));
      return checked;
    },
    work: () => ({
      secp256k1: secp256k1Backend(),
      threads: 1,
      curveOperations: curveOperations() - before.curve,
      ...named(addCounts(otherOperations(), before.other, -1)),
    }),
    close: async () => {},
  };
}

const named = (counts: OperationCounts): Pick<Work, 'otherOperations'> =>
  Object.keys(counts).length === 0 ? {} : { otherOperations: counts };

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
  optimiseLate();
  const done = { backend: 'native' as Work['secp256k1'], curveOperations: 0, otherOperations: {} as OperationCounts };
  const queue = startWorkQueue<VerifyTask, VerifyAnswer>({ module, task: 'runTask', threads, here: runTask });
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
      ...named(done.otherOperations),
    }),
    async close() {
      await queue.close();
      shareResults(null);
    },
  };
}

/** Files smaller than this are done before threads have started. */
const WORTH_THREADS_BYTES = 1024 * 1024;

/** The checker that suits a file of that size: threads for a large one where this program runs compiled, else this thread. */
export function createProofChecker(fileBytes: number): ProofChecker {
  const module = new URL('./verify-worker.js', import.meta.url);
  return fileBytes >= WORTH_THREADS_BYTES && existsSync(module) ? createThreadedChecker(module) : createInlineChecker();
}
