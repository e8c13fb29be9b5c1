import { existsSync } from 'node:fs';
import { keepHeapSmall } from './lib/memory.ts';
import { curveOperations, secp256k1Backend } from './lib/secp256k1.ts';
import { startShards, usefulThreads } from './lib/workers.ts';
import { type ProofChunk, type ProofToCheck, packProofs, unpackVerdicts } from './proof-chunk.ts';
import { type CheckedProof, checkProof } from './verify-ownership.ts';
import type { CheckedChunk } from './verify-worker.ts';

/** What checking has cost so far. `noble` means that the native library could not be loaded: about 25 times slower. */
export interface Work {
  readonly secp256k1: 'native' | 'noble';
  readonly threads: number;
  /** Curve operations really made: one for each distinct signature that fits at once. */
  readonly curveOperations: number;
}

/** Checks proofs, in this thread or in several, with the same verdicts. */
export interface ProofChecker {
  /** Verdicts in the order asked. */
  check(proofs: readonly ProofToCheck[]): Promise<readonly CheckedProof[]>;
  /** How many proofs to hand over at once. */
  readonly batch: number;
  work(): Work;
  close(): Promise<void>;
}

/** Checks in this thread: for a few rows, and where no compiled worker is at hand. */
export function createInlineChecker(): ProofChecker {
  const before = curveOperations();
  return {
    batch: 512,
    async check(proofs) {
      const checked: CheckedProof[] = [];
      for (const { proof, network } of proofs) checked.push(await checkProof(proof, network));
      return checked;
    },
    work: () => ({ secp256k1: secp256k1Backend(), threads: 1, curveOperations: curveOperations() - before }),
    close: async () => {},
  };
}

/** Rows a task: large enough that dispatch costs nothing, small enough to keep memory flat. */
const ROWS_A_TASK = 512;

/**
 * Checks in one thread per core. A signature always goes to the same thread, so that each distinct one costs one curve
 * operation over the whole run. `module` is the compiled verify-worker.
 */
export function createThreadedChecker(module: URL, count = usefulThreads()): ProofChecker {
  keepHeapSmall();
  const shards = startShards<ProofChunk, CheckedChunk>({
    module,
    task: 'checkChunk',
    count,
  });
  const done = Array.from({ length: count }, () => ({ curveOperations: 0, backend: 'native' as 'native' | 'noble' }));
  return {
    batch: ROWS_A_TASK * count,
    async check(proofs) {
      const parts = Array.from({ length: count }, () => [] as number[]);
      for (const [index, { proof }] of proofs.entries()) parts[shardOf(proof.signature1, count)]?.push(index);
      const checked = new Array<CheckedProof>(proofs.length);
      await Promise.all(
        parts.map(async (indexes, shard) => {
          if (indexes.length === 0) return;
          const chunk = await shards.run(shard, packProofs(indexes.map((index) => proofs[index] as ProofToCheck)));
          const verdicts = unpackVerdicts(chunk.verdicts);
          for (const [at, index] of indexes.entries()) checked[index] = verdicts[at] as CheckedProof;
          done[shard] = chunk;
        }),
      );
      return checked;
    },
    work: () => ({
      secp256k1: done.every(({ backend }) => backend === 'native') ? 'native' : 'noble',
      threads: count,
      curveOperations: done.reduce((sum, one) => sum + one.curveOperations, 0),
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
