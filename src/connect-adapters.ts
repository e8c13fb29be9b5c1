import type { PolledNetwork } from './config/types.ts';
import type { NetworkSlug } from './domain/ids.ts';
import { ok, type Result } from './domain/result.ts';
import { createScrubber, secretsOfUrl } from './lib/scrub.ts';
import { loadChainFamily } from './load-chain.ts';
import { scrubAdapter } from './scrub-adapter.ts';
import type { ChainAdapter, Clock, HttpClient } from './seams.ts';

/** One balance response of 10,000 cells is about 1 MB: this leaves room for a block of a Bitcoin-like chain. */
const MAX_RESPONSE_BYTES = 64 * 1024 * 1024;

/**
 * The adapters of each polled network, in the order of the config; opens no connection. No request of theirs waits longer
 * than `maxTimeoutMs`. An error names network and provider.
 */
export async function connectAdapters(
  networks: Iterable<PolledNetwork>,
  { http, clock, maxTimeoutMs }: { readonly http: HttpClient; readonly clock: Clock; readonly maxTimeoutMs?: number },
): Promise<Result<ReadonlyMap<NetworkSlug, readonly ChainAdapter[]>>> {
  const connected = new Map<NetworkSlug, readonly ChainAdapter[]>();
  for (const { network, providers } of networks) {
    const family = await loadChainFamily(network.family);
    if (!family.ok) return family;
    const adapters: ChainAdapter[] = [];
    for (const { name, group, url, headers, timeoutMs } of providers) {
      const adapter = family.value.connect({
        network,
        name,
        group,
        url: url.reveal(),
        headers: Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, value.reveal()])),
        timeoutMs: Math.min(timeoutMs, maxTimeoutMs ?? timeoutMs),
        maxBytes: MAX_RESPONSE_BYTES,
        http,
        clock,
      });
      if (!adapter.ok) return adapter;
      const secrets = [...secretsOfUrl(url.reveal()), ...Object.values(headers).map((header) => header.reveal())];
      adapters.push(scrubAdapter(adapter.value, createScrubber(secrets)));
    }
    connected.set(network.slug, adapters);
  }
  return ok(connected);
}
