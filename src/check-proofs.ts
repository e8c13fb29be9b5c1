import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type OperationCounts, otherOperations } from './lib/curve-work.ts';
import { keepHeapSmall } from './lib/memory.ts';
import { curveOperations, secp256k1Backend } from './lib/secp256k1.ts';
import { createSharedMemory } from './lib/shared-results.ts';
import { startShards, usefulThreads } from './lib/workers.ts';
import { type ProofToCheck, packProofs, unpackVerdicts } from './proof-chunk.ts';
import type { LinesSetup, VerifiedLines } from './verify-lines.ts';
import { type CheckedProof, checkProof } from './verify-ownership.ts';
import type { ThreadWork, VerifyAnswer, VerifyTask } from './verify-worker.ts';

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
  setUp(setup: LinesSetup): Promise<void>;
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

function addCounts(one: OperationCounts, other: OperationCounts, sign: 1 | -1): OperationCounts {
  const sums = new Map(Object.entries(one));
  for (const [name, count] of Object.entries(other)) sums.set(name, (sums.get(name) ?? 0) + sign * count);
  return Object.fromEntries([...sums].filter(([, count]) => count > 0).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const named = (counts: OperationCounts): Pick<Work, 'otherOperations'> =>
  Object.keys(counts).length === 0 ? {} : { otherOperations: counts };

/** Rows a task: large enough that dispatch costs nothing, small enough to keep memory flat. */
const ROWS_A_TASK = 512;

/** Bytes a piece: small enough that threads finish together and memory stays flat, large enough that sending one costs nothing. */
const PIECE_BYTES = 128 * 1024;

/** Pieces of lines that wait in a thread while it works on another. */
const AHEAD = 1;

/** Results that threads share at most: 45 MiB where all are there; further ones are kept by each thread alone. */
const SHARED_RESULTS = 262_144;

/**
 * Checks in one thread per core. The threads share what they worked out, so that each distinct signature costs one curve operation
 * over the whole run. `module` is the compiled verify-worker.
 */
export function createThreadedChecker(module: URL, count = usefulThreads()): ProofChecker {
  keepHeapSmall();
  const shards = startShards<VerifyTask, VerifyAnswer>({ module, task: 'runTask', count, ahead: AHEAD });
  const done: ThreadWork[] = Array.from({ length: count }, () => ({
    curveOperations: 0,
    otherOperations: {},
    backend: 'native',
  }));
  const waiting = new Array<number>(count).fill(0);
  const run = async (shard: number, task: VerifyTask, transfer?: readonly ArrayBuffer[]): Promise<VerifyAnswer> => {
    waiting[shard] = (waiting[shard] as number) + 1;
    const answer = await shards.run(shard, task, transfer);
    waiting[shard] = (waiting[shard] as number) - 1;
    done[shard] = answer.work;
    return answer;
  };
  const memory = createSharedMemory(SHARED_RESULTS, new Uint32Array(Uint8Array.from(randomBytes(12)).buffer));
  const everywhere = (task: VerifyTask) => Promise.all(waiting.map((_, shard) => run(shard, task)));
  const shared = everywhere({ kind: 'share', memory });
  // Whoever awaits it later still sees the failure; until then it is not an unhandled one.
  shared.catch(() => {});
  return {
    batch: ROWS_A_TASK * count,
    async check(proofs) {
      await shared;
      const parts = Array.from({ length: count }, () => [] as number[]);
      for (const [index, { proof }] of proofs.entries()) parts[shardOf(proof.signature1, count)]?.push(index);
      const checked = new Array<CheckedProof>(proofs.length);
      await Promise.all(
        parts.map(async (indexes, shard) => {
          if (indexes.length === 0) return;
          const chunk = packProofs(indexes.map((index) => proofs[index] as ProofToCheck));
          const { verdicts } = await run(shard, { kind: 'proofs', chunk });
          if (verdicts === null) throw new Error('a verify thread gave no verdicts');
          const unpacked = unpackVerdicts(verdicts);
          for (const [at, index] of indexes.entries()) checked[index] = unpacked[at] as CheckedProof;
        }),
      );
      return checked;
    },
    lines: {
      inFlight: count * (2 + AHEAD),
      pieceBytes: PIECE_BYTES,
      async setUp(setup) {
        await shared;
        await everywhere({ kind: 'setup', setup });
      },
      async verify(bytes) {
        const shard = waiting.indexOf(Math.min(...waiting));
        return (await run(shard, { kind: 'lines', bytes }, [bytes.buffer])).lines;
      },
    },
    work: () => ({
      secp256k1: done.every(({ backend }) => backend === 'native') ? 'native' : 'noble',
      threads: count,
      curveOperations: done.reduce((sum, one) => sum + one.curveOperations, 0),
      ...named(done.reduce<OperationCounts>((sum, one) => addCounts(sum, one.otherOperations, 1), {})),
    }),
    close: () => shards.close(),
  };
}

/** FNV-1a over the first characters after `0x`: the same signature, in whatever case, always gives the same shard. */
function shardOf(signature: string | null, count: number): number {
  let hash = 0x811c9dc5;
  const text = signature === null ? '' : signature.slice(0, 24).toLowerCase();
  for (let at = text.startsWith('0x') ? 2 : 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  }
  return hash % count;
}

/** Files smaller than this are done before threads have started. */
const WORTH_THREADS_BYTES = 1024 * 1024;

/** The checker that suits a file of that size: threads for a large one where this program runs compiled, else this thread. */
export function createProofChecker(fileBytes: number): ProofChecker {
  const module = new URL('./verify-worker.js', import.meta.url);
  return fileBytes >= WORTH_THREADS_BYTES && existsSync(module) ? createThreadedChecker(module) : createInlineChecker();
}
