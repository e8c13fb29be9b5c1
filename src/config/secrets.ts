import type { NetworkSlug } from '../domain/ids.ts';
import { secretsOfUrl } from '../lib/scrub.ts';
import type { ProviderConfig, ReceiverConfig } from './types.ts';

/** Every text that must not be shown: what URLs hide, headers, signing secrets. */
export function secretsOf(
  providers: ReadonlyMap<NetworkSlug, readonly ProviderConfig[]>,
  receivers: ReadonlyMap<string, ReceiverConfig>,
): readonly string[] {
  const ofProviders = [...providers.values()]
    .flat()
    .flatMap(({ url, headers }) => [
      ...secretsOfUrl(url.reveal()),
      ...Object.values(headers).map((header) => header.reveal()),
    ]);
  const ofReceivers = [...receivers.values()].flatMap(({ url, secrets }) => [
    ...secretsOfUrl(url.reveal()),
    ...secrets.map((secret) => secret.reveal()),
  ]);
  return [...new Set([...ofProviders, ...ofReceivers])];
}
