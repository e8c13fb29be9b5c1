import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Sourced } from '../build-registry.ts';
import { type ConfigFile, configSchema } from '../config-schema.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { nearest } from '../lib/nearest.ts';
import { salvageYaml } from '../lib/salvage-yaml.ts';
import { type Fault, parseYaml, type YamlFile, type YamlPath } from '../lib/yaml.ts';
import { interpolate, type Surroundings } from './interpolate.ts';

/** One file of the config: its sound parts, its raw keys, and which values came from the environment. */
export interface ConfigPart {
  readonly yaml: YamlFile;
  readonly value: ConfigFile;
  /** Environment variables and secret files by the path of the value that they went into, joined by NUL. */
  readonly sources: ReadonlyMap<string, readonly string[]>;
  /** Paths of what was at fault and left out of `value`. */
  readonly removed: readonly YamlPath[];
}

/** All files of a config, the main one first. */
export interface ConfigFiles {
  readonly parts: readonly ConfigPart[];
  readonly faults: readonly Fault[];
  /** Those of them that say that a variable or secret file is missing. */
  readonly unset: readonly Fault[];
}

/** The key of a path in `ConfigPart.sources`. */
export const pathKey = (path: YamlPath): string => path.join('\0');

/** Reads a config file and the files that it includes (one level deep), with every fault of form found on the way. */
export function readConfigFiles(path: string, from: Surroundings): ConfigFiles {
  const main = readPart(path, from);
  if (!main.part) return { parts: [], faults: main.faults, unset: main.unset };
  const parts = [main.part];
  const faults = [...main.faults];
  const unset = [...main.unset];
  const seen = new Set([resolve(path)]);
  for (const [index, name] of (main.part.value.include ?? []).entries()) {
    const included = resolve(dirname(path), name);
    const fault = (message: string) => faults.push((main.part as ConfigPart).yaml.faultAt(['include', index], message));
    if (seen.has(included)) {
      fault(`${name} is included twice`);
      continue;
    }
    seen.add(included);
    const { part, faults: found, unset: missing } = readPart(included, from);
    for (const one of found) {
      if (one.line === 0) fault(`${name} ${one.message}`);
      else faults.push(one);
    }
    unset.push(...missing);
    if (!part) continue;
    if (part.value.include) faults.push(part.yaml.faultAt(['include'], 'an included file cannot include others', true));
    parts.push(part);
  }
  return { parts, faults, unset };
}

interface ReadPart {
  readonly part: ConfigPart | null;
  readonly faults: readonly Fault[];
  readonly unset: readonly Fault[];
}

function readPart(path: string, from: Surroundings): ReadPart {
  const text = readText(path);
  if (!text.ok) return { part: null, faults: [{ file: path, line: 0, column: 0, message: text.error }], unset: [] };
  const sources = new Map<string, string[]>();
  const unset: { path: YamlPath; message: string }[] = [];
  const yaml = parseYaml(text.value, path, (value, at) => {
    const changed = interpolate(value, from, (source) => {
      sources.set(pathKey(at), [...(sources.get(pathKey(at)) ?? []), source]);
    });
    // Kept as written, so that the rest of the file is still checked; the fault is told below.
    if (!changed.ok) unset.push({ path: at, message: `${at.join('.')}: ${changed.error}` });
    return ok(changed.ok ? changed.value : value);
  });
  if (!yaml.ok) return { part: null, faults: yaml.error, unset: [] };
  const { value, faults, yaml: left, removed } = salvageYaml(yaml.value, configSchema);
  const told = unset.map(({ path: at, message }) => yaml.value.faultAt(at, message));
  return { part: value && { yaml: left, value, sources, removed }, faults: [...told, ...faults], unset: told };
}

function readText(path: string): Result<string> {
  try {
    return ok(readFileSync(path, 'utf8'));
  } catch (error) {
    return err(`cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`);
  }
}

/** The one value of a top-level key, with its place; written in two files it is a fault. */
export function single<K extends keyof ConfigFile>(
  parts: readonly ConfigPart[],
  key: K,
  faults: Fault[],
): NonNullable<ConfigFile[K]> | null {
  const [first, ...more] = parts.filter(({ value }) => value[key] !== undefined);
  for (const { yaml } of more) faults.push(yaml.faultAt([key], `${key} is also set in ${first?.yaml.file}`, true));
  return (first?.value[key] as NonNullable<ConfigFile[K]> | undefined) ?? null;
}

type Section = 'networks' | 'labels' | 'entities' | 'receivers';
type EntryOf<K extends Section> = NonNullable<ConfigFile[K]>[string];

/** The entries of a map section over all files, each with its place; the same key in two files is a fault. */
export function entries<K extends Section>(
  parts: readonly ConfigPart[],
  section: K,
  faults: Fault[],
): Map<string, Sourced<EntryOf<K>>> {
  const all = new Map<string, Sourced<EntryOf<K>>>();
  for (const { yaml, value } of parts) {
    for (const [key, entry] of Object.entries(value[section] ?? {})) {
      const path = [section, key];
      const twin = all.get(key);
      if (twin) faults.push(yaml.faultAt(path, `${section}.${key} is also in ${twin.yaml.file}`, true));
      else all.set(key, { value: entry as EntryOf<K>, yaml, path });
    }
  }
  return all;
}

/** The keys that a map section has as written, sound or not: a reference to a faulty entry is no second fault. */
export function writtenKeys(parts: readonly ConfigPart[], section: Section): Set<string> {
  return new Set(
    parts.flatMap(({ yaml }) => {
      const raw = (yaml.value as Record<string, unknown> | null)?.[section];
      return typeof raw === 'object' && raw !== null ? Object.keys(raw) : [];
    }),
  );
}

/** Whether something was left out under one of these sections, a mistyped section name included: then nothing in it is called missing. */
export function isDamaged(parts: readonly ConfigPart[], sections: readonly string[], entry?: string): boolean {
  return parts.some(({ removed }) =>
    removed.some(([first, second]) => {
      const section = nearest(String(first), Object.keys(configSchema.shape));
      return (
        section !== null &&
        sections.includes(section) &&
        (entry === undefined || second === undefined || second === entry)
      );
    }),
  );
}
