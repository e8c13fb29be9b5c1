import Papa from 'papaparse';
import { err, ok, type Result } from '../domain/result.ts';

/** A CSV file with one header line, cells trimmed: `line` is the physical line on which a record begins, 1-based. */
export interface CsvTable {
  readonly head: readonly string[];
  readonly records: readonly { readonly line: number; readonly cells: readonly string[] }[];
}

/**
 * Reads a whole small RFC 4180 file: quoted cells, doubled quotes, line ends inside quotes. Blank lines are passed over. An
 * error where the quotes do not match up, as everything after would be something else.
 */
export function parseCsvTable(bytes: string): Result<CsvTable> {
  const text = bytes.replace(/\r\n?/g, '\n');
  const records: { line: number; cells: readonly string[] }[] = [];
  let from = 0;
  let line = 1;
  let broken: string | null = null;
  Papa.parse<string[]>(text, {
    delimiter: ',',
    newline: '\n',
    step({ data, errors, meta }) {
      const [error] = errors;
      if (error !== undefined) broken ??= `line ${line}: ${error.message}`;
      const cells = data.map((cell) => cell.trim());
      if (cells.some((cell) => cell !== '')) records.push({ line, cells });
      line += text.slice(from, meta.cursor).split('\n').length - 1;
      from = meta.cursor;
    },
  });
  if (broken !== null) return err(broken);
  const [head, ...rest] = records;
  return head === undefined ? err('the file is empty') : ok({ head: head.cells, records: rest });
}
