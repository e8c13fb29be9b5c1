import type Database from 'better-sqlite3';

/** Collects what is wrong, each as one sentence. */
export type Report = (fault: string) => void;

/** SQLite's own checks: pages, indexes, constraints, references. */
export function checkStructure(db: Database.Database, report: Report): void {
  for (const line of db.prepare('PRAGMA integrity_check').pluck().all() as string[]) {
    if (line !== 'ok') report(`SQLite: ${line}`);
  }
  for (const row of db.prepare('PRAGMA foreign_key_check').all() as { table: string; parent: string }[]) {
    report(`a row of ${row.table} names a row of ${row.parent} that does not exist`);
  }
}
