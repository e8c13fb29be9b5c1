import { setImmediate as nextTurn } from 'node:timers/promises';
import { isMainThread } from 'node:worker_threads';

/** Rows after which `letOthersIn` should be awaited: less than a second of the slowest schemes. */
export const ROWS_A_BREATH = 16;

/**
 * To be awaited now and then in long work: signals, progress and answers of other threads come in between, where this is the thread
 * that they come to; elsewhere it does nothing.
 */
export const letOthersIn = async (): Promise<void> => {
  if (isMainThread) await nextTurn();
};
