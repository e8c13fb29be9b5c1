import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../seams.ts';

/** setTimeout fires at once above this; longer sleeps are made of several. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    let left = ms;
    while (left > 0) {
      const step = Math.min(left, LONGEST_TIMER_MS);
      try {
        await wait(step, undefined, signal ? { signal } : {});
      } catch {
        throw signal?.reason ?? new Error('sleep was interrupted');
      }
      left -= step;
    }
    signal?.throwIfAborted();
  },
};
