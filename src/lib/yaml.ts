import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { err, ok, type Result } from '../domain/result.ts';

/** One thing wrong in a file, at a 1-based line and column; line 0: the file could not be read at all. */
export interface Fault {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** `file:line:column: message`, as editors and terminals link it. */
export const formatFault = ({ file, line, column, message }: Fault): string =>
  line === 0 ? `${file}: ${message}` : `${file}:${line}:${column}: ${message}`;

/** A path into a document: keys and indexes. */
export type YamlPath = readonly (string | number)[];

/** A parsed file whose values can still be located. */
export interface YamlFile {
  readonly file: string;
  /** Plain data: objects, arrays, strings, booleans, null and safe integers. Any other number is its own text. */
  readonly value: unknown;
  /** A fault at a path; where the path does not exist, at the nearest parent that does. */
  faultAt(path: YamlPath, message: string, key?: boolean): Fault;
}

/** The largest configuration file that is read. */
const MAX_YAML_BYTES = 1_048_576;
const MAX_DEPTH = 64;

/**
 * Parses one YAML 1.2 document of at most 1 MiB. Aliases, tags, duplicate keys and nesting beyond 64 levels are refused.
 * Integers beyond 2^53 and decimals stay the text that was written, so that no digit of an amount is lost.
 * `change` may replace the text of string scalars (environment variables) or refuse it.
 */
export function parseYaml(
  text: string,
  file: string,
  change: (text: string, path: YamlPath) => Result<string> = (same) => ok(same),
): Result<YamlFile, readonly Fault[]> {
  const counter = new LineCounter();
  const position = (offset: number) => {
    const { line, col } = counter.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  if (Buffer.byteLength(text) > MAX_YAML_BYTES) {
    return err([{ file, line: 1, column: 1, message: `file is larger than ${MAX_YAML_BYTES} bytes` }]);
  }
  let document: ReturnType<typeof parseDocument>;
  try {
    document = parseDocument(text, { lineCounter: counter, uniqueKeys: true, prettyErrors: false, merge: false });
  } catch (error) {
    const message = error instanceof RangeError ? 'nested too deeply' : `not YAML: ${(error as Error).message}`;
    return err([{ file, line: 1, column: 1, message }]);
  }
  const faults: Fault[] = [...document.errors, ...document.warnings].map((problem) => ({
    ...position(problem.pos[0]),
    message: `not valid YAML: ${problem.message}`,
  }));
  if (faults.length > 0) return err(faults);

  const convert = (node: unknown, path: YamlPath): unknown => {
    const refuse = (message: string): null => {
      const offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
      faults.push({ ...position(offset), message });
      return null;
    };
    if (node === null || node === undefined) return null;
    if (path.length > MAX_DEPTH) return refuse(`nested deeper than ${MAX_DEPTH} levels`);
    if (isAlias(node)) return refuse('aliases (*name) are not supported: write the value out, or use include');
    if (isMap(node)) {
      const object: Record<string, unknown> = {};
      for (const pair of node.items) {
        const key = isScalar(pair.key) ? String(pair.key.source ?? pair.key.value) : null;
        if (key === null || key === '__proto__') refuse('a key must be plain text');
        else object[key] = convert(pair.value, [...path, key]);
      }
      return object;
    }
    if (isSeq(node)) return node.items.map((item, index) => convert(item, [...path, index]));
    if (!isScalar(node)) return refuse('this kind of YAML value is not supported');
    const { value } = node;
    if (
      typeof value === 'number' &&
      !(Number.isSafeInteger(value) && /^[-+]?(\d+|0x[0-9a-fA-F]+)$/.test(node.source ?? ''))
    )
      return node.source ?? String(value);
    if (typeof value !== 'string') return value;
    const changed = change(value, path);
    return changed.ok ? changed.value : refuse(changed.error);
  };
  const value = convert(document.contents, []);
  if (faults.length > 0) return err(faults);

  return ok({
    file,
    value,
    faultAt(path, message, key = false) {
      return { ...position(offsetOf(document.contents, path, key)), message };
    },
  });
}

/** Where a path starts in the text; `key` asks for the key instead of its value. */
function offsetOf(root: unknown, path: YamlPath, key: boolean): number {
  let node: unknown = root;
  let offset = isNode(root) ? (root.range?.[0] ?? 0) : 0;
  for (const [depth, step] of path.entries()) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.source ?? item.key.value) === step);
      if (!pair) return offset;
      const at = pair.key as Node;
      node = pair.value;
      const wantsKey = (key && depth === path.length - 1) || !isNode(node);
      offset = (wantsKey ? at : (node as Node)).range?.[0] ?? offset;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      if (!isNode(node)) return offset;
      offset = node.range?.[0] ?? offset;
    } else return offset;
  }
  return offset;
}
