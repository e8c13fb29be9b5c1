import { setImmediate as nextTurn } from 'node:timers/promises';
import { startShards } from './workers.ts';

/** One queue of tasks that worker threads and this thread work off together; every task may run in any of them. */
export interface WorkQueue<T, R> {
  /** Threads at work, this one included. */
  readonly threads: number;
  /** Runs the task in whichever thread is free first. `transfer`: buffers that are moved to a worker, not copied. */
  run(task: T, transfer?: readonly ArrayBuffer[]): Promise<R>;
  /** Runs the task once in each thread, before tasks that are asked for later. */
  everywhere(task: T): Promise<void>;
  /** Stops the workers; what still waits is refused. */
  close(): Promise<void>;
}

/** Tasks that wait in a worker while it works on another: it need not wait for this thread between them. */
const AHEAD = 1;

/**
 * Starts all but one of so many threads; the last one is this one, which would wait for the others otherwise and has most of the
 * code loaded already. It takes a task whenever the workers have enough to do and nothing else waits here. `here` does what `module`'s `task` does.
 */
export function startWorkQueue<T, R>(options: {
  readonly module: URL;
  readonly task: string;
  readonly threads: number;
  readonly here: (task: T) => Promise<R>;
}): WorkQueue<T, R> {
  const { threads, here, ...worker } = options;
  const shards = startShards<T, R>({ ...worker, count: threads - 1, ahead: AHEAD });
  const waiting = new Array<number>(threads - 1).fill(0);
  const queue: Job<T, R>[] = [];
  let isAtWork = false;
  let isClosed = false;

  async function send(shard: number, task: T, transfer: readonly ArrayBuffer[]): Promise<R> {
    waiting[shard] = (waiting[shard] as number) + 1;
    try {
      return await shards.run(shard, task, transfer);
    } finally {
      waiting[shard] = (waiting[shard] as number) - 1;
    }
  }

  function handOut(): void {
    while (queue.length > 0 && waiting.length > 0) {
      const shard = waiting.indexOf(Math.min(...waiting));
      if ((waiting[shard] as number) > AHEAD) break;
      const { task, transfer, resolve, reject } = queue.shift() as Job<T, R>;
      send(shard, task, transfer).then(resolve, reject).finally(handOut);
    }
    if (queue.length > 0 && !isAtWork) void workHere();
  }

  async function workHere(): Promise<void> {
    isAtWork = true;
    await nextTurn();
    const job = isClosed ? undefined : queue.shift();
    if (job !== undefined) await here(job.task).then(job.resolve, job.reject);
    isAtWork = false;
    if (!isClosed) handOut();
  }

  return {
    threads,
    run: (task, transfer = []) =>
      new Promise((resolve, reject) => {
        queue.push({ task, transfer, resolve, reject });
        handOut();
      }),
    async everywhere(task) {
      await Promise.all([here(task), ...waiting.map((_, shard) => send(shard, task, []))]);
    },
    async close() {
      isClosed = true;
      for (const { reject } of queue.splice(0)) reject(new Error('the threads were stopped'));
      await shards.close();
    },
  };
}

interface Job<T, R> {
  readonly task: T;
  readonly transfer: readonly ArrayBuffer[];
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}
