import { setImmediate as nextTurn } from 'node:timers/promises';
import { isMainThread } from 'node:worker_threads';

/**
 * To be awaited now and then in long work: signals, progress and answers of other threads come in between, where this is the thread
 * that they come to; elsewhere it does nothing.
 */
export const letOthersIn = async (): Promise<void> => {
  if (isMainThread) await nextTurn();
};
