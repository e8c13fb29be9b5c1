import { err, ok, type Result } from '../domain/result.ts';

const CLOSERS: Readonly<Record<string, string>> = { '[': ']', '{': '}' };

/**
 * Splits one line of a publisher's CSV into cells. A comma splits, except inside a `"quoted"` cell (doubled quotes stand
 * for one) and inside a cell that opens with `[` or `{`, whose brackets must balance (JSON strings in it are skipped).
 * Blanks around a cell are dropped, inside quotes kept. An unbalanced or badly quoted cell is an error that names the
 * cell's number.
 */
export function splitCells(text: string): Result<string[]> {
  return NEEDS_CARE.test(text) ? splitCarefully(text) : ok(text.split(',').map(trimBlanks));
}

const NEEDS_CARE = /["[{]/;

function splitCarefully(text: string): Result<string[]> {
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    const start = skipBlanks(text, at);
    const cell = text[start] === '"' ? quotedCell(text, start) : plainCell(text, start);
    if (!cell.ok) return err(`cell ${cells.length + 1} ${cell.error}`);
    cells.push(cell.value.text);
    if (cell.value.end >= text.length) return ok(cells);
    at = cell.value.end + 1;
  }
}

interface Cell {
  readonly text: string;
  /** Index of the comma after the cell, or the length of the line. */
  readonly end: number;
}

function quotedCell(text: string, start: number): Result<Cell> {
  let content = '';
  let from = start + 1;
  for (;;) {
    const quoteAt = text.indexOf('"', from);
    if (quoteAt < 0) return err('opens with a quote that never closes');
    content += text.slice(from, quoteAt);
    if (text[quoteAt + 1] !== '"') {
      const end = skipBlanks(text, quoteAt + 1);
      return end === text.length || text[end] === ','
        ? ok({ text: content, end })
        : err('goes on after its closing quote');
    }
    content += '"';
    from = quoteAt + 2;
  }
}

function plainCell(text: string, start: number): Result<Cell> {
  const opener = text[start];
  const end = opener === '[' || opener === '{' ? bracketsEnd(text, start) : commaOrEnd(text, start);
  return typeof end === 'string' ? err(end) : ok({ text: trimBlanks(text.slice(start, end)), end });
}

/** The index of the comma that ends a bracketed cell, or what is wrong with it. */
function bracketsEnd(text: string, start: number): number | string {
  const expected: string[] = [];
  for (let at = start; at < text.length; at += 1) {
    const char = text[at] as string;
    const closer = CLOSERS[char];
    if (closer !== undefined) expected.push(closer);
    else if (char === ']' || char === '}') {
      if (expected.pop() !== char) return `has an unbalanced ${char}`;
    } else if (char === '"' && expected.length > 0) {
      at = stringEnd(text, at);
      if (at < 0) return 'has a quote in brackets that never closes';
    } else if (char === ',' && expected.length === 0) return at;
  }
  return expected.length === 0 ? text.length : `lacks a closing ${expected.at(-1)}`;
}

/** Index of the quote that closes a JSON string, or -1. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return -1;
}

function commaOrEnd(text: string, start: number): number {
  const comma = text.indexOf(',', start);
  return comma < 0 ? text.length : comma;
}

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09 || code === 0x0d || code === 0xa0;

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && isBlank(text.charCodeAt(at))) at += 1;
  return at;
}

/** Drops spaces, tabs, CR and no-break spaces at both ends. */
export function trimBlanks(text: string): string {
  const length = text.length;
  if (length === 0 || !(isBlank(text.charCodeAt(0)) || isBlank(text.charCodeAt(length - 1)))) return text;
  const start = skipBlanks(text, 0);
  let end = length;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}
