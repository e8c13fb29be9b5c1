import type Database from 'better-sqlite3';
import type { IssuedBy } from '../domain/attestation.ts';
import type { EntityId, Sha256 } from '../domain/ids.ts';
import { sha256Hex } from '../lib/hash.ts';
import { stringifyJson } from '../lib/json.ts';
import { write } from './connection.ts';

/** Who issued each kept list. */
export interface IssuerTable {
  /** Records who issued a kept list; the same again changes nothing, another word supersedes the one before. */
  recordIssuer(report: Sha256, entity: EntityId, issuedBy: IssuedBy, atMs: number): void;
  /** The same inside the transaction that imports the list, by the list's id. */
  addIssuer(report: number, issuedBy: IssuedBy, atMs: number): void;
}

/** Who issued the list of `report.id`, as an SQL expression: the newest record, else its publisher. */
export const ISSUED_BY = `coalesce((SELECT issued_by FROM report_issuer WHERE report_issuer.report = report.id
  ORDER BY report_issuer.id DESC LIMIT 1), 'publisher')`;

/** SHA-256 over what is recorded: everything but when. */
export const issuerDigest = (sha256: string, entity: string, issuedBy: string): string =>
  sha256Hex(stringifyJson(['report_issuer', sha256, entity, issuedBy]));

export function createIssuerTable(db: Database.Database): IssuerTable {
  const find = db
    .prepare<[string, string], number>(
      'SELECT report.id FROM report JOIN entity ON entity.id = report.entity WHERE sha256 = ? AND entity.code = ?',
    )
    .pluck();
  const now = db.prepare<[number], { sha256: string; entity: string; issuedBy: IssuedBy }>(
    `SELECT sha256, entity.code AS entity, ${ISSUED_BY} AS issuedBy FROM report JOIN entity ON entity.id = report.entity
     WHERE report.id = ?`,
  );
  const insert = db.prepare(
    'INSERT INTO report_issuer (report, issued_by, recorded_at_ms, digest) VALUES (?, ?, ?, ?)',
  );
  const addIssuer: IssuerTable['addIssuer'] = (report, issuedBy, atMs) => {
    const kept = now.get(report);
    if (kept === undefined || kept.issuedBy === issuedBy) return;
    insert.run(report, issuedBy, atMs, issuerDigest(kept.sha256, kept.entity, issuedBy));
  };
  return {
    addIssuer,
    recordIssuer: (report, entity, issuedBy, atMs) =>
      write(db, () => {
        const id = find.get(report, entity);
        if (id === undefined) throw new Error(`no report ${report} of ${entity} is kept`);
        addIssuer(id, issuedBy, atMs);
      }),
  };
}
