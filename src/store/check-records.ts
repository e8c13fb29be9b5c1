import type Database from 'better-sqlite3';
import { checkSets } from './address-sets.ts';
import type { Report } from './check-structure.ts';
import { CLAIM_COLUMNS, type ClaimRecord, claimDigest } from './claims.ts';
import { issuerDigest } from './issuers.ts';
import { createContentRoot } from './reports.ts';
import { STATEMENT_COLUMNS, type StatementRow, statementDigest } from './statements.ts';
import { type VerdictRow, verdictDigest } from './verdicts.ts';

interface ReportRecord {
  readonly id: number;
  readonly sha256: string;
  readonly rows: number;
  readonly faults: number;
  readonly content_root: string;
}

/** Recomputes the digests of what is kept outside the polls: reports, verdicts, statements, messages. Gives the rows seen. */
export function checkRecords(db: Database.Database, report: Report): number {
  return (
    checkReports(db, report) +
    checkIssuers(db, report) +
    checkSets(db, report) +
    checkVerdicts(db, report) +
    checkStatements(db, report) +
    checkClaims(db, report) +
    checkOutbox(db, report)
  );
}

function checkReports(db: Database.Database, report: Report): number {
  const contentOf = createContentRoot(db);
  let seen = 0;
  for (const kept of db.prepare<[], ReportRecord>('SELECT id, sha256, rows, faults, content_root FROM report').all()) {
    const { root, rows, faults } = contentOf(kept.id);
    if (rows !== kept.rows) report(`report ${kept.sha256} was kept with ${kept.rows} rows, ${rows} are there`);
    if (faults !== kept.faults)
      report(`report ${kept.sha256} was kept with ${kept.faults} faults, ${faults} are there`);
    if (root !== kept.content_root) report(`report ${kept.sha256} is not as it was imported: its content root differs`);
    seen += 1 + rows + faults;
  }
  return seen;
}

function checkIssuers(db: Database.Database, report: Report): number {
  const rows = db
    .prepare<[], { sha256: string; entity: string; issuedBy: string; digest: string }>(
      `SELECT sha256, entity.code AS entity, issued_by AS issuedBy, digest FROM report_issuer
       JOIN report ON report.id = report_issuer.report JOIN entity ON entity.id = report.entity`,
    )
    .all();
  for (const { sha256, entity, issuedBy, digest } of rows)
    if (issuerDigest(sha256, entity, issuedBy) !== digest)
      report(`who issued report ${sha256} of ${entity} is not as it was kept`);
  return rows.length;
}

function checkVerdicts(db: Database.Database, report: Report): number {
  const rows = db.prepare<[], VerdictRow & { key: string; digest: string }>(
    'SELECT key, grade, scheme, reason, flags, digest FROM verdict',
  );
  let seen = 0;
  for (const row of rows.iterate()) {
    seen += 1;
    if (verdictDigest(row.key, row) !== row.digest) report(`verdict ${row.key} is not as it was kept`);
  }
  return seen;
}

function checkStatements(db: Database.Database, report: Report): number {
  const rows = db.prepare<[], StatementRow & { id: number; digest: string }>(
    `SELECT ${STATEMENT_COLUMNS}, statement.id, digest FROM statement JOIN entity ON entity.id = statement.entity`,
  );
  let seen = 0;
  for (const row of rows.iterate()) {
    seen += 1;
    if (statementDigest(row) !== row.digest) report(`statement ${row.id} of ${row.entity} is not as it was kept`);
  }
  return seen;
}

function checkClaims(db: Database.Database, report: Report): number {
  const rows = db.prepare<[], ClaimRecord & { id: number; digest: string }>(
    `SELECT ${CLAIM_COLUMNS}, claim.id, digest FROM claim JOIN entity ON entity.id = claim.entity`,
  );
  let seen = 0;
  for (const row of rows.iterate()) {
    seen += 1;
    if (claimDigest(row) !== row.digest) report(`claim ${row.id} of ${row.entity} is not as it was kept`);
  }
  return seen;
}

function checkOutbox(db: Database.Database, report: Report): number {
  const differing = db.prepare<[], { id: string }>(
    `SELECT outbox.id FROM outbox JOIN alert_event AS event ON event.id = outbox.event_id
     WHERE outbox.body <> event.body OR outbox.type <> event.type OR outbox.fingerprint <> event.fingerprint
       OR outbox.episode <> event.episode OR outbox.sequence <> event.sequence`,
  );
  for (const { id } of differing.all()) report(`message ${id} is not the event that it tells`);
  return db.prepare('SELECT count(*) FROM outbox').pluck().get() as number;
}
