import type Database from 'better-sqlite3';
import type { SetChange } from '../domain/address-set.ts';
import type { Attestation, ListDecision } from '../domain/attestation.ts';
import type { EntityId, Sha256 } from '../domain/ids.ts';
import { sha256Hex } from '../lib/hash.ts';
import { stringifyJson } from '../lib/json.ts';
import type { Report } from './check-structure.ts';
import { Decoder } from './codec.ts';
import { write } from './connection.ts';
import {
  type ArrivalRow,
  arrivalDigest,
  createArrivals,
  createSetHash,
  createSetVersion,
  type ReportName,
} from './schema-sets.ts';

type Arrived = Pick<Attestation, 'set' | 'origin' | 'change' | 'decision'>;

/** Numbers the address sets of lists, and keeps what was decided of them. */
export interface SetTables {
  /** Records a kept report's arrival, in the transaction that keeps it. */
  arrive(report: number, name: ReportName, more: { readonly origin: string | null }, judge: Judge): void;
  /** Records what was decided of a list; false where it is not kept for the entity. */
  decideReport(report: Sha256, entity: EntityId, decision: ListDecision): boolean;
}

type Judge = (set: Attestation['set']) => { readonly change: SetChange | null; readonly decision: ListDecision | null };

/** What a query over `report` joins and selects to fill `arrivedOf`. */
export const ARRIVAL_JOIN = `JOIN report_arrival AS arrival ON arrival.report = report.id
  LEFT JOIN report_decision AS decision
    ON decision.id = (SELECT max(id) FROM report_decision WHERE report_decision.report = report.id)`;
export const ARRIVAL_COLUMNS = `set_version AS setVersion, set_hash AS setHash, arrival.cells, origin, change,
  decision.state, decided_by AS decidedBy, at_ms AS decidedAtMs, note`;

/** The columns of ARRIVAL_COLUMNS. */
export interface ArrivedRow {
  readonly setVersion: number;
  readonly setHash: Sha256;
  readonly cells: number;
  readonly origin: string | null;
  readonly change: string | null;
  readonly state: ListDecision['state'] | null;
  readonly decidedBy: string | null;
  readonly decidedAtMs: number | null;
  readonly note: string | null;
}

/** What the joined columns say of a list. */
export function arrivedOf(row: ArrivedRow): Arrived {
  const { state, decidedBy, decidedAtMs, note } = row;
  return {
    set: { version: row.setVersion, hash: row.setHash, cells: row.cells },
    ...(row.origin === null ? {} : { origin: row.origin }),
    // Its amounts are text, so it is kept as plain data.
    ...(row.change === null ? {} : { change: Decoder.of(row.change, 'change of a set').plain() as SetChange }),
    ...(state === null
      ? {}
      : { decision: { state, by: decidedBy as string, atMs: decidedAtMs as number, note } satisfies ListDecision }),
  };
}

export function createSetTables(db: Database.Database): SetTables {
  const versionOf = createSetVersion(db);
  const arrive = createArrivals(db);
  const find = db
    .prepare<[string, string], number>(
      'SELECT report.id FROM report JOIN entity ON entity.id = report.entity WHERE entity.code = ? AND sha256 = ?',
    )
    .pluck();
  const insert = db.prepare(
    'INSERT INTO report_decision (report, state, decided_by, at_ms, note, digest) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const decide = (report: number, name: ReportName, one: ListDecision): void => {
    insert.run(report, one.state, one.by, one.atMs, one.note, decisionDigest(name, one));
  };
  return {
    arrive(report, name, { origin }, judge) {
      const { version, hash, cells } = versionOf(report, name.entity);
      const { change, decision } = judge({ version, hash: hash as Sha256, cells });
      arrive(report, name, { version, hash, cells, origin, change: change && stringifyJson(change) });
      if (decision) decide(report, name, decision);
    },
    decideReport: (sha256, entity, decision) =>
      write(db, () => {
        const report = find.get(entity, sha256);
        if (report === undefined) return false;
        decide(report, { entity, sha256 }, decision);
        return true;
      }),
  };
}

const decisionDigest = ({ entity, sha256 }: ReportName, { state, by, atMs, note }: ListDecision): string =>
  sha256Hex(stringifyJson(['decision', entity, sha256, state, by, atMs, note]));

/** Numbers all sets again from their rows, and recomputes the digests of arrivals and decisions. Gives the rows seen. */
export function checkSets(db: Database.Database, report: Report): number {
  const hashOf = createSetHash(db);
  const versions = new Map<string, Map<string, number>>();
  let seen = 0;
  const arrivals = db.prepare<
    [],
    ReportName & { readonly id: number } & { [K in keyof ArrivalRow]: ArrivalRow[K] | null } & {
      readonly digest: string | null;
    }
  >(
    `SELECT report.id, sha256, entity.code AS entity, set_version AS version, set_hash AS hash, cells, origin, change, digest
     FROM report JOIN entity ON entity.id = report.entity LEFT JOIN report_arrival ON report_arrival.report = report.id
     ORDER BY report.id`,
  );
  for (const { id, entity, sha256, digest, ...row } of arrivals.all()) {
    seen += 1;
    const set = hashOf(id);
    const known = versions.get(entity) ?? new Map<string, number>();
    versions.set(entity, known);
    const version = known.get(set.hash) ?? known.size + 1;
    known.set(set.hash, version);
    if (row.hash !== set.hash || row.cells !== set.cells || row.version !== version)
      report(
        `report ${sha256}: its address set is not version ${row.version} as kept, its rows make version ${version}`,
      );
    else if (arrivalDigest({ entity, sha256 }, row as ArrivalRow) !== digest)
      report(`report ${sha256}: its arrival is not as it was kept`);
  }
  const decisions = db.prepare<[], ReportName & ListDecision & { readonly id: number; readonly digest: string }>(
    `SELECT report_decision.id, sha256, entity.code AS entity, state, decided_by AS by, at_ms AS atMs, note, digest
     FROM report_decision JOIN report ON report.id = report_decision.report JOIN entity ON entity.id = report.entity`,
  );
  for (const one of decisions.all()) {
    seen += 1;
    if (decisionDigest(one, one) !== one.digest)
      report(`decision ${one.id} of report ${one.sha256} is not as it was kept`);
  }
  return seen;
}
