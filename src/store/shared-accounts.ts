import type Database from 'better-sqlite3';
import { OWNER_ROW } from '../domain/attestation.ts';
import type { AccountClaim, SharedAccount } from '../domain/dispute.ts';
import type { Address, ChainId } from '../domain/ids.ts';
import { countsAsProven } from '../domain/ownership.ts';
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

interface Side {
  rows: number;
  line: number;
  proven: boolean;
  readonly signatures: Set<string>;
}

export function createSharedAccountTables(db: Database.Database): SharedAccountTables {
  const find = db.prepare<[string, string], { id: number; rows: number }>(
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
          const sameSignature = [...one.signatures].some((signature) => two.signatures.has(signature));
          return [{ namespace, address, own: claimOf(one), other: claimOf(two), sameSignature }];
        })
        .sort((a, b) => a.own.line - b.own.line);
    },
  };
}

const claimOf = ({ rows, line, proven }: Side): AccountClaim => ({ rows, line, proven });

function addRow(side: Side | undefined, row: Row): Side {
  const sum = side ?? { rows: 0, line: row.line, proven: false, signatures: new Set() };
  sum.rows += 1;
  sum.line = Math.min(sum.line, row.line);
  sum.proven ||= countsAsProven(toVerdict(row));
  for (const text of [row.signature1, row.signature2]) {
    const key = text === null ? null : signatureBytes(text);
    if (key !== null) sum.signatures.add(key);
  }
  return sum;
}
