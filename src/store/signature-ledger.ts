import type Database from 'better-sqlite3';
import { type Decimal, formatDecimal, parseDecimal } from '../domain/amount.ts';
import type { AssetCode } from '../domain/ids.ts';
import type { Grade, OwnershipFlag } from '../domain/ownership.ts';
import { createTrustSums } from '../domain/trust.ts';
import { addressName, signatureName } from '../lib/signature-key.ts';
import { Decoder } from './codec.ts';
import { ROW_COLUMNS } from './report-rows.ts';
import { SCHEMA_SIGNATURES } from './schema-signatures.ts';

/** What the ledger needs of a kept row, in this order. */
const COLUMNS = [
  'label',
  'row_type',
  'address_text',
  'amount',
  'message',
  'signature1',
  'signature2',
  'asset',
  'address',
  'grade',
  'flags',
] as const satisfies readonly (typeof ROW_COLUMNS)[number][];

/** The values of COLUMNS: none of them is a number. */
type LedgerRow = readonly (string | null)[];

/** A report whose rows are entered. */
export interface LedgerReport {
  readonly id: number;
  readonly entity: number;
  /** Its as-of, or else when it was imported, ms since 1970. */
  readonly seenMs: number;
}

/** Enters the rows of one report after another; nothing of a report is in the tables before `finish`. */
export interface LedgerWriter {
  /** Values of a row in the order of ROW_COLUMNS. */
  add(values: readonly (string | number | null)[]): void;
  /** To be called once the report itself is stored. */
  finish(report: LedgerReport): void;
}

const PLACES = COLUMNS.map((column) => ROW_COLUMNS.indexOf(column));

/** Makes a writer to the tables of that prefix. Rows wait in a temporary table, so that a report of any length costs no memory. */
export function createLedgerWriter(
  db: Database.Database,
  prefix = '',
): LedgerWriter & { addKept(row: LedgerRow): void } {
  db.exec(
    `CREATE TEMP TABLE IF NOT EXISTS row_signature (name BLOB NOT NULL, address BLOB NOT NULL, sum INTEGER NOT NULL) STRICT;
     CREATE TEMP TABLE IF NOT EXISTS row_entry (signature INTEGER NOT NULL, address BLOB NOT NULL, sum INTEGER NOT NULL) STRICT`,
  );
  const park = db.prepare('INSERT INTO temp.row_signature (name, address, sum) VALUES (?, ?, ?)');
  const enter = entryStatements(db, prefix);
  let sums = createTrustSums();
  const clear = (): void => {
    db.exec('DELETE FROM temp.row_signature; DELETE FROM temp.row_entry');
    sums = createTrustSums();
  };
  clear();
  function addKept(row: LedgerRow): void {
    const [label, rowType, addressText, amount, message, signature1, signature2, asset, address, grade, flags] = row;
    const sum = sums.add(
      {
        label: label as string,
        rowType: rowType ?? null,
        addressText: addressText as string,
        message: message ?? null,
      },
      (asset ?? null) as AssetCode | null,
      { grade: grade as Grade, flags: flagsIn(flags as string) },
      decimalIn(amount as string),
    );
    for (const signature of [signature1, signature2]) {
      const name = typeof signature === 'string' ? signatureName(signature) : null;
      if (name !== null) park.run(name, addressName(address ?? (addressText as string)), sum);
    }
  }
  return {
    add: (values) => addKept(PLACES.map((place) => values[place] as string | null)),
    addKept,
    finish(report) {
      for (const [seq, sum] of sums.sums().entries()) {
        const { label, asset, grade, proven, signed, dated, named, rows, messageDate } = sum;
        const kinds = [proven, signed, dated, named].map(Number);
        enter.sum.run(report.id, seq, label, asset, grade, ...kinds, rows, formatDecimal(sum.sum), messageDate);
      }
      enter.signatures.run(report);
      enter.entries.run(report);
      enter.addresses.run(report);
      enter.uses.run(report);
      clear();
    },
  };
}

