import { z } from 'zod';
import { err, ok, type Result } from '../domain/result.ts';
import { didYouMean } from './nearest.ts';
import type { Fault, YamlFile, YamlPath } from './yaml.ts';

/** Checks a parsed file (or the part under `path`) against a schema: the checked value, or every fault with its place. */
export function checkYaml<T extends z.ZodType>(
  yaml: YamlFile,
  schema: T,
  path: YamlPath = [],
  part: unknown = yaml.value,
): Result<z.output<T>, readonly Fault[]> {
  const parsed = schema.safeParse(part);
  if (parsed.success) return ok(parsed.data);
  return err(parsed.error.issues.flatMap((issue) => faultsOfIssue(yaml, schema, path, issue)));
}

/** One issue of a schema as faults with their places; of a union, those of the branch that was most likely meant. */
export function faultsOfIssue(yaml: YamlFile, schema: z.ZodType, base: YamlPath, issue: z.core.$ZodIssue): Fault[] {
  const inner = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  const path = [...base, ...inner];
  const where = path.length === 0 ? 'file' : path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, inner);
    return issue.keys.map((key) =>
      yaml.faultAt([...path, key], `unknown key ${JSON.stringify(key)} in ${where}${didYouMean(key, known)}`, true),
    );
  }
  if (issue.code === 'invalid_union') {
    const branch = bestBranch(issue);
    if (branch) return branch.flatMap((deeper) => faultsOfIssue(yaml, schema, path, deeper));
  }
  return [yaml.faultAt(path, `${where}: ${sentenceOf(issue, path.reduce<unknown>(child, yaml.value))}`)];
}

/** An issue as a sentence that says what to write instead. */
function sentenceOf(issue: z.core.$ZodIssue, written: unknown): string {
  if (issue.code === 'invalid_type' && written === undefined) return `is required (${issue.expected})`;
  if (issue.code === 'invalid_value') {
    const hint = typeof written === 'string' ? didYouMean(written, issue.values.map(String)) : '';
    const got = written === undefined ? 'is required' : 'is not known';
    return `${got}: write one of ${issue.values.map(String).join(', ')}${hint}`;
  }
  return issue.message;
}

/** Of a union's branches the nearest one: the one with the fewest unknown keys and faults. */
function bestBranch(issue: z.core.$ZodIssueInvalidUnion): readonly z.core.$ZodIssue[] | null {
  const weigh = (branch: readonly z.core.$ZodIssue[]): number =>
    branch.reduce(
      (sum, one) => sum + (one.code === 'unrecognized_keys' ? one.keys.length : one.path.length > 0 ? 1 : 100),
      0,
    );
  const best = [...issue.errors].sort((a, b) => weigh(a) - weigh(b))[0];
  return best && weigh(best) < 100 ? best : null;
}

type JsonSchema = { readonly [key: string]: unknown };

/** The keys that a schema knows at a path, found in its JSON Schema. */
function knownKeys(schema: z.ZodType, path: YamlPath): readonly string[] {
  let level: JsonSchema[] = [
    z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as JsonSchema,
  ];
  const spread = (nodes: JsonSchema[]): JsonSchema[] =>
    nodes.flatMap((node) => {
      const options = [...((node['anyOf'] as JsonSchema[]) ?? []), ...((node['oneOf'] as JsonSchema[]) ?? [])];
      return options.length > 0 ? spread(options) : [node];
    });
  level = spread(level);
  for (const step of path) {
    const next = level.flatMap((node) => {
      const properties = node['properties'] as Record<string, JsonSchema> | undefined;
      const child = typeof step === 'number' ? node['items'] : (properties?.[step] ?? node['additionalProperties']);
      return child !== null && typeof child === 'object' ? [child as JsonSchema] : [];
    });
    level = spread(next);
  }
  return level.flatMap((node) => Object.keys((node['properties'] as object) ?? {}));
}

/** A value's own field or item. */
export const child = (node: unknown, key: PropertyKey): unknown =>
  typeof node === 'object' && node !== null && Object.hasOwn(node, key)
    ? (node as Record<PropertyKey, unknown>)[key]
    : undefined;
