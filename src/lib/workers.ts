import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';

/** Worker threads that each keep their own shard: work for one shard always runs in the same thread. */
export interface Shards<T, R> {
  readonly count: number;
  /** Runs the task in the shard's thread; tasks of one shard run one after another, in the order given. */
  run(shard: number, task: T): Promise<R>;
  close(): Promise<void>;
}

/** Tasks come and go in one go each: a small nursery keeps a thread's memory flat and costs nothing measurable. */
const YOUNG_GENERATION_MB = 6;

/** How many threads do useful work at once on this machine. */
export const usefulThreads = (): number => availableParallelism();

/**
 * Starts one thread a shard. `module` is compiled JavaScript that exports the task as an async function named `task`;
 * `data` reaches it as `threadData()`.
 */
export function startShards<T, R>(options: {
  readonly module: URL;
  readonly task: string;
  readonly count: number;
  readonly data: unknown;
}): Shards<T, R> {
  const threads = Array.from(
    { length: options.count },
    () =>
      new Piscina<T, R>({
        filename: options.module.href,
        name: options.task,
        minThreads: 1,
        maxThreads: 1,
        workerData: options.data,
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
      }),
  );
  return {
    count: threads.length,
    run: (shard, task) => (threads[shard] as Piscina<T, R>).run(task),
    close: async () => {
      await Promise.all(threads.map((thread) => thread.destroy()));
    },
  };
}

/** Inside a worker thread: what the pool was started with. */
export const threadData = (): unknown => Piscina.workerData;
