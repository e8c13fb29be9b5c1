import type Database from 'better-sqlite3';
import { err, ok, type Result } from '../domain/result.ts';
import { stringifyJson } from '../lib/json.ts';
import { SCHEMA_1 } from './schema.ts';
import { SCHEMA_CLAIMS } from './schema-claims.ts';
import { SCHEMA_ISSUER } from './schema-issuer.ts';
import { addSetTables } from './schema-sets.ts';
import { addSignatureTables } from './signature-ledger.ts';

/** "rwch" in the header of the file: the mark of our databases (SQLite file format, offset 68). */
const APPLICATION_ID = 0x72776368;

/** One step from the schema before to this version. */
export interface Migration {
  readonly version: number;
  readonly up: (db: Database.Database) => void;
}

/** All steps, oldest first. A step that has shipped is never edited. */
export const MIGRATIONS: readonly Migration[] = [
  { version: 1, up: (db) => db.exec(SCHEMA_1) },
  { version: 2, up: (db) => db.exec(SCHEMA_ISSUER) },
  { version: 3, up: (db) => db.exec(SCHEMA_CLAIMS) },
  { version: 4, up: addSetTables },
  { version: 5, up: addSignatureTables },
];

/**
 * Brings the schema up to the newest version, each step whole or not at all (schema and user_version change in one
 * transaction). Refuses a database of newer code and one that is not ours; nothing is changed then.
 */
export function migrate(db: Database.Database, migrations: readonly Migration[] = MIGRATIONS): Result<number> {
  const newest = migrations.at(-1)?.version ?? 0;
  const strange = refuseStranger(db, newest);
  if (strange) return err(strange);
  for (const step of migrations) {
    if (step.version <= versionOf(db)) continue;
    db.transaction(() => {
      // Another process may have taken the step while this one waited for the write lock.
      if (step.version <= versionOf(db)) return;
      step.up(db);
      db.pragma(`application_id = ${APPLICATION_ID}`);
      db.pragma(`user_version = ${step.version}`);
    }).immediate();
  }
  return ok(versionOf(db));
}

/** The schema version that a database has; 0 is an empty one. */
export const versionOf = (db: Database.Database): number => db.pragma('user_version', { simple: true }) as number;

function refuseStranger(db: Database.Database, newest: number): string | null {
  const version = versionOf(db);
  const mark = db.pragma('application_id', { simple: true });
  const tables = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() as number;
  if (mark !== APPLICATION_ID && (mark !== 0 || version !== 0 || tables > 0)) {
    return 'is a SQLite database, but not one of reservewatch; name another file';
  }
  if (version > newest) {
    return `has schema ${version}, this reservewatch knows up to ${newest}; run the newer release that wrote it, or restore a backup made before`;
  }
  return null;
}

const SCHEMA = "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name";

/** Whether tables, indexes and triggers are those that the steps make: the triggers are what keeps the history as it was. */
export function hasOurSchema(db: Database.Database, fresh: Database.Database): boolean {
  const read = (of: Database.Database): string => stringifyJson(of.prepare(SCHEMA).all());
  return read(db) === read(fresh);
}
