import type Database from 'better-sqlite3';
import type { StoreCheck } from '../seams.ts';
import { checkHistory } from './check-history.ts';
import { checkRecords } from './check-records.ts';
import { checkSignatures } from './check-signatures.ts';
import { checkStructure, type Report } from './check-structure.ts';
import { describeFault } from './connection.ts';
import type { Names } from './names.ts';

/** A damaged file can have a fault in every row; more than this many are counted, not told. */
const MOST_FAULTS = 100;

/**
 * Checks the whole database as of one moment, while others may go on writing: SQLite's own structure and references,
 * every digest, and the history played again from its changes (rollups, roots, chain, present state, points).
 */
export function checkStore(db: Database.Database, names: Names): StoreCheck {
  const faults: string[] = [];
  let more = 0;
  const report: Report = (fault) => {
    if (faults.length < MOST_FAULTS) faults.push(fault);
    else more += 1;
  };
  let counted = { polls: 0, rows: 0 };
  const checkAll = db.transaction(() => {
    checkStructure(db, report);
    const records = checkRecords(db, report) + checkSignatures(db, report);
    const history = checkHistory(db, names, report);
    counted = { polls: history.polls, rows: records + history.rows };
  });
  try {
    checkAll.deferred();
  } catch (error) {
    report(`the check could not go on: ${describeFault(error)}`);
  }
  return { ...counted, faults: more === 0 ? faults : [...faults, `and ${more} more`] };
}
