import { setFlagsFromString } from 'node:v8';

/**
 * Makes the garbage collector of all threads that are there collect early instead of letting heaps grow: a stream of hundreds of thousands of
 * short-lived rows otherwise leaves a heap of mostly garbage. Threads that are started later would get the smallest nursery there is, and
 * spend a tenth of their time in collections.
 */
export function keepHeapsSmall(): void {
  setFlagsFromString('--optimize-for-size');
}
