import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { quote } from '../domain/ids.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { hasOurSchema, MIGRATIONS, type Migration, migrate } from './migrations.ts';

/** Older releases can lose a committed WAL frame (the WAL-reset bug, fixed in 3.51.3). */
const OLDEST_SQLITE = '3.51.3';

/** How long a write waits for another process's write, in ms. */
const BUSY_TIMEOUT_MS = 5000;

const PRAGMAS = [
  { name: 'journal_mode', set: 'WAL', expect: 'wal' },
  // FULL: a commit that was acknowledged survives a power cut; WAL's own default here would be NORMAL.
  { name: 'synchronous', set: 'FULL', expect: 2 },
  { name: 'busy_timeout', set: `${BUSY_TIMEOUT_MS}`, expect: BUSY_TIMEOUT_MS },
  { name: 'foreign_keys', set: 'ON', expect: 1 },
  // Without it INSERT OR REPLACE would delete rows behind the back of the append-only triggers.
  { name: 'recursive_triggers', set: 'ON', expect: 1 },
  { name: 'trusted_schema', set: 'OFF', expect: 0 },
  { name: 'cell_size_check', set: 'ON', expect: 1 },
] as const;

/** How to open the database file. */
export interface ConnectionOptions {
  /** Refuse a file that does not exist, where making an empty one would hide a wrong path. */
  readonly mustExist?: boolean;
  readonly migrations?: readonly Migration[];
}

/**
 * Opens the file in WAL mode with full durability, migrates it, and checks its pages; an error is a sentence that names the
 * file and the remedy. Makes the file and its folder unless `mustExist`.
 */
export function openConnection(path: string, options: ConnectionOptions = {}): Result<Database.Database> {
  if (options.mustExist && !existsSync(path)) {
    return err(`database ${quote(path)} does not exist; check the path of the store in the config`);
  }
  let db: Database.Database | null = null;
  try {
    mkdirSync(dirname(path), { recursive: true });
    db = new Database(path, { timeout: BUSY_TIMEOUT_MS });
    const fault = prepareConnection(db, options.migrations ?? MIGRATIONS);
    if (fault === null) return ok(db);
    db.close();
    return err(`database ${quote(path)} ${fault}`);
  } catch (error) {
    db?.close();
    return err(`database ${quote(path)} cannot be opened: ${describeFault(error)}`);
  }
}

/** The release of the SQLite that would be used, or why its binding cannot be loaded or must not be used. */
export function sqliteVersion(): Result<string> {
  try {
    const db = new Database(':memory:');
    const version = db.prepare('SELECT sqlite_version()').pluck().get() as string;
    db.close();
    return isOlder(version, OLDEST_SQLITE) ? err(`SQLite ${version} can lose commits`) : ok(version);
  } catch (error) {
    return err(`better-sqlite3 cannot be loaded: ${describeFault(error)}`);
  }
}

function prepareConnection(db: Database.Database, migrations: readonly Migration[]): string | null {
  const version = db.prepare('SELECT sqlite_version()').pluck().get() as string;
  if (isOlder(version, OLDEST_SQLITE)) {
    return `would be opened with SQLite ${version}, which can lose commits; reinstall better-sqlite3 with SQLite ${OLDEST_SQLITE} or newer`;
  }
  for (const { name, set, expect } of PRAGMAS) {
    db.pragma(`${name} = ${set}`);
    const value = db.pragma(name, { simple: true });
    if (value !== expect) return `does not take PRAGMA ${name} = ${set} (it stays ${value}); keep it on a local disk`;
  }
  const migrated = migrate(db, migrations);
  if (!migrated.ok) return migrated.error;
  const health = isAsMigrated(db, migrations)
    ? db.pragma('quick_check(1)', { simple: true })
    : 'its schema was changed';
  return health === 'ok' ? null : `is damaged (${health}); restore the last backup and keep this file for inspection`;
}

function isAsMigrated(db: Database.Database, migrations: readonly Migration[]): boolean {
  const fresh = new Database(':memory:');
  try {
    return migrate(fresh, migrations).ok && hasOurSchema(db, fresh);
  } finally {
    fresh.close();
  }
}

/** Whether a dotted version is older than another, number by number. */
export function isOlder(version: string, than: string): boolean {
  const theirs = than.split('.').map((part) => Number.parseInt(part, 10));
  const ours = version.split('.').map((part) => Number.parseInt(part, 10));
  const at = theirs.findIndex((part, index) => part !== (ours[index] ?? 0));
  return at >= 0 && (ours[at] ?? 0) < (theirs[at] as number);
}

const REMEDIES: readonly (readonly [prefix: string, remedy: string])[] = [
  ['SQLITE_FULL', 'the disk is full; free space, nothing was stored half'],
  ['SQLITE_IOERR', 'the disk refused to read or write; check space and health, nothing was stored half'],
  ['SQLITE_BUSY', `another process held the database for more than ${BUSY_TIMEOUT_MS / 1000} s; try again`],
  ['SQLITE_CORRUPT', 'the file is damaged; restore the last backup and keep this file for inspection'],
  ['SQLITE_NOTADB', 'the file is not a SQLite database; name another file, or restore a backup'],
  ['SQLITE_CANTOPEN', 'the file or its folder cannot be opened; check the path and its permissions'],
  ['SQLITE_READONLY', 'the file or its folder is read-only; check its permissions'],
];

/** What went wrong in SQLite or the file system, with the remedy where there is a known one. */
export function describeFault(error: unknown): string {
  const code = String((error as { code?: unknown }).code ?? '');
  const remedy = REMEDIES.find(([prefix]) => code.startsWith(prefix))?.[1];
  const message = error instanceof Error ? error.message : String(error);
  return remedy === undefined ? message : `${remedy} (${code})`;
}

/** Whether an error of opening says that the file is damaged, rather than missing, foreign or of newer code. */
export const isDamage = (error: string): boolean => error.includes(' is damaged');

/** A write that SQLite refused for a reason outside the program: the whole transaction was rolled back. */
export class StoreFault extends Error {
  readonly code: string;

  constructor(error: Error & { code: string }) {
    super(`store: ${describeFault(error)}`, { cause: error });
    this.code = error.code;
  }
}

const OUTSIDE = ['SQLITE_FULL', 'SQLITE_IOERR', 'SQLITE_BUSY', 'SQLITE_CORRUPT', 'SQLITE_READONLY', 'SQLITE_CANTOPEN'];

/** Runs a write as one transaction that holds the write lock from its start; a full or failing disk throws a StoreFault. */
export function write<T>(db: Database.Database, body: () => T): T {
  try {
    return db.transaction(body).immediate();
  } catch (error) {
    if (error instanceof Database.SqliteError && OUTSIDE.some((code) => error.code.startsWith(code))) {
      throw new StoreFault(error);
    }
    throw error;
  }
}
