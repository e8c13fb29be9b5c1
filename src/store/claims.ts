import type Database from 'better-sqlite3';
import type { ClaimPrecision, PublishedClaim } from '../domain/claim.ts';
import type { AssetCode, EntityId, Sha256 } from '../domain/ids.ts';
import type { Rounding } from '../domain/liability.ts';
import type { Qualifier } from '../domain/printed-figure.ts';
import { sha256Hex } from '../lib/hash.ts';
import { stringifyJson } from '../lib/json.ts';
import { write } from './connection.ts';
import type { Names } from './names.ts';

/** What is published about entities, figure by figure. */
export interface ClaimTable {
  /** Keeps claims in one transaction and gives how many are new: the same claim again, from whatever list, changes nothing. */
  addClaims(claims: readonly PublishedClaim[]): number;
  /** All claims about an entity, or about all, in the order in which they were kept. */
  claims(entity?: EntityId): readonly PublishedClaim[];
}

/** A claim's columns. */
export interface ClaimRecord {
  readonly entity: EntityId;
  readonly report: string | null;
  readonly subject: string;
  readonly asset: AssetCode | null;
  readonly metric: string;
  readonly digits: string;
  readonly qualifier: Qualifier | null;
  readonly word: string | null;
  readonly rounding: Rounding;
  readonly dateText: string;
  readonly datePrecision: ClaimPrecision;
  readonly precisionText: string | null;
  readonly source: string;
  readonly note: string | null;
  readonly documentSha256: Sha256;
  readonly line: number;
  readonly recordedAtMs: number;
}

/** The columns as ClaimRecord, for a query that joins `entity`. */
export const CLAIM_COLUMNS = `entity.code AS entity, report_no AS report, subject, asset, metric, digits, qualifier, word, rounding,
  date_text AS dateText, date_precision AS datePrecision, precision_text AS precisionText, source, note,
  document_sha256 AS documentSha256, line, recorded_at_ms AS recordedAtMs`;

/** SHA-256 over what is claimed, of what and by whom: not over where and when we read it. */
export const claimDigest = (row: ClaimRecord): string =>
  sha256Hex(
    stringifyJson([
      'claim',
      row.entity,
      row.report,
      row.subject,
      row.asset,
      row.metric,
      row.digits,
      row.qualifier,
      row.word,
      row.rounding,
      row.dateText,
      row.datePrecision,
      row.precisionText,
      row.source,
      row.note,
    ]),
  );

export function createClaimTable(db: Database.Database, names: Names): ClaimTable {
  const insert = db.prepare(
    `INSERT INTO claim (entity, report_no, subject, asset, metric, digits, qualifier, word, rounding, date_text,
       date_precision, precision_text, source, note, document_sha256, line, recorded_at_ms, digest)
     VALUES (@entityId, @report, @subject, @asset, @metric, @digits, @qualifier, @word, @rounding, @dateText,
       @datePrecision, @precisionText, @source, @note, @documentSha256, @line, @recordedAtMs, @digest)
     ON CONFLICT (digest) DO NOTHING`,
  );
  const list = db.prepare<{ entity: string | null }, ClaimRecord>(
    `SELECT ${CLAIM_COLUMNS} FROM claim JOIN entity ON entity.id = claim.entity
     WHERE @entity IS NULL OR entity.code = @entity ORDER BY claim.id`,
  );
  return {
    addClaims: (claims) =>
      write(db, () => {
        let added = 0;
        for (const claim of claims) {
          const record = toRecord(claim);
          const { entity, ...columns } = record;
          added += insert.run({ ...columns, entityId: names.entity(entity), digest: claimDigest(record) }).changes;
        }
        return added;
      }),
    claims: (entity) => list.all({ entity: entity ?? null }).map(toClaim),
  };
}

const toRecord = ({ figure, date, ...rest }: PublishedClaim): ClaimRecord => ({
  ...rest,
  ...figure,
  dateText: date.text,
  datePrecision: date.precision,
  precisionText: date.precisionText,
});

function toClaim(record: ClaimRecord): PublishedClaim {
  const { digits, qualifier, word, dateText, datePrecision, precisionText, ...rest } = record;
  return {
    ...rest,
    figure: { digits, qualifier, word },
    date: { text: dateText, precision: datePrecision, precisionText },
  };
}
