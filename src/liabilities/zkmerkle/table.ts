import { quote } from '../../domain/ids.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import { splitCells } from '../../lib/csv-cells.ts';
import { isArray } from '../../lib/json.ts';
import { parseJsonQuick } from '../../lib/json-quick.ts';
import type { PhysicalLine } from '../../lib/lines.ts';
import { MAX_PROOF_BYTES } from '../bn254/groth16.ts';
import { bytesFromBase64, wordFromBase64 } from '../bn254/scalar.ts';
import type { LiabilityFile } from '../types.ts';

/** One batch of accounts: a row of `proof.csv`. Hashes are 256-bit numbers, not yet known to be canonical. */
export interface BatchRow {
  readonly line: number;
  readonly batch: number;
  readonly proof: Buffer;
  /** Commitments to the list of assets before and after the batch. */
  readonly before: bigint;
  readonly after: bigint;
  /** One root of the finished tree, or the roots before and after the batch. */
  readonly roots: readonly bigint[];
  /** The proof's public input. */
  readonly commitment: bigint;
  /** Positions of the batch's first and last account, in tables that have them. */
  readonly first: number | null;
  readonly last: number | null;
}

/** Batches in the order of their numbers; every row has the same number of roots. */
export interface ProofTable {
  readonly rows: readonly BatchRow[];
  readonly layout: 'one-root' | 'two-roots';
}

/** Rows that are read; with 864 accounts each, 113 million accounts. */
export const MAX_ROWS = 1 << 17;
/** The most bytes of a table: nothing of the family is larger, and what is larger is not read at all. */
export const MAX_TABLE_BYTES = 256 << 20;
const MAX_LINE = 8192;
const COLUMNS = [
  'batch_number',
  'proof_info',
  'cex_asset_list_commitments',
  'account_tree_roots',
  'batch_commitment',
] as const;
const INDEX_COLUMNS = ['min_account_index', 'max_account_index'] as const;
type Column = (typeof COLUMNS)[number] | (typeof INDEX_COLUMNS)[number];
type Places = ReadonlyMap<string, number>;

/** Reads a table of batch proofs; an error names line and column. Columns that the format does not use are not looked at. */
export async function readTable(file: LiabilityFile): Promise<Result<ProofTable>> {
  if (file.bytes > MAX_TABLE_BYTES) return err('larger than such tables are');
  const rows: BatchRow[] = [];
  let places: Places | null = null;
  for await (const lines of file.readLines())
    for (const line of lines) {
      if (line.fault === undefined && line.text.trim() === '') continue;
      const cells = cellsOf(line);
      if (!cells.ok) return cells;
      if (places === null) {
        const header = readHeader(cells.value);
        if (!header.ok) return header;
        places = header.value;
        continue;
      }
      const row = readRow(cells.value, places, line.line);
      if (!row.ok) return err(`line ${line.line}, ${row.error}`);
      if (rows.length === MAX_ROWS) return err(`more than ${MAX_ROWS} batches`);
      rows.push(row.value);
    }
  if (rows.length === 0) return err('no batch');
  const roots = rows[0]!.roots.length;
  const odd = rows.find((row) => row.roots.length !== roots);
  if (odd !== undefined) return err(`line ${odd.line}, account_tree_roots: another number of roots than in other rows`);
  const layout = roots === 1 ? 'one-root' : 'two-roots';
  if (layout === 'one-root' && !INDEX_COLUMNS.every((column) => places?.has(column)))
    return err('one root a batch, but no columns min_account_index and max_account_index');
  return ok({ rows: rows.sort((a, b) => a.batch - b.batch), layout });
}

/** The cells of one line of a table; an error names the line. */
export function cellsOf({ line, text, fault }: PhysicalLine): Result<string[]> {
  if (fault !== undefined) return err(`line ${line}: ${fault}`);
  if (text.length > MAX_LINE) return err(`line ${line}: longer than such lines are`);
  const cells = splitCells(text);
  return cells.ok ? cells : err(`line ${line}: ${cells.error}`);
}

/** Where each column stands; an error names what is missing. */
export function readHeader(cells: readonly string[]): Result<Places> {
  const places = new Map(cells.map((name, place) => [name, place]));
  const missing = COLUMNS.find((column) => !places.has(column));
  if (missing !== undefined) return err(`no column ${missing} in the header`);
  return places.size === cells.length ? ok(places) : err('a column name stands twice in the header');
}

/** One batch; an error names the column. */
export function readRow(cells: readonly string[], places: Places, line: number): Result<BatchRow> {
  const cell = (column: Column): string => cells[places.get(column) ?? -1] ?? '';
  const bad = (column: Column, what: string) => err(`${column}: ${quote(cell(column))} is not ${what}`);
  const batch = countOf(cell('batch_number'));
  if (batch === null) return bad('batch_number', 'a number');
  const proof = bytesFromBase64(cell('proof_info'), MAX_PROOF_BYTES);
  if (proof === null) return bad('proof_info', 'a proof in base64');
  const commitments = wordsOf(cell('cex_asset_list_commitments'));
  if (commitments?.length !== 2) return bad('cex_asset_list_commitments', 'a list of two hashes in base64');
  const roots = wordsOf(cell('account_tree_roots'));
  if (roots?.length !== 1 && roots?.length !== 2) return bad('account_tree_roots', 'a list of one or two hashes');
  const commitment = wordFromBase64(cell('batch_commitment'));
  if (commitment === null) return bad('batch_commitment', 'a hash in base64');
  const [first, last] = INDEX_COLUMNS.map((column) => (places.has(column) ? countOf(cell(column)) : null));
  for (const [i, column] of INDEX_COLUMNS.entries())
    if (places.has(column) && [first, last][i] === null) return bad(column, 'a position');
  const [before, after] = commitments as [bigint, bigint];
  return ok({ ...{ line, batch, proof, before, after, roots, commitment }, first: first ?? null, last: last ?? null });
}

const countOf = (text: string): number | null => (/^(?:0|[1-9]\d{0,8})$/.test(text) ? Number(text) : null);

/** A JSON list of hashes in base64. */
function wordsOf(text: string): readonly bigint[] | null {
  const json = parseJsonQuick(text);
  if (!json.ok || !isArray(json.value)) return null;
  const words = json.value.map(wordFromBase64);
  return words.every((word) => word !== null) ? words : null;
}
