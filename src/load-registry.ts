import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { buildRegistry, type RegistrySource } from './build-registry.ts';
import { quote } from './domain/ids.ts';
import type { Registry } from './domain/registry.ts';
import { err, ok, type Result } from './domain/result.ts';
import { checkYaml } from './lib/check-yaml.ts';
import { type Fault, parseYaml, type YamlFile } from './lib/yaml.ts';
import { assetsFile, entityEntry, labelsFile, networksFile } from './registry-schema.ts';
import { shippedFolder } from './shipped-folder.ts';

/** The registry of a config folder (default: the shipped one), or every fault in its files with file:line:column. */
export function loadRegistry(options: { readonly folder?: string } = {}): Result<Registry, readonly Fault[]> {
  const source = options.folder === undefined ? shippedSource() : readRegistrySource(options.folder);
  return source.ok ? buildRegistry(source.value) : source;
}

let shipped: Result<RegistrySource, readonly Fault[]> | null = null;

/** The shipped entries, parsed once in a process (they take 0.1 s); each caller gets maps of its own to extend. */
export function shippedSource(): Result<RegistrySource, readonly Fault[]> {
  shipped ??= readRegistrySource(shippedFolder());
  if (!shipped.ok) return shipped;
  const { networks, assets, labels, entities } = shipped.value;
  return ok({
    networks: new Map(networks),
    assets: new Map(assets),
    labels: new Map(labels),
    entities: new Map(entities),
  });
}

/** The checked entries of a config folder, each with its place, ready to be extended and built. */
export function readRegistrySource(folder: string): Result<RegistrySource, readonly Fault[]> {
  const source: RegistrySource = { networks: new Map(), assets: new Map(), labels: new Map(), entities: new Map() };
  const faults: Fault[] = [];
  const read = <T extends z.ZodType>(path: string, schema: T, keep: (value: z.output<T>, yaml: YamlFile) => void) => {
    const yaml = readYaml(path);
    const checked = yaml.ok ? checkYaml(yaml.value, schema) : yaml;
    if (!checked.ok) faults.push(...checked.error);
    else if (yaml.ok) keep(checked.value, yaml.value);
  };
  read(join(folder, 'networks.yaml'), networksFile, (networks, yaml) => {
    for (const [slug, value] of Object.entries(networks)) source.networks.set(slug, { value, yaml, path: [slug] });
  });
  read(join(folder, 'assets.yaml'), assetsFile, (assets, yaml) => {
    for (const [index, value] of assets.entries()) {
      if (source.assets.has(value.id))
        faults.push(yaml.faultAt([index, 'id'], `asset ${quote(value.id)} is there twice`));
      source.assets.set(value.id, { value, yaml, path: [index] });
    }
  });
  for (const path of yamlFilesIn(join(folder, 'labels'))) {
    read(path, labelsFile, ({ publisher, ...value }, yaml) =>
      source.labels.set(publisher, [{ value, yaml, path: [] }]),
    );
  }
  for (const path of yamlFilesIn(join(folder, 'entities'))) {
    read(path, entityEntry, (value, yaml) => source.entities.set(value.id, { value, yaml, path: [] }));
  }
  return faults.length > 0 ? err(faults) : ok(source);
}

/** Parses a file, or says that it cannot be read. */
function readYaml(path: string): Result<YamlFile, readonly Fault[]> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const message = `cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`;
    return err([{ file: path, line: 0, column: 0, message }]);
  }
  return parseYaml(text, path);
}

const yamlFilesIn = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.yaml'))
        .sort()
        .map((name) => join(folder, name))
    : [];
