import { existsSync } from 'node:fs';
import type { ProofChecker } from './proof-checker.ts';

/** Files smaller than this are done before threads have started. */
const WORTH_THREADS_BYTES = 1024 * 1024;

const WORKER = new URL('./verify-worker.js', import.meta.url);

/** Whether a file of that size is worth threads, and this program runs compiled, so that they can be started. */
export const isWorthThreads = (fileBytes: number): boolean => fileBytes >= WORTH_THREADS_BYTES && existsSync(WORKER);

/** The checker that suits a file of that size: threads for a large one where this program runs compiled, else this thread. */
export async function createProofChecker(fileBytes: number): Promise<ProofChecker> {
  if (isWorthThreads(fileBytes)) return (await import('./check-in-threads.ts')).createThreadedChecker(WORKER);
  return (await import('./check-here.ts')).createInlineChecker();
}
