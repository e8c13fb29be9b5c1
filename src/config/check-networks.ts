import type { RegistrySource, Sourced } from '../build-registry.ts';
import type { NetworkPart, ProviderPart } from '../config-schema.ts';
import { type NetworkSlug, parseNetworkSlug, quote } from '../domain/ids.ts';
import type { Registry } from '../domain/registry.ts';
import { ok, type Result } from '../domain/result.ts';
import { checkYaml } from '../lib/check-yaml.ts';
import { didYouMean } from '../lib/nearest.ts';
import { Secret } from '../lib/secret.ts';
import type { Fault } from '../lib/yaml.ts';
import { networkEntry } from '../registry-schema.ts';
import type { PolledNetwork, ProviderConfig } from './types.ts';

const DEFAULT_TIMEOUT_MS = 20_000;

/** What the checks of all sections collect. */
export interface Findings {
  readonly faults: Fault[];
  readonly warnings: Fault[];
}

/** Adds the config's networks to the registry: `finality` and `params` of a known one, the whole of a new one. */
export function extendNetworks(
  source: RegistrySource,
  networks: ReadonlyMap<string, Sourced<NetworkPart>>,
  { faults }: Findings,
): void {
  for (const [slug, { value, yaml, path }] of networks) {
    const { providers: _, ...definition } = value;
    const known = source.networks.get(slug);
    const written = yaml.value as { networks: Record<string, Record<string, unknown>> };
    const keys = Object.keys(written.networks[slug] ?? {}).filter((key) => key !== 'providers');
    if (known) {
      for (const key of keys.filter((one) => one !== 'finality' && one !== 'params')) {
        faults.push(
          yaml.faultAt(
            [...path, key],
            `${slug} is a known network: only finality, params and providers may be set`,
            true,
          ),
        );
      }
      const merged = {
        ...known.value,
        finality: definition.finality ?? known.value.finality,
        params: { ...known.value.params, ...definition.params },
      };
      source.networks.set(slug, { value: merged, yaml, path });
      continue;
    }
    if (!keys.includes('family') && !keys.includes('caip2')) {
      const hint = didYouMean(slug, source.networks.keys());
      faults.push(
        yaml.faultAt(path, `unknown network ${quote(slug)}${hint}: a new one needs family, caip2, native …`, true),
      );
      continue;
    }
    const name = parseNetworkSlug(slug);
    if (!name.ok) faults.push(yaml.faultAt(path, name.error, true));
    const { providers: __, ...entry } = written.networks[slug] as Record<string, unknown>;
    const checked = checkYaml(yaml, networkEntry, path, { name: slug, ...entry });
    if (!checked.ok) faults.push(...checked.error);
    else if (name.ok) source.networks.set(slug, { value: checked.value, yaml, path });
  }
}

/** The endpoints of each network that has some, in the order written. */
export function checkProviders(
  networks: ReadonlyMap<string, Sourced<NetworkPart>>,
  families: readonly string[] | null,
  familyOf: (slug: NetworkSlug) => string | undefined,
  findings: Findings,
): Map<NetworkSlug, readonly ProviderConfig[]> {
  const all = new Map<NetworkSlug, readonly ProviderConfig[]>();
  for (const [slug, section] of networks) {
    const { value, yaml, path } = section;
    if (value.providers.length === 0) continue;
    const family = familyOf(slug as NetworkSlug);
    if (family !== undefined && families !== null && !families.includes(family)) {
      const message = `${slug} cannot be polled yet: there is no adapter in chains/${family} (there is one for ${families.join(', ')})`;
      findings.faults.push(yaml.faultAt([...path, 'providers'], message, true));
    }
    const providers = value.providers.flatMap((provider, index) => {
      const fault = (key: string, message: string): void => {
        findings.faults.push(yaml.faultAt([...path, 'providers', index, key], message));
      };
      if (provider.group === undefined && value.providers.length > 1) {
        fault('name', `${slug} has several providers: provider ${provider.name} needs its operator's group`);
      }
      const url = checkUrl(provider.url);
      if (!url.ok) fault('url', `provider ${provider.name}: ${url.error}`);
      return url.ok ? [{ part: provider, url: url.value, index }] : [];
    });
    compareGroups(slug, section, providers, findings);
    all.set(
      slug as NetworkSlug,
      providers.map(({ part }) => ({
        name: part.name,
        group: part.group ?? part.name,
        url: new Secret(part.url),
        headers: Object.fromEntries(Object.entries(part.headers ?? {}).map(([key, text]) => [key, new Secret(text)])),
        timeoutMs: part.timeout ?? DEFAULT_TIMEOUT_MS,
      })),
    );
  }
  return all;
}

