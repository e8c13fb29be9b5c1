import type Database from 'better-sqlite3';
import { formatDecimal, parseDecimal } from '../domain/amount.ts';
import type { EntityId } from '../domain/ids.ts';
import type { Rounding, Statement } from '../domain/liability.ts';
import type { TimePrecision } from '../domain/time.ts';
import { sha256Hex } from '../lib/hash.ts';
import { stringifyJson } from '../lib/json.ts';
import { write } from './connection.ts';
import type { Names } from './names.ts';

/** What entities state of their liabilities and of what is held elsewhere. */
export interface StatementTable {
  /**
   * Keeps a statement. The same again changes nothing; another amount (or another percentage) from the same source for the same asset
   * and as-of supersedes the one before, which stays in the history.
   */
  addStatement(statement: Statement): void;
  /** The statements of a kind that nothing supersedes, newest as-of first. */
  statements(entity: EntityId, kind: Statement['kind']): readonly Statement[];
}

type Optional = 'published' | 'asOfText' | 'asOfPrecision' | 'scope' | 'auditor';

/** A statement's columns. */
export interface StatementRow extends Omit<Statement, 'amount' | Optional> {
  readonly amount: string | null;
  readonly percent: string | null;
  readonly rounding: Rounding | null;
  readonly asOfText: string | null;
  readonly asOfPrecision: TimePrecision | null;
  readonly scope: string | null;
  readonly auditor: string | null;
}

/** The columns as StatementRow, for a query that joins `entity`. */
export const STATEMENT_COLUMNS = `statement.kind, entity.code AS entity, statement.asset, statement.amount,
  as_of_ms AS asOfMs, source, document_sha256 AS documentSha256, grade, binding, percent, rounding,
  as_of_text AS asOfText, as_of_precision AS asOfPrecision, scope, auditor, recorded_at_ms AS recordedAtMs`;

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
      row.percent,
      row.rounding,
      row.asOfText,
      row.asOfPrecision,
      row.scope,
      row.auditor,
    ]),
  );

export function createStatementTable(db: Database.Database, names: Names): StatementTable {
  const current = db.prepare<[number, string, string, number, string, string | null], { id: number; digest: string }>(
    `SELECT id, digest FROM statement WHERE entity = ? AND kind = ? AND asset = ? AND as_of_ms = ? AND source = ?
     AND (amount IS NULL) = (? IS NULL) ORDER BY id DESC LIMIT 1`,
  );
  const insert = db.prepare(
    `INSERT INTO statement (entity, kind, asset, amount, as_of_ms, source, document_sha256, grade, binding, percent,
       rounding, as_of_text, as_of_precision, scope, auditor, recorded_at_ms, supersedes, digest)
     VALUES (@entityId, @kind, @asset, @amount, @asOfMs, @source, @documentSha256, @grade, @binding, @percent,
       @rounding, @asOfText, @asOfPrecision, @scope, @auditor, @recordedAtMs, @supersedes, @digest)`,
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
        const entityId = names.entity(statement.entity);
        const row = toRow(statement);
        const before = current.get(entityId, row.kind, row.asset, row.asOfMs, row.source, row.amount);
        const digest = statementDigest(row);
        if (before?.digest === digest) return;
        const { entity: _, ...columns } = row;
        insert.run({ ...columns, entityId, supersedes: before?.id ?? null, digest });
      }),
    statements: (entity, kind) => list.all(entity, kind).map(toStatement),
  };
}

function toRow({ published, amount, ...rest }: Statement): StatementRow {
  return {
    ...rest,
    amount: amount && formatDecimal(amount),
    percent: published?.text ?? null,
    rounding: published?.rounding ?? null,
    asOfText: rest.asOfText ?? null,
    asOfPrecision: rest.asOfPrecision ?? null,
    scope: rest.scope ?? null,
    auditor: rest.auditor ?? null,
  };
}

function toStatement(row: StatementRow): Statement {
  const { amount: amountText, percent, rounding, asOfText, asOfPrecision, scope, auditor, ...rest } = row;
  const amount = amountText === null ? null : parseDecimal(amountText);
  if (amount !== null && !amount.ok)
    throw new Error(`statement of ${row.entity} ${row.asset}: ${amount.error}; run \`reservewatch db check\``);
  return {
    ...rest,
    amount: amount === null ? null : amount.value,
    ...(percent === null || rounding === null ? {} : { published: { text: percent, rounding } }),
    ...(asOfText === null ? {} : { asOfText }),
    ...(asOfPrecision === null ? {} : { asOfPrecision }),
    ...(scope === null ? {} : { scope }),
    ...(auditor === null ? {} : { auditor }),
  };
}
