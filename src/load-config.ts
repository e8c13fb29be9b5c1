import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { buildRegistry, type RegistrySource } from './build-registry.ts';
import { type Context, checkEntity, extendEntities } from './config/check-entities.ts';
import { checkProviders, countGroups, extendNetworks, type Findings, polled } from './config/check-networks.ts';
import { checkReceivers, warnOfSilence } from './config/check-receivers.ts';
import { checkRules, type PlacedRule } from './config/check-rules.ts';
import { describeValues } from './config/describe-values.ts';
import type { Surroundings } from './config/interpolate.ts';
import { type ConfigPart, entries, isDamaged, readConfigFiles, single, writtenKeys } from './config/read-files.ts';
import { secretsOf } from './config/secrets.ts';
import type { Config, EntityConfig } from './config/types.ts';
import type { Rule } from './domain/alert.ts';
import type { EntityId, NetworkSlug } from './domain/ids.ts';
import { err, ok, type Result } from './domain/result.ts';
import { sha256Hex } from './lib/hash.ts';
import type { Fault } from './lib/yaml.ts';
import { readRegistrySource, shippedSource } from './load-registry.ts';

const DEFAULT_POLL_EVERY_MS = 15 * 60_000;
const DEFAULT_POLL_DEADLINE_MS = 10 * 60_000;
const MAX_SECRET_FILE_BYTES = 65_536;

/** What loading depends on besides the files. */
export interface LoadConfigOptions {
  readonly nowMs: number;
  readonly env?: Surroundings['env'];
  /** Chain families that can be polled (`chainFamilyNames()`); left out, that is not checked. */
  readonly families?: readonly string[];
  /** Another registry than the shipped one. */
  readonly registryFolder?: string;
}

/**
 * Loads a config file with what it includes and the environment variables it names: the checked config, or every fault at
 * once, each with file:line:column. The only place that reads the environment.
 */
export function loadConfig(file: string, options: LoadConfigOptions): Result<Config, readonly Fault[]> {
  const path = resolve(file);
  const { registryFolder } = options;
  const shipped = registryFolder === undefined ? shippedSource() : readRegistrySource(registryFolder);
  if (!shipped.ok) return shipped;
  const files = readConfigFiles(path, { env: options.env ?? process.env, readFile: readSecretFile });
  if (files.parts.length === 0) return err(files.faults);
  const { parts } = files;
  const findings: Findings = { faults: [], warnings: [] };
  const base = dirname(path);
  const poll = checkPoll(parts, findings);

  const networkParts = entries(parts, 'networks', findings.faults);
  const entityParts = entries(parts, 'entities', findings.faults);
  const source = extendSource(shipped.value, parts, findings);
  extendNetworks(source, networkParts, findings);
  extendEntities(source, entityParts, findings);
  const built = buildRegistry(source);
  if (!built.ok) return err(told([...files.faults, ...findings.faults, ...built.error], files.unset));
  const registry = built.value;

  const familyOf = (slug: NetworkSlug) => registry.networks.get(slug)?.family;
  const providers = checkProviders(networkParts, options.families ?? null, familyOf, findings);
  const sound = findings.faults.length === 0 && !isDamaged(parts, ['networks', 'assets', 'labels', 'include']);
  const receivers = checkReceivers(
    entries(parts, 'receivers', findings.faults),
    writtenKeys(parts, 'receivers'),
    findings,
  );
  const groups = countGroups(providers);
  const entities = new Map<EntityId, EntityConfig>();
  const rules: (PlacedRule & { at: (message: string) => Fault })[] = [];
  for (const [name, section] of entityParts) {
    const id = name as EntityId;
    if (!registry.entities.has(id)) continue;
    const whole = sound && !isDamaged(parts, ['entities'], name);
    const context: Context = { ...findings, registry, groups, whole, nowMs: options.nowMs };
    const entity = checkEntity(id, section, source.entities.get(id)?.value.published ?? null, context);
    entities.set(id, entity);
    for (const placed of checkRules(id, section, entity, poll.everyMs, context)) {
      rules.push({ ...placed, at: (message) => section.yaml.faultAt(placed.path, message) });
    }
  }
  if (entityParts.size === 0 && !isDamaged(parts, ['entities', 'include']))
    findings.faults.push(
      (parts[0] as ConfigPart).yaml.faultAt(['entities'], 'entities: nobody is watched; name at least one'),
    );
  warnOfSilence((parts[0] as ConfigPart).yaml, rules, receivers, findings);
  const faults = told([...files.faults, ...findings.faults], files.unset);
  if (faults.length > 0) return err(faults);

  const values = describeValues(parts);
  const places = new Map(rules.map(({ rule, at }) => [rule, at]));
  return ok({
    file: path,
    database: resolve(base, single(parts, 'database', []) ?? 'data/reservewatch.db'),
    archive: resolve(base, single(parts, 'archive', []) ?? 'data/reports'),
    poll,
    registry,
    networks: polled(registry, providers),
    entities,
    rules: rules.map(({ rule }) => rule),
    allowedAtRest: new Set(rules.flatMap(({ rule, firesAtRest }) => (firesAtRest === null ? [] : [rule]))),
    receivers,
    log: single(parts, 'log', []) ?? { level: 'info' },
    secrets: () => secretsOf(providers, receivers),
    warnings: findings.warnings,
    values,
    sha256: sha256Hex(values.map(({ path: key, value }) => `${key}=${value}\n`).join('')),
    faultAtRule(rule: Rule, message: string) {
      const at = places.get(rule);
      if (!at) throw new Error(`rule ${rule.name} is not of this config`);
      return at(message);
    },
  });
}

