import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';

/** Worker threads that each keep their own shard: work for one shard always runs in the same thread. */
export interface Shards<T, R> {
  readonly count: number;
  /** Runs the task in the shard's thread; tasks of one shard start in the order given. `transfer`: buffers that are moved there, not copied. */
  run(shard: number, task: T, transfer?: readonly ArrayBuffer[]): Promise<R>;
  close(): Promise<void>;
}

/** Tasks come and go in one go each: a bounded nursery keeps a thread's memory flat (a third of this is filled between collections). */
const YOUNG_GENERATION_MB = 12;

/** How many threads do useful work at once on this machine. */
export const usefulThreads = (): number => availableParallelism();

/**
 * Starts one thread a shard, at once. `module` is compiled JavaScript that exports the task as an async function named `task`.
 * `ahead`: tasks that wait in the thread itself, so that it need not wait for this one between them.
 */
export function startShards<T, R>(options: {
  readonly module: URL;
  readonly task: string;
  readonly count: number;
  readonly ahead?: number;
}): Shards<T, R> {
  const threads = Array.from(
    { length: options.count },
    () =>
      new Piscina<T, R>({
        filename: options.module.href,
        name: options.task,
        minThreads: 1,
        maxThreads: 1,
        concurrentTasksPerWorker: 1 + (options.ahead ?? 0),
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
      }),
  );
  return {
    count: threads.length,
    run: (shard, task, transfer = []) => (threads[shard] as Piscina<T, R>).run(task, { transferList: [...transfer] }),
    close: async () => {
      // An answer on its way from a thread that is stopped in the middle concerns nobody any more: unheard, it would end the process.
      for (const thread of threads) thread.on('error', () => {});
      await Promise.all(threads.map((thread) => thread.destroy()));
    },
  };
}
