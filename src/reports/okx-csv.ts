import type { ReportItem, ReportRow, SummaryLine } from '../domain/attestation.ts';
import { quote } from '../domain/ids.ts';
import type { Limits } from '../domain/limits.ts';
import { err, ok, type Result } from '../domain/result.ts';
import type { PhysicalLine } from '../lib/lines.ts';
import type { ReportFormat } from '../seams.ts';
import { type Columns, headerOf, type SummaryColumns } from './okx-csv-header.ts';
import { beyondColumns, cellsOf, faultAt, headLines, present, readAmount } from './report-cells.ts';

/**
 * The list that OKX publishes every month: a block of totals per coin, then one row per address, in one CSV file.
 * The row header is found by content, so a missing blank line or a missing block of totals loses no row.
 */
export const format: ReportFormat = {
  name: 'okx-csv',
  lookedFor:
    'a line whose first cell is "coin" with the columns network, address and amount (or balance), as in the OKX proof-of-reserves CSV',
  recognise,
  read,
  rowLines: {
    find(head, limits) {
      for (const { line, text } of headLines(head, limits)) {
        const header = headerOf(text);
        if (header?.ok && header.value.kind === 'rows') return { after: line, layout: header.value };
      }
      return null;
    },
    read: (layout, line, text, limits) =>
      headerOf(text) === null ? readLine(layout as State, line, text, limits) : 'header',
  },
};

/** Fewest cells of a row: the 9 columns of the oldest form, of which the last ones may be empty. */
const FEWEST_CELLS = 9;

function recognise(head: string): Result<string> | null {
  const lines = head.split(/\r?\n/);
  let summaryOnly = false;
  for (const [index, text] of lines.entries()) {
    const header = headerOf(text);
    if (header === null) continue;
    if (!header.ok) return err(`line ${index + 1}: ${header.error}`);
    if (header.value.kind === 'rows') return ok(`okx-csv-${header.value.form}`);
    summaryOnly = true;
  }
  return summaryOnly && !lines.some((text) => /^\s*coin\s*,.*\baddress\b/i.test(text)) ? ok('okx-csv-9') : null;
}

type State =
  | { readonly kind: 'before' }
  | { readonly kind: 'summary'; readonly columns: SummaryColumns; readonly seen: Map<string, number> }
  | { readonly kind: 'rows'; readonly columns: Columns }
  | { readonly kind: 'lost'; readonly line: number };

async function* read(
  batches: AsyncIterable<readonly PhysicalLine[]>,
  limits: Limits,
): AsyncGenerator<readonly ReportItem[]> {
  let state: State = { kind: 'before' };
  const seen = new Map<string, number>();
  for await (const lines of batches) {
    const items: ReportItem[] = [];
    for (const { line, text, fault } of lines) {
      const header = fault === undefined ? headerOf(text) : null;
      if (header === null) {
        const item = fault === undefined ? readLine(state, line, text, limits) : faultAt(line, fault);
        if (item !== null) items.push(item);
      } else if (header.ok) {
        state = header.value.kind === 'rows' ? header.value : { ...header.value, seen };
      } else {
        items.push(faultAt(line, header.error));
        state = { kind: 'lost', line };
      }
    }
    yield items;
  }
}

function readLine(state: State, line: number, text: string, limits: Limits): ReportItem | null {
  const cells = cellsOf(text, limits, (index) => (state.kind === 'rows' ? nameOf(state.columns, index) : undefined));
  if (!cells.ok) return faultAt(line, cells.error);
  if (cells.value.every((cell) => cell === '')) return null;
  if (state.kind === 'rows') {
    const row = readRow(state.columns, line, cells.value);
    return row.ok ? { kind: 'row', row: row.value } : faultAt(line, row.error);
  }
  if (state.kind === 'summary') {
    const summary = readSummary(state.columns, state.seen, line, cells.value);
    return summary.ok ? { kind: 'summary', summary: summary.value } : faultAt(line, summary.error);
  }
  return faultAt(
    line,
    state.kind === 'lost'
      ? `follows the unusable header of line ${state.line}`
      : `${quote(text)} stands before any header that starts with coin`,
  );
}

const nameOf = ({ count, amountName, ...fields }: Columns, index: number): string | undefined =>
  Object.entries(fields).find(([, at]) => at === index)?.[0];

function readRow(columns: Columns, line: number, cells: readonly string[]): Result<ReportRow> {
  if (cells.length < FEWEST_CELLS) return err(`row has ${cells.length} cells, at least ${FEWEST_CELLS} are needed`);
  const beyond = beyondColumns(cells, columns.count);
  if (beyond !== null) return beyond;
  const cell = (index: number | undefined): string | null => (index === undefined ? null : present(cells[index]));
  const label = cell(columns.coin);
  if (label === null) return err('coin is missing');
  const addressText = cell(columns.address);
  if (addressText === null) return err('address is missing');
  const amount = readAmount(columns.amountName, cells[columns.amount]);
  if (!amount.ok) return amount;
  return ok({
    line,
    label,
    network: cell(columns.network),
    rowType: cell(columns.rowType),
    height: cell(columns.height),
    addressText,
    amount: amount.value,
    // A quoted message keeps its blanks: they were signed.
    message: cell(columns.message) === null ? null : (cells[columns.message] as string),
    signature1: cell(columns.signature1),
    signature2: cell(columns.signature2),
    scriptOrPubkey: cell(columns.scriptOrPubkey),
    owner1: cell(columns.owner1),
    owner2: cell(columns.owner2),
  });
}

function readSummary(
  columns: SummaryColumns,
  seen: Map<string, number>,
  line: number,
  cells: readonly string[],
): Result<SummaryLine> {
  const extra = cells.findIndex((cell, index) => index >= columns.count && cell !== '');
  if (extra >= 0) {
    return err(
      cells.length >= FEWEST_CELLS
        ? `looks like an address row (${cells.length} cells), but no row header with coin and address came before it`
        : `cell ${extra + 1} ${quote(cells[extra] as string)} is beyond the columns of the totals`,
    );
  }
  const label = present(cells[0]);
  if (label === null) return err('coin is missing');
  const amount = readAmount(columns.amountName, cells[columns.amount]);
  if (!amount.ok) return amount;
  const height = columns.height === null ? null : present(cells[columns.height]);
  const first = seen.get(label);
  if (first !== undefined) return err(`total of ${quote(label)} was given already in line ${first}`);
  seen.set(label, line);
  return ok({ line, label, height, amount: amount.value });
}
