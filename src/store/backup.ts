import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { quote } from '../domain/ids.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { checkStructure } from './check-structure.ts';
import { describeFault } from './connection.ts';

/**
 * Copies the database as of one moment to a new file, while others go on writing. The copy is one self-contained file; it
 * gets its name only after it was reopened, checked, found to end with a header of ours, and forced to disk.
 */
export async function backupStore(db: Database.Database, path: string): Promise<Result<void>> {
  if (existsSync(path)) return err(`${quote(path)} exists already, and a backup overwrites nothing; name a new file`);
  const partial = `${path}.${process.pid}.partial`;
  try {
    rmSync(partial, { force: true });
    await db.backup(partial);
    const fault = examineCopy(db, partial);
    if (fault !== null) return err(`the copy was discarded: ${fault}`);
    flush(partial);
    renameSync(partial, path);
    flush(dirname(path));
    return ok(undefined);
  } catch (error) {
    return err(`${quote(path)} cannot be written: ${describeFault(error)}`);
  } finally {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${partial}${suffix}`, { force: true });
  }
}

const HEAD = 'SELECT poll, hash FROM header ORDER BY poll DESC LIMIT 1';

function examineCopy(source: Database.Database, path: string): string | null {
  const copy = new Database(path, { fileMustExist: true });
  try {
    copy.pragma('journal_mode = DELETE');
    copy.prepare('DELETE FROM poller').run();
    const faults: string[] = [];
    checkStructure(copy, (fault) => faults.push(fault));
    if (faults.length > 0) return faults.join('; ');
    const head = copy.prepare<[], { poll: number; hash: string }>(HEAD).get();
    const ours = head && source.prepare('SELECT hash FROM header WHERE poll = ?').pluck().get(head.poll);
    return head && ours !== head.hash ? `its last poll ${head.poll} is not ours` : null;
  } finally {
    copy.close();
  }
}

function flush(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
