import { setFlagsFromString } from 'node:v8';

/** So much of young objects a thread may have before it looks which still live: a quarter of it costs 5 % of the CPU in collections. */
const NURSERY_MB = 4;

/** Bytes of code that run before a function is looked at for optimising: three times V8's own, as threads that live for seconds optimise too much. */
const INTERRUPT_BUDGET = 400_000;

/**
 * Makes the garbage collector of this process (threads started later included) collect early instead of letting the heap grow: a stream of
 * hundreds of thousands of short-lived rows otherwise leaves a heap of mostly garbage. Threads also optimise less eagerly: each of them
 * compiles the same functions again, which took a third of a second a core.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--optimize-for-size');
  setFlagsFromString(`--min-semi-space-size=${NURSERY_MB}`);
  setFlagsFromString(`--interrupt-budget=${INTERRUPT_BUDGET}`);
}
