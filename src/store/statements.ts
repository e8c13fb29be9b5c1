import type Database from 'better-sqlite3';
import { formatDecimal, parseDecimal } from '../domain/amount.ts';
import type { EntityId } from '../domain/ids.ts';
import type { Statement } from '../domain/liability.ts';
import { sha256Hex } from '../lib/hash.ts';
import { stringifyJson } from '../lib/json.ts';
import { write } from './connection.ts';
import type { Names } from './names.ts';

/** What entities state of their liabilities and of what is held elsewhere. */
export interface StatementTable {
  /**
   * Keeps a statement. The same again changes nothing; another figure from the same source for the same asset and as-of
   * supersedes the one before, which stays in the history.
   */
  addStatement(statement: Statement): void;
  /** The statements of a kind that nothing supersedes, newest as-of first. */
  statements(entity: EntityId, kind: Statement['kind']): readonly Statement[];
}

/** A statement's columns. */
export interface StatementRow extends Omit<Statement, 'amount'> {
  readonly amount: string | null;
}

/** The columns as StatementRow, for a query that joins `entity`. */
export const STATEMENT_COLUMNS = `statement.kind, entity.code AS entity, statement.asset, statement.amount,
  as_of_ms AS asOfMs, source, document_sha256 AS documentSha256, grade, binding, recorded_at_ms AS recordedAtMs`;

/** SHA-256 over what is stated: everything but when it was recorded. */
export const statementDigest = (row: StatementRow): string =>
  sha256Hex(
    stringifyJson([
      'statement',
      row.kind,
      row.entity,
      row.asset,
      row.amount,
      row.asOfMs,
      row.source,
      row.documentSha256,
      row.grade,
      row.binding,
    ]),
  );

export function createStatementTable(db: Database.Database, names: Names): StatementTable {
  const current = db.prepare<[number, string, string, number, string], { id: number; digest: string }>(
    `SELECT id, digest FROM statement WHERE entity = ? AND kind = ? AND asset = ? AND as_of_ms = ? AND source = ?
     ORDER BY id DESC LIMIT 1`,
  );
  const insert = db.prepare(
    `INSERT INTO statement (entity, kind, asset, amount, as_of_ms, source, document_sha256, grade, binding,
       recorded_at_ms, supersedes, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const list = db.prepare<[string, string], StatementRow>(
    `SELECT ${STATEMENT_COLUMNS} FROM statement JOIN entity ON entity.id = statement.entity
     WHERE entity.code = ? AND kind = ? AND statement.id NOT IN (
       SELECT supersedes FROM statement WHERE supersedes IS NOT NULL)
     ORDER BY as_of_ms DESC, recorded_at_ms DESC, statement.id DESC`,
  );
  return {
    addStatement: (statement) =>
      write(db, () => {
        const entity = names.entity(statement.entity);
        const row: StatementRow = { ...statement, amount: statement.amount && formatDecimal(statement.amount) };
        const { kind, asset, amount, asOfMs, source, documentSha256, grade, binding, recordedAtMs } = row;
        const before = current.get(entity, kind, asset, asOfMs, source);
        const digest = statementDigest(row);
        if (before?.digest === digest) return;
        const supersedes = before?.id ?? null;
        insert.run(
          entity,
          kind,
          asset,
          amount,
          asOfMs,
          source,
          documentSha256,
          grade,
          binding,
          recordedAtMs,
          supersedes,
          digest,
        );
      }),
    statements: (entity, kind) => list.all(entity, kind).map(toStatement),
  };
}

function toStatement(row: StatementRow): Statement {
  if (row.amount === null) return { ...row, amount: null };
  const amount = parseDecimal(row.amount);
  if (!amount.ok)
    throw new Error(`statement of ${row.entity} ${row.asset}: ${amount.error}; run \`reservewatch db check\``);
  return { ...row, amount: amount.value };
}
