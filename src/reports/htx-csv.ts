import { OWNER_ROW, type ReportItem, type ReportRow, type SummaryLine } from '../domain/attestation.ts';
import { quote } from '../domain/ids.ts';
import type { Limits } from '../domain/limits.ts';
import { err, ok, type Result } from '../domain/result.ts';
import type { PhysicalLine } from '../lib/lines.ts';
import type { ReportFormat } from '../seams.ts';
import {
  beyondColumns,
  cellsOf,
  faultAt,
  headerCells,
  headLines,
  present,
  readAmount,
  rowWith,
} from './report-cells.ts';

/**
 * The list that HTX (Huobi) publishes every month: totals per coin, then one row per address. It has no network column:
 * the coin label alone names the chain. A row whose height and balance are both missing names an owner of the address
 * above it; it claims nothing, and its signature stands for its own address (huobiapi/Tool-Node.js-VerifyAddress).
 */
export const format: ReportFormat = {
  name: 'htx-csv',
  lookedFor: `the line "coin,address,snapshot height,balance,message,signature", as in HTX's huobi_por.csv`,
  recognise: (head) => (head.split(/\r?\n/).some((text) => headerOf(text) === 'rows') ? ok('htx-csv') : null),
  read,
  rowLines: {
    // An owner row needs a row above it that claims something: from the first such row on there is one.
    find(head, limits) {
      let block: Block = 'before';
      for (const { line, text } of headLines(head, limits)) {
        const header = headerOf(text);
        if (header !== null) block = header;
        else if (block === 'rows') {
          const item = readLine(block, line, text, null, new Map(), limits);
          if (item?.kind === 'row') return { after: line, layout: null };
        }
      }
      return null;
    },
    read: (_layout, line, text, limits) =>
      headerOf(text) === null ? readLine('rows', line, text, line, new Map(), limits) : 'header',
  },
};

const COLUMNS = ['coin', 'address', 'snapshot height', 'balance', 'message', 'signature'];
const ROWS = COLUMNS.join();
const SUMMARY = ['coin', 'snapshot height', 'balance'].join();
const ROW_CELLS = 6;
const SUMMARY_CELLS = 3;

type Block = 'before' | 'summary' | 'rows';

function headerOf(text: string): Block | null {
  if (!/^[\s"\u00a0]*coin\b/i.test(text)) return null;
  const cells = headerCells(text)?.join();
  return cells === ROWS ? 'rows' : cells === SUMMARY ? 'summary' : null;
}

async function* read(
  batches: AsyncIterable<readonly PhysicalLine[]>,
  limits: Limits,
): AsyncGenerator<readonly ReportItem[]> {
  let block: Block = 'before';
  /** Line of the last row that claims something: what an owner row below it vouches for. */
  let claimLine: number | null = null;
  const totals = new Map<string, number>();
  for await (const lines of batches) {
    const items: ReportItem[] = [];
    for (const { line, text, fault } of lines) {
      if (fault !== undefined) {
        items.push(faultAt(line, fault));
        continue;
      }
      const header = headerOf(text);
      if (header !== null) {
        block = header;
        continue;
      }
      const item = readLine(block, line, text, claimLine, totals, limits);
      if (item === null) continue;
      if (item.kind === 'row' && item.row.rowType === null) claimLine = line;
      items.push(item);
    }
    yield items;
  }
}

function readLine(
  block: Block,
  line: number,
  text: string,
  claimLine: number | null,
  totals: Map<string, number>,
  limits: Limits,
): ReportItem | null {
  const cells = cellsOf(text, limits, (index) => (block === 'rows' ? COLUMNS[index] : undefined));
  if (!cells.ok) return faultAt(line, cells.error);
  if (cells.value.every((cell) => cell === '')) return null;
  if (block === 'before') return faultAt(line, `${quote(text)} stands before any header that starts with coin`);
  if (block === 'rows') {
    const row = readRow(line, cells.value, claimLine);
    return row.ok ? { kind: 'row', row: row.value } : faultAt(line, row.error);
  }
  const summary = readSummary(line, cells.value, totals);
  return summary.ok ? { kind: 'summary', summary: summary.value } : faultAt(line, summary.error);
}

function readRow(line: number, cells: readonly string[], claimLine: number | null): Result<ReportRow> {
  if (cells.length < ROW_CELLS) return err(`row has ${cells.length} cells, ${ROW_CELLS} are needed`);
  const beyond = beyondColumns(cells, ROW_CELLS);
  if (beyond !== null) return beyond;
  const [label, addressText, height, balance, message, signature1] = cells.map(present);
  if (label == null) return err('coin is missing');
  if (addressText == null) return err('address is missing');
  const printed = {
    label,
    addressText,
    // A quoted message keeps its blanks: they were signed.
    message: message == null ? null : (cells[4] as string),
    signature1: signature1 ?? null,
  };
  if (height == null && balance == null) {
    return claimLine === null
      ? err('height and balance are missing, and there is no row above that an owner could vouch for')
      : ok({ line, ...rowWith({ ...printed, amount: '0', rowType: OWNER_ROW, unstated: true }) });
  }
  const amount = readAmount('balance', cells[3]);
  return amount.ok ? ok({ line, ...rowWith({ ...printed, height: height ?? null, amount: amount.value }) }) : amount;
}

function readSummary(line: number, cells: readonly string[], totals: Map<string, number>): Result<SummaryLine> {
  const beyond = beyondColumns(cells, SUMMARY_CELLS);
  if (beyond !== null) return beyond;
  const label = present(cells[0]);
  if (label === null) return err('coin is missing');
  const amount = readAmount('balance', cells[2]);
  if (!amount.ok) return amount;
  const first = totals.get(label);
  if (first !== undefined) return err(`total of ${quote(label)} was given already in line ${first}`);
  totals.set(label, line);
  return ok({ line, label, height: present(cells[1]), amount: amount.value });
}
