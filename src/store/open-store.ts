import type { Result } from '../domain/result.ts';
import type { Clock, Store } from '../seams.ts';
import { type ConnectionOptions, openConnection } from './connection.ts';
import { createSqliteStore } from './sqlite-store.ts';

/** How to open a store; `mustExist` refuses a path without a file, for commands that only read. */
export interface StoreOptions extends ConnectionOptions {
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * Opens the database at a path, making and migrating it where needed, after checking the SQLite release, its settings and
 * its pages. An error is one sentence that names the file and what to do next.
 */
export function openStore(path: string, options: StoreOptions): Result<Store> {
  const connection = openConnection(path, options);
  if (!connection.ok) return connection;
  return { ok: true, value: createSqliteStore(connection.value, options.clock) };
}
