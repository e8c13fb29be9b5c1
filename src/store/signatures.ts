import type Database from 'better-sqlite3';
import { type Decimal, parseDecimal } from '../domain/amount.ts';
import type { EntityId, Sha256 } from '../domain/ids.ts';
import { type ReportTrust, type TrustSum, trustGroups, trustOf } from '../domain/trust.ts';
import { addressName, signatureName } from '../lib/signature-key.ts';
import type { Store } from '../seams.ts';
import { SEEN_MS } from './signature-ledger.ts';

/** What the ledger of signatures answers. */
export type SignatureTables = Pick<
  Store,
  'signatureHistory' | 'signatureSummary' | 'carriedElsewhere' | 'reportTrust' | 'reportOfPoll'
>;

interface HistoryRow {
  readonly entity: EntityId;
  readonly firstReport: Sha256;
  readonly firstMs: number;
  readonly newestReport: Sha256;
  readonly newestMs: number;
  readonly reports: number;
  readonly addresses: number;
}

interface SumRow extends Omit<TrustSum, 'sum' | 'proven' | 'signed' | 'dated' | 'named'> {
  readonly amount: string;
  readonly proven: number;
  readonly signed: number;
  readonly dated: number;
  readonly named: number;
  readonly oldestMs: number | null;
}

const SEEN = (table: string): string => `coalesce(${table}.as_of_ms, ${table}.imported_at_ms)`;
const REPORT =
  'report JOIN entity ON entity.id = report.entity WHERE report.sha256 = @sha256 AND entity.code = @entity';

export function createSignatureTables(db: Database.Database): SignatureTables {
  const history = db.prepare<[Buffer | null], HistoryRow>(
    `SELECT entity.code AS entity, first.sha256 AS firstReport, ${SEEN('first')} AS firstMs,
       newest.sha256 AS newestReport, ${SEEN('newest')} AS newestMs, signature.reports,
       (SELECT count(*) FROM signature_address WHERE signature_address.signature = signature.id) AS addresses
     FROM signature JOIN entity ON entity.id = signature.entity
     JOIN report AS first ON first.id = first_report JOIN report AS newest ON newest.id = newest_report
     WHERE signature.name = ? ORDER BY firstMs, entity.code`,
  );
  const elsewhere = db
    .prepare(
      `SELECT 1 FROM signature JOIN signature_address ON signature_address.signature = signature.id
       JOIN report ON report.id = signature_address.first_report
       WHERE signature.name = ? AND signature_address.address <> ? AND signature_address.address <> ? AND ${SEEN('report')} <= ? LIMIT 1`,
    )
    .pluck();
  const find = db.prepare<{ sha256: string; entity: string }, { id: number; seenMs: number }>(
    `SELECT report.id, ${SEEN_MS} AS seenMs FROM ${REPORT}`,
  );
  const seenBefore = db.prepare<{ id: number }, { report: Sha256; atMs: number; signatures: number }>(
    `SELECT report.sha256 AS report, ${SEEN('report')} AS atMs, count(*) AS signatures FROM signature
     JOIN report ON report.id = first_report
     WHERE signature.id IN (SELECT signature FROM signature_use WHERE signature_use.report = @id)
     GROUP BY first_report ORDER BY atMs, report.id`,
  );
  const reused = db
    .prepare<{ id: number; seenMs: number }, number>(
      `SELECT count(*) FROM (
         SELECT 1 FROM signature AS own JOIN signature AS any_entity ON any_entity.name = own.name
         JOIN signature_address ON signature_address.signature = any_entity.id
         JOIN report ON report.id = signature_address.first_report
         WHERE own.id IN (SELECT signature FROM signature_use WHERE signature_use.report = @id)
           AND ${SEEN('report')} <= @seenMs
         GROUP BY own.id HAVING count(DISTINCT signature_address.address) > 1)`,
    )
    .pluck();
  const sums = db.prepare<{ id: number; asset: string | null }, SumRow>(
    `SELECT label, asset, grade, proven, signed, dated, named, rows, amount, message_date AS messageDate,
       CASE WHEN proven THEN (
         SELECT min(${SEEN('report')}) FROM signature_use JOIN signature ON signature.id = signature_use.signature
         JOIN report ON report.id = signature.first_report
         WHERE signature_use.report = trust_sum.report AND signature_use.sum = trust_sum.seq) END AS oldestMs
     FROM trust_sum WHERE trust_sum.report = @id AND (@asset IS NULL OR asset = @asset) ORDER BY seq`,
  );
  const ofPoll = db.prepare('SELECT report_sha256 FROM poll WHERE id = ?').pluck();

  return {
    signatureHistory: (signature) =>
      history.all(signatureName(signature)).map(({ firstReport, firstMs, newestReport, newestMs, ...rest }) => ({
        ...rest,
        first: { report: firstReport, atMs: firstMs },
        newest: { report: newestReport, atMs: newestMs },
      })),
    signatureSummary(sha256, entity) {
      const report = find.get({ sha256, entity });
      if (report === undefined) return { fresh: 0, seenBefore: 0, oldest: null, reused: 0 };
      const groups = seenBefore.all({ id: report.id });
      const before = groups.filter((group) => group.report !== sha256);
      const [oldest] = before;
      const count = (some: typeof groups): number => some.reduce((sum, { signatures }) => sum + signatures, 0);
      return {
        fresh: count(groups) - count(before),
        seenBefore: count(before),
        oldest: oldest === undefined ? null : { report: oldest.report, atMs: oldest.atMs },
        reused: reused.get(report) as number,
      };
    },
    carriedElsewhere({ row, address }, untilMs) {
      const names = [row.signature1, row.signature2].flatMap((one) => (one === null ? [] : (signatureName(one) ?? [])));
      if (names.length === 0) return false;
      // A list that was kept before its chain was known has the address as printed.
      const printed = addressName(row.addressText);
      const canonical = address === null ? printed : addressName(address);
      return names.some((name) => elsewhere.get(name, canonical, printed, untilMs) !== undefined);
    },
    reportTrust(sha256, entity, asset) {
      const report = find.get({ sha256, entity });
      return report === undefined ? [] : withOldest(sums.all({ id: report.id, asset: asset ?? null }));
    },
    reportOfPoll: (poll) => (ofPoll.get(poll) as Sha256 | null | undefined) ?? null,
  };
}

/** Trust from its sums; the oldest signature of an asset is the oldest of its sums. */
const withOldest = (rows: readonly SumRow[]): readonly ReportTrust[] =>
  trustGroups(rows).flatMap((group) => {
    const times = group.flatMap(({ oldestMs }) => (oldestMs === null ? [] : [oldestMs]));
    const oldestSeenMs = times.length === 0 ? null : Math.min(...times);
    return trustOf(group.map(toSum)).map((one) => ({ ...one, oldestSeenMs }));
  });

const toSum = ({ amount, proven, signed, dated, named, oldestMs: _, ...row }: SumRow): TrustSum => ({
  ...row,
  proven: proven === 1,
  signed: signed === 1,
  dated: dated === 1,
  named: named === 1,
  sum: decimal(amount),
});

function decimal(text: string): Decimal {
  const value = parseDecimal(text);
  if (!value.ok) throw new Error(`a kept sum: ${value.error}; run \`reservewatch db check\``);
  return value.value;
}
