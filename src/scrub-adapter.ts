import type { Result } from './domain/result.ts';
import { err, ok } from './domain/result.ts';
import type { ReadFailure } from './domain/snapshot.ts';
import type { ChainAdapter } from './seams.ts';

/**
 * The same adapter, whose failures and probes hold nothing that `scrub` takes out: a provider that repeats the key of its
 * own URL in an error must not bring it into the store, a table or a message.
 */
export function scrubAdapter(adapter: ChainAdapter, scrub: (text: string) => string): ChainAdapter {
  const clean = <T>(result: Result<T, ReadFailure>): Result<T, ReadFailure> =>
    result.ok ? result : err({ ...result.error, message: scrub(result.error.message) });
  const { readMetadata } = adapter;
  return {
    ...adapter,
    async admit(signal) {
      const admitted = clean(await adapter.admit(signal));
      return admitted.ok ? ok({ ...admitted.value, client: scrub(admitted.value.client) }) : admitted;
    },
    finalTip: async (signal) => clean(await adapter.finalTip(signal)),
    blockAt: async (height, signal) => clean(await adapter.blockAt(height, signal)),
    blockAtTime: async (timeMs, signal) => clean(await adapter.blockAtTime(timeMs, signal)),
    readBalances: async (queries, at, signal) => (await adapter.readBalances(queries, at, signal)).map(clean),
    readSupply: async (asset, at, signal) => clean(await adapter.readSupply(asset, at, signal)),
    ...(readMetadata
      ? { readMetadata: async (...asked: Parameters<typeof readMetadata>) => (await readMetadata(...asked)).map(clean) }
      : {}),
  };
}
