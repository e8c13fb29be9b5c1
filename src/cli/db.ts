import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { quote } from '../domain/ids.ts';
import type { Store, StoreCheck, StoreStats } from '../seams.ts';
import { isDamage } from '../store/connection.ts';
import { type CliContext, EXIT } from './context.ts';
import { fail, printJson, tableText, write } from './output.ts';

interface Flags {
  readonly db?: string;
  readonly json?: boolean;
}

/** `db check`, `db backup <path>`, `db migrate` and `db stats`. */
export function register(program: Command, context: CliContext): void {
  const db = program.command('db').description('look after the database');
  const add = (name: string, description: string): Command =>
    db
      .command(name)
      .description(description)
      .option('--db <path>', "database (default: the config's)")
      .option('--json', 'print {schema, data, warnings} instead of text');
  add('check', 'check structure, digests, rollups and the chain of roots; exit 3 where anything differs').action(
    (flags: Flags) => withStore(context, flags, (store) => runCheck(context, flags, store)),
  );
  add('backup', 'copy the database to a new file while it is in use, and check the copy')
    .argument('<path>', 'where the copy goes; nothing is overwritten')
    .action((path: string, flags: Flags) =>
      withStore(context, flags, (store) => runBackup(context, flags, store, path)),
    );
  add('migrate', 'bring the schema up to date (every command that opens the database does)').action((flags: Flags) =>
    withStore(context, flags, (store) => runMigrate(context, flags, store)),
  );
  add('stats', 'say how large the history is').action((flags: Flags) =>
    withStore(context, flags, (store) => runStats(context, flags, store)),
  );
}

async function withStore(context: CliContext, flags: Flags, run: (store: Store) => Promise<void>): Promise<void> {
  // A mistyped path must not become a new database that checks clean.
  if (flags.db !== undefined && !(await isFile(flags.db))) {
    return fail(context, EXIT.usage, `--db: there is no database at ${quote(flags.db)}; check the path`);
  }
  const opened = await context.openStore(flags.db ?? null, { mustExist: true });
  if (!opened.ok) return fail(context, isDamage(opened.error) ? EXIT.bad : EXIT.usage, opened.error);
  try {
    await run(opened.value.store);
  } finally {
    opened.value.store.close();
  }
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );

async function runCheck(context: CliContext, flags: Flags, store: Store): Promise<void> {
  const found = store.check();
  if (flags.json) await printJson(context, 'reservewatch.db-check/1', { ...found, clean: found.faults.length === 0 });
  else await write(context.stdout, checkText(found));
  if (found.faults.length > 0) {
    await fail(context, EXIT.bad, 'the database is not as it was written; restore a backup, and keep this file');
  }
}

const checkText = ({ polls, rows, faults }: StoreCheck): string =>
  faults.length === 0
    ? `clean: ${polls} polls, ${rows} rows, every rollup and root as its rows say\n`
    : `${faults.length} faults in ${polls} polls, ${rows} rows:\n${faults.map((fault) => `- ${fault}\n`).join('')}`;

async function runBackup(context: CliContext, flags: Flags, store: Store, path: string): Promise<void> {
  const done = await store.backup(path);
  if (!done.ok) return fail(context, EXIT.usage, done.error);
  const { size } = await stat(path);
  const head = store.stats().head;
  if (flags.json) return printJson(context, 'reservewatch.db-backup/1', { path, bytes: size, head });
  const last = head ? `up to poll ${head.poll}, head ${head.hash}` : 'before its first poll';
  return write(context.stdout, `${path}: ${size} bytes, checked, ${last}\n`);
}

async function runMigrate(context: CliContext, flags: Flags, store: Store): Promise<void> {
  const { schema } = store.stats();
  if (flags.json) return printJson(context, 'reservewatch.db-migrate/1', { schema });
  return write(context.stdout, `schema ${schema}: up to date\n`);
}

async function runStats(context: CliContext, flags: Flags, store: Store): Promise<void> {
  const stats = store.stats();
  if (flags.json) return printJson(context, 'reservewatch.db-stats/1', stats);
  return write(context.stdout, statsText(context, stats));
}

function statsText(context: CliContext, { schema, bytes, head, rows }: StoreStats): string {
  const last = head ? `poll ${head.poll}, head ${head.hash}` : 'no poll yet';
  const table = tableText(
    context.stdout,
    ['table', 'rows'],
    Object.entries(rows).map(([name, count]) => [name, String(count)]),
    ['rows'],
  );
  return `schema ${schema}, ${bytes} bytes, ${last}\n${table}`;
}
