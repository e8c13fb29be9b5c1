import type { z } from 'zod';
import { child, faultsOfIssue } from './check-yaml.ts';
import type { Fault, YamlFile, YamlPath } from './yaml.ts';

/** What could be checked of a file: its value without the parts at fault (null: nothing is left), and every fault. */
export interface Salvaged<T> {
  readonly value: T | null;
  /** The file with paths as they are in `value`: taking list items out has moved the later ones. */
  readonly yaml: YamlFile;
  readonly faults: readonly Fault[];
  /** Paths, as written, of what was taken out. */
  readonly removed: readonly YamlPath[];
}

/**
 * Checks like `checkYaml`, but goes on without the parts at fault, so that what depends on the sound parts can be
 * checked in the same run. Only the first look's faults are told: later ones are consequences of what was taken out.
 */
export function salvageYaml<T extends z.ZodType>(yaml: YamlFile, schema: T): Salvaged<z.output<T>> {
  const part = structuredClone(yaml.value);
  const taken: Taken = new Map();
  const moved: YamlFile = { ...yaml, faultAt: (path, ...rest) => yaml.faultAt(asWritten(path, taken), ...rest) };
  let faults: readonly Fault[] | null = null;
  const removed: YamlPath[] = [];
  for (;;) {
    const parsed = schema.safeParse(part);
    if (parsed.success) return { value: parsed.data, yaml: moved, faults: faults ?? [], removed };
    faults ??= parsed.error.issues.flatMap((issue) => faultsOfIssue(yaml, schema, [], issue));
    const [issue] = parsed.error.issues;
    const paths =
      issue?.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue?.path ?? []];
    removed.push(...paths.map((path) => asWritten(path as YamlPath, taken)));
    if (!paths.map((path) => remove(part, path, taken)).some(Boolean)) return { value: null, yaml, faults, removed };
  }
}

/** Indexes, as written, of the list items that were taken out, by the path of their list as written. */
type Taken = Map<string, number[]>;

/** A path in what is left as the path in the file. */
function asWritten(path: YamlPath, taken: Taken): (string | number)[] {
  const written: (string | number)[] = [];
  for (const step of path) {
    let original = step;
    if (typeof original === 'number') {
      for (const index of taken.get(written.join('\0')) ?? []) if (index <= original) original += 1;
    }
    written.push(original);
  }
  return written;
}

/** Takes the value at a path out of plain data, or where it is not there, the nearest parent that is. */
function remove(root: unknown, path: readonly PropertyKey[], taken: Taken): boolean {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = path.slice(0, length - 1).reduce<unknown>((node, key) => child(node, key), root);
    const key = path[length - 1] as PropertyKey;
    if (child(parent, key) === undefined) continue;
    if (Array.isArray(parent)) {
      const written = asWritten(path.slice(0, length) as YamlPath, taken);
      const list = written.slice(0, -1).join('\0');
      taken.set(
        list,
        [...(taken.get(list) ?? []), written.at(-1) as number].sort((a, b) => a - b),
      );
      parent.splice(Number(key), 1);
    } else delete (parent as Record<PropertyKey, unknown>)[key];
    return true;
  }
  return false;
}
