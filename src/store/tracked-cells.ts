import type Database from 'better-sqlite3';
import { compareDecimals, parseDecimal } from '../domain/amount.ts';
import { OWNER_ROW, UNSPENDABLE_ROW } from '../domain/attestation.ts';
import { type EntityId, quote, type Sha256 } from '../domain/ids.ts';
import { cellKey } from '../domain/snapshot.ts';
import type { ClaimedCell, TrackedCell, UnreadRow } from '../seams.ts';
import { toVerdict, type VerdictRow } from './verdicts.ts';

/** What a kept report asks to be polled, and what of it cannot be. Rows that only name an owner claim nothing, and nobody can move unspendable coins: they are neither. */
export interface TrackedTables {
  /**
   * In file order; a cell that several rows list is there once, with the largest claim that any of them states (it bounds
   * what the cell may hold while it is unread) and `repeatedAt` the other lines.
   */
  trackedCells(report: Sha256, entity: EntityId): readonly TrackedCell[];
  unreadRows(report: Sha256, entity: EntityId): readonly UnreadRow[];
}

interface CellRow extends VerdictRow, Omit<ClaimedCell, 'unstated'> {}

interface LooseRow extends Pick<UnreadRow, 'asset' | 'label' | 'claimed' | 'line'> {
  readonly network: string | null;
  readonly chain: string | null;
  readonly caip19: string | null;
  readonly addressText: string;
  readonly addressFault: string | null;
}

/** The tables that a kept report's rows are read from. */
export const ROWS_OF_REPORT =
  'FROM report_row JOIN report ON report.id = report_row.report JOIN entity ON entity.id = report.entity';
/** Which rows claim something that somebody could move. */
export const CLAIMING = `NOT (row_type IS '${OWNER_ROW}' AND amount IN ('', '0')) AND row_type IS NOT '${UNSPENDABLE_ROW}'`;
const FROM = `${ROWS_OF_REPORT} WHERE report.sha256 = ? AND entity.code = ? AND ${CLAIMING}`;
/** Which rows can be polled. */
export const READABLE = '(chain IS NOT NULL AND caip19 IS NOT NULL AND asset IS NOT NULL AND address IS NOT NULL)';

export function createTrackedTables(db: Database.Database): TrackedTables {
  const readable = db.prepare<[string, string], CellRow>(
    `SELECT line, caip19 AS assetId, asset, address, amount AS claimed, grade, scheme, reason, flags
     ${FROM} AND ${READABLE} ORDER BY line`,
  );
  const loose = db.prepare<[string, string], LooseRow>(
    `SELECT line, label, asset, amount AS claimed, network_text AS network, chain, caip19, address_text AS addressText,
       address_fault AS addressFault ${FROM} AND NOT ${READABLE} ORDER BY line`,
  );
  return {
    trackedCells(report, entity) {
      const cells = new Map<string, Mutable<TrackedCell> & { repeatedAt: number[] }>();
      for (const row of readable.iterate(report, entity)) {
        const { assetId, asset, address, line } = row;
        const claim = claimIn(row);
        const key = cellKey(assetId, address);
        const first = cells.get(key);
        if (first === undefined) {
          cells.set(key, { address, assetId, asset, ...claim, line, verdict: toVerdict(row), repeatedAt: [] });
          continue;
        }
        first.repeatedAt.push(line);
        raiseClaim(first, claim);
      }
      return [...cells.values()];
    },
    unreadRows: (report, entity) =>
      loose.all(report, entity).map((row) => {
        const { asset, label, line } = row;
        return { asset, label, ...claimIn(row), line, reason: explain(row) };
      }),
  };
}

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Claim = Pick<TrackedCell, 'claimed' | 'unstated'>;

/** Of a cell that several rows list the largest claim stands. */
export function raiseClaim(first: Mutable<Claim>, claim: Claim): void {
  if (claim.unstated || !(first.unstated || isLarger(claim.claimed, first.claimed))) return;
  first.claimed = claim.claimed;
  delete first.unstated;
}

/** What a kept row claims: an empty amount is none. */
export const claimIn = ({ claimed }: { readonly claimed: string }): Claim =>
  claimed === '' ? { claimed: '0', unstated: true } : { claimed };

/** Whether one claim is larger than another; the import wrote both canonically, so that a text that is none compares as smaller. */
function isLarger(one: string, other: string): boolean {
  const [a, b] = [parseDecimal(one), parseDecimal(other)];
  return a.ok && (!b.ok || compareDecimals(a.value, b.value) > 0);
}

function explain(row: LooseRow): string {
  if (row.asset === null) return `label ${quote(row.label)} is in no label book`;
  if (row.chain === null) return `network ${quote(row.network ?? '')} of ${quote(row.label)} is not in the registry`;
  if (row.caip19 === null) return `${quote(row.label)} is no asset that the registry knows on ${row.chain}`;
  return row.addressFault ?? `address ${quote(row.addressText)} was not understood`;
}
