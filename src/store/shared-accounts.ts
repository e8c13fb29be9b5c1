import type Database from 'better-sqlite3';
import { OWNER_ROW } from '../domain/attestation.ts';
import type { AccountClaim, SharedAccount } from '../domain/dispute.ts';
import type { Address, ChainId } from '../domain/ids.ts';
import { countsAsProven, isProvingGrade } from '../domain/ownership.ts';
import { signatureBytes } from '../lib/signature-bytes.ts';
import type { KeptList } from '../seams.ts';
import { toVerdict, type VerdictRow } from './verdicts.ts';

/** Compares the accounts of kept lists. */
export interface SharedAccountTables {
  /**
   * The accounts that both lists claim, by the own list's lines. Rows that only name an owner claim nothing; rows whose chain or
   * address was not understood are not compared.
   */
  sharedAccounts(own: KeptList, other: KeptList): readonly SharedAccount[];
}

interface Row extends VerdictRow {
  readonly report: number;
  readonly line: number;
  readonly chain: ChainId;
  readonly address: Address;
  readonly signature1: string | null;
  readonly signature2: string | null;
}

interface Kept {
  readonly id: number;
  readonly rows: number;
}

interface Side {
  rows: number;
  line: number;
  proven: boolean;
  readonly signatures: Set<string>;
}

export function createSharedAccountTables(db: Database.Database): SharedAccountTables {
  const known = rememberPairs();
  const find = db.prepare<[string, string], Kept>(
    `SELECT report.id, report.rows FROM report JOIN entity ON entity.id = report.entity
     WHERE sha256 = ? AND entity.code = ?`,
  );
  // The smaller list's addresses are looked up in the larger one's index, so that a short list costs little beside a long one;
  // then each list's rows are read once, so that no list can make the pairs of its repeated rows explode.
  const rows = db.prepare<{ small: number; large: number }, Row>(
    `WITH shared AS MATERIALIZED (
       SELECT DISTINCT address FROM report_row AS few INDEXED BY report_row_account
       WHERE report = @small AND address IS NOT NULL AND EXISTS (
         SELECT 1 FROM report_row AS many INDEXED BY report_row_account
         WHERE many.report = @large AND many.address = few.address))
     SELECT report, line, chain, report_row.address, grade, scheme, reason, flags, signature1, signature2
     FROM shared CROSS JOIN report_row INDEXED BY report_row_account
       ON report_row.report IN (@small, @large) AND report_row.address = shared.address
     WHERE chain IS NOT NULL AND NOT (row_type IS '${OWNER_ROW}' AND amount IN ('', '0'))`,
  );
  return {
    sharedAccounts(own, other) {
      const [mine, theirs] = [find.get(own.report, own.entity), find.get(other.report, other.entity)];
      if (mine === undefined || theirs === undefined) return [];
      return known(`${mine.id} ${theirs.id}`, () => compare(mine, theirs));
    },
  };

  function compare(mine: Kept, theirs: Kept): readonly SharedAccount[] {
    const [small, large] = mine.rows <= theirs.rows ? [mine, theirs] : [theirs, mine];
    const accounts = new Map<string, { address: Address; namespace: string; sides: Map<number, Side> }>();
    for (const row of rows.iterate({ small: small.id, large: large.id })) {
      const namespace = row.chain.slice(0, row.chain.indexOf(':'));
      const key = `${namespace}:${row.address}`;
      const account = accounts.get(key) ?? { address: row.address, namespace, sides: new Map<number, Side>() };
      accounts.set(key, account);
      account.sides.set(row.report, addRow(account.sides.get(row.report), row));
    }
    return [...accounts.values()]
      .flatMap(({ address, namespace, sides }): SharedAccount[] => {
        const [one, two] = [sides.get(mine.id), sides.get(theirs.id)];
        if (one === undefined || two === undefined) return [];
        const sameSignature = shareSignature(one.signatures, two.signatures);
        return [{ namespace, address, own: claimOf(one), other: claimOf(two), sameSignature }];
      })
      .sort((a, b) => a.own.line - b.own.line);
  }
}

/** So many accounts are remembered, of at most so many pairs of lists: some tens of MB where whole lists are copied. */
const MOST_ACCOUNTS = 400_000;
const MOST_PAIRS = 1_000;

/** Remembers what two lists share: kept lists never change, and every look of every entity asks again. */
function rememberPairs(): (pair: string, compare: () => readonly SharedAccount[]) => readonly SharedAccount[] {
  const pairs = new Map<string, readonly SharedAccount[]>();
  let accounts = 0;
  return (pair, compare) => {
    const known = pairs.get(pair);
    if (known !== undefined) return known;
    const found = compare();
    if (pairs.size >= MOST_PAIRS || accounts + found.length > MOST_ACCOUNTS) {
      pairs.clear();
      accounts = 0;
    }
    if (found.length <= MOST_ACCOUNTS) {
      pairs.set(pair, found);
      accounts += found.length;
    }
    return found;
  };
}

/** Signatures are compared as bytes, and only of accounts that both lists claim: most rows of a list are never looked at. */
function shareSignature(one: ReadonlySet<string>, two: ReadonlySet<string>): boolean {
  const bytes = new Set([...one].flatMap((text) => signatureBytes(text) ?? []));
  return [...two].some((text) => bytes.has(signatureBytes(text) ?? ''));
}

const claimOf = ({ rows, line, proven }: Side): AccountClaim => ({ rows, line, proven });

function addRow(side: Side | undefined, row: Row): Side {
  const sum = side ?? { rows: 0, line: row.line, proven: false, signatures: new Set() };
  sum.rows += 1;
  sum.line = Math.min(sum.line, row.line);
  sum.proven ||= isProvingGrade(row.grade) && countsAsProven(toVerdict(row));
  if (row.signature1 !== null) sum.signatures.add(row.signature1);
  if (row.signature2 !== null) sum.signatures.add(row.signature2);
  return sum;
}
