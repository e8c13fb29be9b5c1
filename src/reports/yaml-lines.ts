import { quote } from '../domain/ids.ts';
import { err, ok, type Result } from '../domain/result.ts';

/** A scalar as text; null for an empty or null one. */
export type Scalar = string | null;

/** What stands behind `key:` or `- `: nothing (a block follows), a scalar, or a list or map of scalars in brackets. */
export type YamlValue =
  | { readonly kind: 'block' }
  | { readonly kind: 'scalar'; readonly scalar: Scalar }
  | { readonly kind: 'list'; readonly items: readonly Scalar[] }
  | { readonly kind: 'map'; readonly fields: readonly (readonly [string, Scalar])[] };

/** One line of YAML: `dash` where a list item begins on it, `key` where it is one of a map. */
export interface YamlLine {
  /** Columns before the dash, or before the key or value where there is none. */
  readonly indent: number;
  readonly dash: boolean;
  /** Columns before the key or value. */
  readonly column: number;
  readonly key: string | null;
  readonly value: YamlValue;
}

/**
 * Reads one line of the part of YAML in which publishers write long lists: maps and lists in block style, whose values stand
 * on one line (plain, quoted, or scalars in brackets). Null where the line is blank, a comment or a document start. Anything
 * else of YAML (tabs, anchors, aliases, tags, folded texts, nested brackets) is an error: a general parser needs the whole
 * document in memory, and files of hundreds of megabytes are published.
 */
export function readYamlLine(text: string): Result<YamlLine | null> {
  const body = text.trimEnd();
  const indent = body.length - body.trimStart().length;
  if (body === '' || body[indent] === '#' || body === '---') return ok(null);
  if (!/^ *$/.test(body.slice(0, indent))) return err(`${quote(text)} is indented by something else than spaces`);
  const dash = /^-(?: +|$)/.exec(body.slice(indent))?.[0] ?? '';
  const column = indent + dash.length;
  const found = KEY.exec(body.slice(column));
  const rest = body.slice(column + (found?.[0].length ?? 0));
  const value = readValue(rest);
  if (!value.ok) return err(`${quote(text)}: ${value.error}`);
  return ok({ indent, dash: dash !== '', column, key: found?.[1] ?? null, value: value.value });
}

/** Keys of these layouts are words. */
const KEY = /^([A-Za-z_][\w.-]*):(?: +|$)/;

function readValue(text: string): Result<YamlValue> {
  if (text === '' || text.startsWith('#')) return ok({ kind: 'block' });
  if (text[0] === '[' || text[0] === '{') return readBrackets(text);
  const scalar = readScalar(text, 0, false);
  if (!scalar.ok) return scalar;
  return isEnd(text, scalar.value.end)
    ? ok({ kind: 'scalar', scalar: scalar.value.scalar })
    : err('goes on after its value');
}

/** Whether nothing but blanks and a comment follows. */
const isEnd = (text: string, at: number): boolean => /^(?:\s*| +#.*)$/.test(text.slice(at));

function readBrackets(text: string): Result<YamlValue> {
  const isMap = text[0] === '{';
  const closer = isMap ? '}' : ']';
  const fields: (readonly [string, Scalar])[] = [];
  let at = skipSpaces(text, 1);
  while (text[at] !== closer) {
    let key = '';
    if (isMap) {
      const found = /^([A-Za-z_][\w.-]*): +/.exec(text.slice(at));
      if (!found) return err(`column ${at + 1} in its brackets is no key`);
      key = found[1] as string;
      at += found[0].length;
    }
    const scalar = readScalar(text, at, true);
    if (!scalar.ok) return scalar;
    fields.push([key, scalar.value.scalar]);
    at = skipSpaces(text, scalar.value.end);
    if (text[at] === ',') at = skipSpaces(text, at + 1);
    else if (text[at] !== closer) return err(`its ${text[0]} never closes`);
  }
  if (!isEnd(text, at + 1)) return err('goes on after its brackets');
  return ok(isMap ? { kind: 'map', fields } : { kind: 'list', items: fields.map(([, scalar]) => scalar) });
}

interface Found {
  readonly scalar: Scalar;
  readonly end: number;
}

function readScalar(text: string, start: number, inBrackets: boolean): Result<Found> {
  const first = text[start] ?? '';
  if (first === "'") return readQuoted(text, start, /''|'/g, (found) => (found === "''" ? "'" : null));
  if (first === '"')
    return readQuoted(text, start, /\\["\\/]|["\\]/g, (found) => (found.length > 1 ? found.slice(1) : null));
  if ('&*!|>@`%[]{},'.includes(first) || /^[-?:](?: |$)/.test(text.slice(start)))
    return err(`${quote(first)} begins what is not read of YAML here`);
  const rest = text.slice(start);
  const length = (inBrackets ? /[,[\]{}]|: | #/ : /: | #/).exec(rest)?.index ?? rest.length;
  if (/^: /.test(rest.slice(length))) return err('holds a second colon');
  const scalar = rest.slice(0, length).trim();
  return ok({ scalar: /^(?:~|null|Null|NULL|)$/.test(scalar) ? null : scalar, end: start + length });
}

/** A quoted text: `marks` finds its escapes and its end, of which `escapeOf` knows the first alone. */
function readQuoted(
  text: string,
  start: number,
  marks: RegExp,
  escapeOf: (found: string) => string | null,
): Result<Found> {
  let scalar = '';
  let from = start + 1;
  marks.lastIndex = from;
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    scalar += text.slice(from, mark.index);
    const escaped = escapeOf(mark[0]);
    if (escaped === null) {
      return mark[0] === text[start]
        ? ok({ scalar, end: mark.index + 1 })
        : err('holds an escape that is not read here');
    }
    scalar += escaped;
    from = marks.lastIndex;
  }
  return err('opens with a quote that never closes');
}

function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ') at += 1;
  return at;
}