function checkPoll(parts: readonly ConfigPart[], { faults }: Findings): Config['poll'] {
  for (const key of ['database', 'archive', 'log'] as const) single(parts, key, faults);
  const poll = single(parts, 'poll', faults);
  const yaml = parts.find(({ value }) => value.poll !== undefined)?.yaml;
  const everyMs = poll?.every ?? DEFAULT_POLL_EVERY_MS;
  const deadlineMs = poll?.deadline ?? Math.min(DEFAULT_POLL_DEADLINE_MS, everyMs);
  if (everyMs < 1_000)
    faults.push((yaml as NonNullable<typeof yaml>).faultAt(['poll', 'every'], 'poll.every must be at least 1s'));
  return { everyMs, deadlineMs };
}

/** The shipped entries with the config's assets and label books; both add to or replace what is there. */
function extendSource(shipped: RegistrySource, parts: readonly ConfigPart[], { faults }: Findings): RegistrySource {
  for (const { yaml, value } of parts) {
    for (const [index, asset] of (value.assets ?? []).entries()) {
      const twin = shipped.assets.get(asset.id)?.value;
      if (twin && twin.decimals !== asset.decimals) {
        const message = `${asset.id} has ${twin.decimals} decimals in the registry: a contract's decimals do not change`;
        faults.push(yaml.faultAt(['assets', index, 'decimals'], message));
      }
      shipped.assets.set(asset.id, { value: asset, yaml, path: ['assets', index] });
    }
  }
  for (const [publisher, section] of entries(parts, 'labels', faults)) {
    shipped.labels.set(publisher, [...(shipped.labels.get(publisher) ?? []), section]);
  }
  return shipped;
}

/** Faults as they are told: in file order, each once, and at the place of an unset variable only that it is unset. */
function told(faults: readonly Fault[], unset: readonly Fault[]): readonly Fault[] {
  const place = ({ file, line, column }: Fault): string => `${file}:${line}:${column}`;
  const places = new Set(unset.map(place));
  const seen = new Set<string>();
  const kept = faults.filter((fault) => {
    const key = `${place(fault)}:${fault.message}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return !places.has(place(fault)) || unset.includes(fault);
  });
  const order = [...new Set(kept.map(({ file }) => file))];
  return kept.sort((a, b) => order.indexOf(a.file) - order.indexOf(b.file) || a.line - b.line || a.column - b.column);
}

function readSecretFile(path: string): Result<string> {
  try {
    if (statSync(path).size > MAX_SECRET_FILE_BYTES) return err(`secret file ${path} is larger than 64 KiB`);
    return ok(readFileSync(path, 'utf8'));
  } catch (error) {
    return err(`secret file ${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`);
  }
}