function checkUrl(text: string): Result<URL> {
  if (!URL.canParse(text)) return { ok: false, error: 'url is not a URL (https://host/path)' };
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return { ok: false, error: `url must start with https:// or http://, not ${quote(url.protocol)}` };
  return ok(url);
}

interface Endpoint {
  readonly part: ProviderPart;
  readonly url: URL;
  readonly index: number;
}

/** One node under two group names would vouch for itself; one operator under two names deserves a word. */
function compareGroups(
  slug: string,
  { yaml, path }: Sourced<NetworkPart>,
  endpoints: readonly Endpoint[],
  { faults, warnings }: Findings,
): void {
  for (const [position, one] of endpoints.entries()) {
    for (const other of endpoints.slice(0, position)) {
      const at = [...path, 'providers', one.index];
      if (one.part.name === other.part.name)
        faults.push(yaml.faultAt([...at, 'name'], `${slug} has two providers named ${one.part.name}`));
      const [group, otherGroup] = [one.part.group ?? one.part.name, other.part.group ?? other.part.name];
      if (sameNode(one.url, other.url)) {
        const message =
          group === otherGroup
            ? `${slug}: providers ${other.part.name} and ${one.part.name} have the same URL`
            : `${slug}: one URL under two groups (${otherGroup}, ${group}): a node cannot confirm itself`;
        faults.push(yaml.faultAt([...at, 'url'], message));
      } else if (
        group !== otherGroup &&
        operatorOf(one.url) !== null &&
        operatorOf(one.url) === operatorOf(other.url)
      ) {
        const message = `${slug}: groups ${otherGroup} and ${group} are both at ${operatorOf(one.url)}: are they one operator?`;
        warnings.push(yaml.faultAt([...at, 'group'], message));
      }
    }
  }
}

/** Whether two URLs reach one service: host, port, path and query; user names, keys in headers and the scheme aside. */
const sameNode = (a: URL, b: URL): boolean => nodeOf(a) === nodeOf(b);
const nodeOf = (url: URL): string => {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return `${url.hostname.replace(/\.$/, '')}:${port}${url.pathname.replace(/\/+$/, '')}${url.search}`;
};

/** The registrable domain, roughly: the last two labels of a host name, three under co.uk and its like; null for addresses. */
function operatorOf(url: URL): string | null {
  const labels = url.hostname.replace(/\.$/, '').split('.');
  if (labels.length < 2 || url.hostname.includes(':') || /^\d+$/.test(labels.at(-1) as string)) return null;
  const second = labels.at(-2) as string;
  const deep = (labels.at(-1) as string).length === 2 && /^(co|com|net|org|gov|edu|ac)$/.test(second);
  return labels.slice(deep ? -3 : -2).join('.');
}

/** How many operator groups each network has. */
export const countGroups = (
  providers: ReadonlyMap<NetworkSlug, readonly ProviderConfig[]>,
): ReadonlyMap<NetworkSlug, number> =>
  new Map([...providers].map(([slug, list]) => [slug, new Set(list.map(({ group }) => group)).size]));

/** The networks that have endpoints. */
export function polled(
  registry: Registry,
  providers: ReadonlyMap<NetworkSlug, readonly ProviderConfig[]>,
): Map<NetworkSlug, PolledNetwork> {
  return new Map(
    [...providers].flatMap(([slug, list]): [NetworkSlug, PolledNetwork][] => {
      const network = registry.networks.get(slug);
      return network ? [[slug, { network, providers: list }]] : [];
    }),
  );
}