/** When a report was seen: its as-of, or else its import. */
export const SEEN_MS = 'coalesce(as_of_ms, imported_at_ms)';

function entryStatements(
  db: Database.Database,
  prefix: string,
): Record<'sum' | 'signatures' | 'entries' | 'addresses' | 'uses', Database.Statement> {
  const seen = (column: string): string => `(SELECT ${SEEN_MS} FROM main.report WHERE report.id = ${column})`;
  return {
    sum: db.prepare(`INSERT INTO ${prefix}trust_sum VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    signatures: db.prepare(
      `INSERT INTO ${prefix}signature (entity, name, first_report, newest_report, reports)
       SELECT @entity, name, @id, @id, 1 FROM temp.row_signature WHERE true GROUP BY name
       ON CONFLICT (name, entity) DO UPDATE SET reports = reports + 1,
         first_report = CASE WHEN @seenMs < ${seen('first_report')} THEN @id ELSE first_report END,
         newest_report = CASE WHEN @seenMs >= ${seen('newest_report')} THEN @id ELSE newest_report END`,
    ),
    entries: db.prepare(
      `INSERT INTO temp.row_entry SELECT signature.id, row.address, row.sum FROM temp.row_signature AS row
       JOIN ${prefix}signature AS signature ON signature.name = row.name AND signature.entity = @entity`,
    ),
    addresses: db.prepare(
      `INSERT INTO ${prefix}signature_address SELECT signature, address, @id FROM temp.row_entry WHERE true
       ORDER BY signature, address
       ON CONFLICT (signature, address) DO UPDATE SET first_report = @id WHERE @seenMs < ${seen('first_report')}`,
    ),
    uses: db.prepare(
      `INSERT INTO ${prefix}signature_use SELECT @id, sum, signature FROM temp.row_entry WHERE true
       ORDER BY sum, signature ON CONFLICT DO NOTHING`,
    ),
  };
}

const KEPT_TEXTS = 1000;
const knownFlags = new Map<string, readonly OwnershipFlag[]>();

/** A row's flags; a file has few distinct lists of them. */
function flagsIn(text: string): readonly OwnershipFlag[] {
  let flags = knownFlags.get(text);
  if (flags === undefined) {
    flags = Decoder.of(text, 'flags').list((flag) => flag.text<OwnershipFlag>());
    if (knownFlags.size >= KEPT_TEXTS) knownFlags.clear();
    knownFlags.set(text, flags);
  }
  return flags;
}

/** What a kept row claims: an empty amount is none. */
function decimalIn(text: string): Decimal {
  const amount = parseDecimal(text === '' ? '0' : text);
  if (!amount.ok) throw new Error(`a kept row: ${amount.error}; run \`reservewatch db check\``);
  return amount.value;
}

const ROWS_AT_ONCE = 1000;

/** Enters every kept report from its rows, in the order of the imports: for the migration, and for the check into tables of its own. */
export function enterKeptReports(db: Database.Database, prefix = ''): void {
  const writer = createLedgerWriter(db, prefix);
  const rows = db
    .prepare<[number, number], unknown[]>(
      `SELECT ${COLUMNS.join(', ')}, line FROM main.report_row WHERE report = ? AND line > ? ORDER BY line LIMIT ${ROWS_AT_ONCE}`,
    )
    .raw();
  const reports = db.prepare<[], LedgerReport>(`SELECT id, entity, ${SEEN_MS} AS seenMs FROM main.report ORDER BY id`);
  for (const report of reports.all()) {
    for (let line = 0, some = rows.all(report.id, line); some.length > 0; some = rows.all(report.id, line)) {
      for (const row of some) writer.addKept(row as LedgerRow);
      line = some.at(-1)?.at(-1) as number;
    }
    writer.finish(report);
  }
}

/** The step that adds the ledger and fills it from the reports that are kept already. */
export function addSignatureTables(db: Database.Database): void {
  db.exec(SCHEMA_SIGNATURES);
  enterKeptReports(db);
}
