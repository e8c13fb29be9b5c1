import { trace } from './trace.ts';

/**
 * Remembers the results of a slow pure function by a text key, at most `max` of them; full, it starts again empty. For curve
 * operations that a published file asks for once an asset. While a trace is on nothing is taken from memory.
 */
export function keepResults<T>(max: number): (key: string, compute: () => T) => T {
  const kept = new Map<string, T>();
  return (key, compute) => {
    if (trace !== null) return compute();
    const known = kept.get(key);
    if (known !== undefined) return known;
    const result = compute();
    if (kept.size >= max) kept.clear();
    kept.set(key, result);
    return result;
  };
}
