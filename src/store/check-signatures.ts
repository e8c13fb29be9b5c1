import type Database from 'better-sqlite3';
import type { Report } from './check-structure.ts';
import { LEDGER_TABLES } from './schema-signatures.ts';
import { enterKeptReports } from './signature-ledger.ts';

const AGAIN = 'temp.again_';

/** What each table says, without the ids that depend on the order of entering. */
const SAYS: Readonly<Record<keyof typeof LEDGER_TABLES, (prefix: string) => string>> = {
  trust_sum: (prefix) => `SELECT * FROM ${prefix}trust_sum`,
  signature: (prefix) => `SELECT entity, name, first_report, newest_report, reports FROM ${prefix}signature`,
  signature_address: (prefix) =>
    `SELECT entity, name, address, entry.first_report FROM ${prefix}signature_address AS entry
     LEFT JOIN ${prefix}signature AS signature ON signature.id = entry.signature`,
  signature_use: (prefix) =>
    `SELECT report, sum, entity, name FROM ${prefix}signature_use AS entry
     LEFT JOIN ${prefix}signature AS signature ON signature.id = entry.signature`,
};

/** Makes the ledger of signatures and the sums of trust again from the rows, and compares. Gives the rows seen. */
export function checkSignatures(db: Database.Database, report: Report): number {
  const tables = Object.keys(LEDGER_TABLES) as (keyof typeof LEDGER_TABLES)[];
  const drop = (): void => {
    for (const table of tables) db.exec(`DROP TABLE IF EXISTS ${AGAIN}${table}`);
  };
  drop();
  try {
    for (const table of tables) db.exec(`CREATE TABLE ${AGAIN}${table} ${LEDGER_TABLES[table]}`);
    enterKeptReports(db, AGAIN);
    let seen = 0;
    for (const table of tables) {
      const [kept, made] = [SAYS[table]('main.'), SAYS[table](AGAIN)];
      const count = (sql: string): number => db.prepare(`SELECT count(*) FROM (${sql})`).pluck().get() as number;
      const wrong = count(`${kept} EXCEPT ${made}`);
      const missing = count(`${made} EXCEPT ${kept}`);
      if (wrong > 0) report(`${table}: ${wrong} rows do not follow from the rows of the reports`);
      if (missing > 0) report(`${table}: ${missing} rows that follow from the rows of the reports are missing`);
      seen += count(kept);
    }
    return seen;
  } finally {
    drop();
  }
}
