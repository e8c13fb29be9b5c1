import { formatDecimal, parseDecimal } from '../domain/amount.ts';
import type { ReportItem, ReportRow } from '../domain/attestation.ts';
import { quote } from '../domain/ids.ts';
import { beyondLimit, type Limits } from '../domain/limits.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { splitCells, trimBlanks } from '../lib/csv-cells.ts';

/** An amount that is spelled canonically already, as nearly all are. */
const CANONICAL = /^(?:0|[1-9]\d{0,77})(?:\.\d{0,77}[1-9])?$/;

/** A cell's amount as a canonical decimal; the error names the column as the header does. */
export function readAmount(name: string, text: string | undefined): Result<string> {
  const cell = present(text);
  if (cell === null) return err(`${name} is missing`);
  if (CANONICAL.test(cell)) return ok(cell);
  const value = parseDecimal(cell);
  return value.ok ? ok(formatDecimal(value.value)) : err(name === 'amount' ? value.error : `${name}: ${value.error}`);
}

/** A cell without its outer blanks (quoted cells keep theirs until here), or null where empty, `-`, `null` or `\\N` stand for «nothing». */
export function present(cell: string | undefined): string | null {
  const text = cell === undefined ? '' : trimBlanks(cell);
  return text === '' || (text.length <= 4 && /^(?:null|-|\\n)$/i.test(text)) ? null : text;
}

/** A line's cells; an error names the first that cannot be read or is larger than a field may be, with its column. */
export function cellsOf(
  text: string,
  limits: Limits,
  columnOf: (index: number) => string | undefined,
): Result<string[]> {
  const cells = splitCells(text);
  // A UTF-16 code unit takes three bytes of UTF-8 at most.
  if (!cells.ok || text.length * 3 <= limits.maxField) return cells;
  const at = cells.value.findIndex((cell) => isBeyondField(cell, limits));
  if (at < 0) return cells;
  const column = columnOf(at);
  return err(`cell ${at + 1}${column === undefined ? '' : ` (${column})`} ${beyondLimit('maxField', limits)}`);
}

/** Whether a text takes more bytes than a field may. */
export const isBeyondField = (text: string, { maxField }: Limits): boolean =>
  text.length * 3 > maxField && Buffer.byteLength(text) > maxField;

/** The lines of a head that are surely read as they stand there (whole, within the cap, UTF-8), with their 1-based numbers. */
export const headLines = (
  head: string,
  { maxRecord }: Limits,
): readonly { readonly line: number; readonly text: string }[] =>
  head
    .split('\n')
    .map((text, at) => ({ line: at + 1, text: text.endsWith('\r') ? text.slice(0, -1) : text }))
    .filter(({ text }) => !text.includes('\ufffd') && Buffer.byteLength(text) <= maxRecord);

/** A line that was not understood, as an item. */
export const faultAt = (line: number, reason: string): ReportItem => ({ kind: 'fault', fault: { line, reason } });

/** The first filled cell beyond the header's columns as an error; null where there is none. */
export function beyondColumns(cells: readonly string[], count: number): Result<never> | null {
  const extra = cells.findIndex((cell, index) => index >= count && cell !== '');
  return extra < 0 ? null : err(`cell ${extra + 1} ${quote(cells[extra] as string)} is beyond the header's columns`);
}

/** A header line's cells: lower case, blanks collapsed, empty ones at the end dropped; null where it cannot be split. */
export function headerCells(text: string): readonly string[] | null {
  const split = splitCells(text);
  if (!split.ok) return null;
  const cells = split.value.map((cell) => trimBlanks(cell).toLowerCase().replace(/\s+/g, ' '));
  while (cells.at(-1) === '') cells.pop();
  return cells;
}

/** A row of a layout that prints only some of the columns: the others are null. */
export const rowWith = (
  printed: Pick<ReportRow, 'label' | 'addressText' | 'amount'> & Partial<Omit<ReportRow, 'line'>>,
): Omit<ReportRow, 'line'> => ({
  network: null,
  rowType: null,
  height: null,
  message: null,
  signature1: null,
  signature2: null,
  scriptOrPubkey: null,
  owner1: null,
  owner2: null,
  ...printed,
});
