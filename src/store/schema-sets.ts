import { createHash } from 'node:crypto';
import type Database from 'better-sqlite3';
import { sha256Hex } from '../lib/hash.ts';
import { stringifyJson } from '../lib/json.ts';

/**
 * What a list's arrival says: the version of its set of cells, where it was fetched from, and how the set differed from that of the
 * list then in use; and what was decided of lists. A list without a decision is approved; of several the newest holds.
 * digest: SHA-256 over the report, its entity and the columns before it.
 */
const TABLES = `
CREATE TABLE report_arrival (
  report INTEGER PRIMARY KEY REFERENCES report, set_version INTEGER NOT NULL,
  set_hash TEXT NOT NULL CHECK (length(set_hash) = 64), cells INTEGER NOT NULL, origin TEXT, change TEXT, digest TEXT NOT NULL
) STRICT;
CREATE TABLE report_decision (
  id INTEGER PRIMARY KEY, report INTEGER NOT NULL REFERENCES report,
  state TEXT NOT NULL CHECK (state IN ('approved', 'waiting', 'rejected')),
  decided_by TEXT NOT NULL, at_ms INTEGER NOT NULL, note TEXT, digest TEXT NOT NULL
) STRICT;
CREATE INDEX report_decision_of ON report_decision (report, id);

${['report_arrival', 'report_decision']
  .flatMap((table) =>
    ['UPDATE', 'DELETE'].map(
      (change) => `CREATE TRIGGER ${table}_no_${change.toLowerCase()} BEFORE ${change} ON ${table}
   BEGIN SELECT RAISE(ABORT, '${table} is append-only: correct it with a new row'); END;`,
    ),
  )
  .join('\n')}
`;

/** The cells that a kept list asks to be read, in the order in which its set is hashed. */
const CELLS = `SELECT DISTINCT caip19, address FROM report_row WHERE report = ?
  AND NOT (row_type IS 'owner' AND amount IN ('', '0')) AND row_type IS NOT 'unspendable'
  AND chain IS NOT NULL AND caip19 IS NOT NULL AND asset IS NOT NULL AND address IS NOT NULL ORDER BY caip19, address`;

/** The columns of an arrival. */
export interface ArrivalRow {
  readonly version: number;
  readonly hash: string;
  readonly cells: number;
  readonly origin: string | null;
  readonly change: string | null;
}

/** The hash of a kept report's set and how many cells it has. */
export function createSetHash(db: Database.Database): (report: number) => Pick<ArrivalRow, 'hash' | 'cells'> {
  const cells = db.prepare<[number], { readonly caip19: string; readonly address: string }>(CELLS);
  return (report) => {
    const hash = createHash('sha256');
    let count = 0;
    for (const { caip19, address } of cells.iterate(report)) {
      hash.update(`${caip19} ${address}\n`);
      count += 1;
    }
    return { hash: hash.digest('hex'), cells: count };
  };
}

/** What tells one report from another in a digest. */
export interface ReportName {
  readonly entity: string;
  readonly sha256: string;
}

/** The digest of an arrival. */
export const arrivalDigest = ({ entity, sha256 }: ReportName, row: ArrivalRow): string =>
  sha256Hex(stringifyJson(['arrival', entity, sha256, row.version, row.hash, row.cells, row.origin, row.change]));

/** Writes the arrival of a kept report. */
export function createArrivals(db: Database.Database): (report: number, name: ReportName, row: ArrivalRow) => void {
  const insert = db.prepare(
    'INSERT INTO report_arrival (report, set_version, set_hash, cells, origin, change, digest) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  return (report, name, row) => {
    const { version, hash, cells, origin, change } = row;
    insert.run(report, version, hash, cells, origin, change, arrivalDigest(name, row));
  };
}

/** The set that a kept report has: its version is that of the same set before, else the next one of its entity. */
export function createSetVersion(
  db: Database.Database,
): (report: number, entity: string) => Pick<ArrivalRow, 'version' | 'hash' | 'cells'> {
  const hashOf = createSetHash(db);
  const of = `FROM report_arrival JOIN report ON report.id = report_arrival.report JOIN entity ON entity.id = report.entity
    WHERE entity.code = ?`;
  const known = db.prepare<[string, string], number>(`SELECT set_version ${of} AND set_hash = ? LIMIT 1`).pluck();
  const last = db.prepare<[string], number>(`SELECT coalesce(max(set_version), 0) ${of}`).pluck();
  return (report, entity) => {
    const { hash, cells } = hashOf(report);
    return { version: known.get(entity, hash) ?? (last.get(entity) as number) + 1, hash, cells };
  };
}

/** Makes the tables and numbers the sets of the lists that are kept already. */
export function addSetTables(db: Database.Database): void {
  db.exec(TABLES);
  const versionOf = createSetVersion(db);
  const arrive = createArrivals(db);
  const kept = db.prepare<[], ReportName & { readonly id: number }>(
    'SELECT report.id, sha256, entity.code AS entity FROM report JOIN entity ON entity.id = report.entity ORDER BY report.id',
  );
  for (const { id, ...name } of kept.all())
    arrive(id, name, { ...versionOf(id, name.entity), origin: null, change: null });
}
