import type { ReportItem, ReportRow, SummaryLine } from '../domain/attestation.ts';
import { quote } from '../domain/ids.ts';
import type { Limits } from '../domain/limits.ts';
import { err, ok, type Result } from '../domain/result.ts';
import type { PhysicalLine } from '../lib/lines.ts';
import type { ReportFormat, RowLines } from '../seams.ts';
import { beyondColumns, cellsOf, faultAt, headerCells, headLines, present } from './report-cells.ts';

/** What one entry of a layout says, before it gets its number. */
export type Entry =
  | { readonly kind: 'row'; readonly row: Omit<ReportRow, 'line'> }
  | { readonly kind: 'summary'; readonly summary: Omit<SummaryLine, 'line'> }
  | { readonly kind: 'fault'; readonly reason: string };

/** The cells of a line by column: `get` without outer blanks and null for «nothing», `printed` as they stand. */
export interface Cells<Column extends string> {
  get(column: Column): string | null;
  printed(column: Column): string;
}

/** A CSV layout of one block under one header. */
export interface CsvLayout<Column extends string> {
  readonly name: string;
  readonly lookedFor: string;
  /** Header cells, lower case, by what they mean. */
  readonly columns: Readonly<Record<string, Column>>;
  readonly required: readonly Column[];
  /**
   * What one line says. Where it may be several entries (`numbered: 'entry'`), rows and faults carry the position of their
   * entry in the file instead of the physical line, as no two rows of a file share a number.
   */
  readonly numbered: 'line' | 'entry';
  entries(cells: Cells<Column>): Result<readonly Entry[]>;
}

/** An entry under its number. */
export function itemOf(entry: Entry, line: number): ReportItem {
  if (entry.kind === 'fault') return faultAt(line, entry.reason);
  return entry.kind === 'row'
    ? { kind: 'row', row: { ...entry.row, line } }
    : { kind: 'summary', summary: { ...entry.summary, line } };
}

type Header<Column extends string> = { readonly at: ReadonlyMap<Column, number>; readonly count: number };

/**
 * The reader of a CSV layout: the file's first line that is not blank must be its header, with known columns only, each once,
 * in any order.
 */
export function csvFormat<Column extends string>(layout: CsvLayout<Column>): ReportFormat {
  return {
    name: layout.name,
    lookedFor: layout.lookedFor,
    recognise(head) {
      const lines = head.split(/\r?\n/);
      const first = lines.findIndex((text) => text.trim() !== '');
      const header = first < 0 ? null : headerOf(layout, lines[first] as string);
      if (header === null) return null;
      return header.ok ? ok(layout.name) : err(`line ${first + 1}: ${header.error}`);
    },
    read: (batches, limits) => read(layout, batches, limits),
    ...(layout.numbered === 'line' ? { rowLines: rowLinesOf(layout) } : {}),
  };
}

function headerOf<Column extends string>(layout: CsvLayout<Column>, text: string): Result<Header<Column>> | null {
  const cells = headerCells(text);
  if (cells === null) return null;
  const at = new Map<Column, number>();
  for (const [index, cell] of cells.entries()) {
    const column = Object.hasOwn(layout.columns, cell) ? layout.columns[cell] : undefined;
    if (column === undefined) return null;
    if (at.has(column)) return err(`header column ${index + 1} ${quote(cell)} stands twice`);
    at.set(column, index);
  }
  return layout.required.every((column) => at.has(column)) ? ok({ at, count: cells.length }) : null;
}

function rowLinesOf<Column extends string>(layout: CsvLayout<Column>): RowLines {
  return {
    find(head, limits) {
      for (const { line, text } of headLines(head, limits)) {
        const header = text.trim() === '' ? null : headerOf(layout, text);
        if (header?.ok) return { after: line, layout: header.value };
      }
      return null;
    },
    read(header, line, text, limits) {
      if (text.trim() === '') return null;
      if (headerOf(layout, text)?.ok) return 'header';
      const [entry] = readLine(layout, header as Header<Column>, text, limits);
      return entry === undefined ? null : itemOf(entry, line);
    },
  };
}

async function* read<Column extends string>(
  layout: CsvLayout<Column>,
  batches: AsyncIterable<readonly PhysicalLine[]>,
  limits: Limits,
): AsyncGenerator<readonly ReportItem[]> {
  let header: Header<Column> | null = null;
  let count = 0;
  for await (const lines of batches) {
    const items: ReportItem[] = [];
    for (const { line, text, fault } of lines) {
      const entries: readonly Entry[] = fault === undefined ? [] : [{ kind: 'fault', reason: fault }];
      if (fault === undefined && text.trim() === '') continue;
      const found = fault === undefined ? headerOf(layout, text) : null;
      if (found?.ok) {
        header = found.value;
        continue;
      }
      for (const entry of fault === undefined ? readLine(layout, header, text, limits) : entries) {
        count += 1;
        if (layout.numbered === 'line') items.push(itemOf(entry, line));
        else
          items.push(
            itemOf(entry.kind === 'fault' ? { ...entry, reason: `line ${line}: ${entry.reason}` } : entry, count),
          );
      }
    }
    yield items;
  }
}

function readLine<Column extends string>(
  layout: CsvLayout<Column>,
  header: Header<Column> | null,
  text: string,
  limits: Limits,
): readonly Entry[] {
  const fault = (reason: string): readonly Entry[] => [{ kind: 'fault', reason }];
  if (header === null) return fault(`${quote(text)} stands before the header`);
  const cells = cellsOf(text, limits, (index) => [...header.at].find(([, at]) => at === index)?.[0]);
  if (!cells.ok) return fault(cells.error);
  if (cells.value.every((cell) => cell === '')) return [];
  const beyond = beyondColumns(cells.value, header.count);
  if (beyond !== null && !beyond.ok) return fault(beyond.error);
  const printed = (column: Column): string => cells.value[header.at.get(column) ?? -1] ?? '';
  const entries = layout.entries({ printed, get: (column) => present(printed(column)) });
  return entries.ok ? entries.value : fault(entries.error);
}
