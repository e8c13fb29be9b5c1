import type Database from 'better-sqlite3';
import type { Attestation, IssuedBy } from '../domain/attestation.ts';
import type { EntityId, Sha256 } from '../domain/ids.ts';
import type { ReportImport } from '../seams.ts';
import { ARRIVAL_COLUMNS, ARRIVAL_JOIN, type ArrivedRow, arrivedOf, type SetTables } from './address-sets.ts';
import { write } from './connection.ts';
import { ISSUED_BY, type IssuerTable } from './issuers.ts';
import { createRootHasher } from './merkle.ts';
import type { Names } from './names.ts';
import { REPORT_CONTENT, ROW_COLUMNS, reportLeaf, rowValues } from './report-rows.ts';
import { createLedgerWriter } from './signature-ledger.ts';

/** Keeps published files, row by row. */
export interface ReportTables {
  importReport(report: ReportImport): 'stored' | 'known';
  /** Newest import first. */
  reports(entity?: EntityId): readonly Attestation[];
}

interface ReportRecord extends ArrivedRow {
  readonly sha256: Sha256;
  readonly name: string;
  readonly bytes: number;
  readonly format: string;
  readonly entity: EntityId;
  readonly issuedBy: IssuedBy;
  readonly asOfMs: number | null;
  readonly importedAtMs: number;
  readonly rows: number;
  readonly faults: number;
}

export function createReportTables(
  db: Database.Database,
  names: Names,
  issuers: Pick<IssuerTable, 'addIssuer'>,
  sets: Pick<SetTables, 'arrive'>,
): ReportTables {
  const find = db.prepare('SELECT 1 FROM report WHERE entity = ? AND sha256 = ?').pluck();
  const nextId = db.prepare('SELECT coalesce(max(id), 0) + 1 FROM report').pluck();
  const insertReport = db.prepare(
    `INSERT INTO report (id, entity, sha256, name, bytes, format, as_of_ms, imported_at_ms, rows, faults, content_root)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertRow = db.prepare(
    `INSERT INTO report_row (report, ${ROW_COLUMNS.join(', ')}) VALUES (?${', ?'.repeat(ROW_COLUMNS.length)})`,
  );
  const insertFault = db.prepare('INSERT INTO report_fault (report, seq, line, reason) VALUES (?, ?, ?, ?)');
  const insertSummary = db.prepare(
    'INSERT INTO report_summary (report, seq, line, label, height, amount) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const list = db.prepare<{ entity: string | null }, ReportRecord>(
    `SELECT sha256, name, bytes, format, entity.code AS entity, ${ISSUED_BY} AS issuedBy, as_of_ms AS asOfMs, imported_at_ms AS importedAtMs, rows,
       faults, ${ARRIVAL_COLUMNS} FROM report JOIN entity ON entity.id = report.entity ${ARRIVAL_JOIN} WHERE @entity IS NULL OR entity.code = @entity
     ORDER BY imported_at_ms DESC, report.id DESC`,
  );

  function store(report: ReportImport): 'stored' | 'known' {
    const entity = names.entity(report.entity);
    const { file } = report;
    if (find.get(entity, file.sha256)) return 'known';
    const id = nextId.get() as number;
    const content = createRootHasher();
    const ledger = createLedgerWriter(db);
    for (const [seq, { line, label, height, amount }] of report.summaries.entries()) {
      insertSummary.run(id, seq, line, label, height, amount);
      content.add(reportLeaf('summary', [seq, line, label, height, amount]));
    }
    for (const [seq, { line, reason }] of report.faults.entries()) {
      insertFault.run(id, seq, line, reason);
      content.add(reportLeaf('fault', [seq, line, reason]));
    }
    let rows = 0;
    for (const values of inLineOrder(report.rows)) {
      insertRow.run(id, ...values);
      content.add(reportLeaf('row', values));
      ledger.add(values);
      rows += 1;
    }
    const root = Buffer.from(content.root()).toString('hex');
    const { sha256, name, bytes, format } = file;
    const { asOfMs, importedAtMs, faults } = report;
    insertReport.run(id, entity, sha256, name, bytes, format, asOfMs, importedAtMs, rows, faults.length, root);
    ledger.finish({ id, entity, seenMs: asOfMs ?? importedAtMs });
    issuers.addIssuer(id, report.issuedBy ?? 'publisher', importedAtMs);
    sets.arrive(id, { entity: report.entity, sha256 }, { origin: report.origin ?? null }, report.judge ?? unjudged);
    return 'stored';
  }

  return {
    importReport: (report) => write(db, () => store(report)),
    reports: (entity) => list.all({ entity: entity ?? null }).map(toAttestation),
  };
}

const unjudged = () => ({ change: null, decision: null });

function toAttestation(record: ReportRecord): Attestation {
  const { sha256, name, bytes, format, entity, issuedBy, asOfMs, importedAtMs, rows, faults } = record;
  const file = { sha256, name, bytes, format };
  return { file, entity, issuedBy, asOfMs, importedAtMs, rows, faults, ...arrivedOf(record) };
}

/** The content root is taken over rows by line, as they can be read back. */
function* inLineOrder(rows: ReportImport['rows']): Generator<readonly (string | number | null)[]> {
  let last = 0;
  for (const { listed, verdict } of rows) {
    if (listed.row.line <= last) throw new Error(`report rows are not in file order: ${listed.row.line} after ${last}`);
    last = listed.row.line;
    yield rowValues(listed, verdict);
  }
}

/** The root over what is kept of a report, to be compared with the one that its import wrote. */
export function createContentRoot(
  db: Database.Database,
): (report: number) => { root: string; rows: number; faults: number } {
  const parts = REPORT_CONTENT.map(({ kind, sql }) => ({ kind, rows: db.prepare<[number], unknown[]>(sql).raw() }));
  return (report) => {
    const content = createRootHasher();
    const count: Record<string, number> = {};
    for (const { kind, rows } of parts) {
      for (const row of rows.iterate(report)) {
        content.add(reportLeaf(kind, row));
        count[kind] = (count[kind] ?? 0) + 1;
      }
    }
    const root = Buffer.from(content.root()).toString('hex');
    return { root, rows: count['row'] ?? 0, faults: count['fault'] ?? 0 };
  };
}
