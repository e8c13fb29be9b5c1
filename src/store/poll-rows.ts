import type Database from 'better-sqlite3';
import { chainOfAsset, type EntityId, type Sha256 } from '../domain/ids.ts';
import type { PollRecord } from '../domain/poll.ts';
import type { SourceCoverage, SupplyReading } from '../domain/snapshot.ts';
import { stringifyJson } from '../lib/json.ts';
import type { PollHead } from '../seams.ts';
import { encodeAmount } from './codec.ts';
import type { CellDiff, Rollup } from './diff-cells.ts';
import { type Header, headerHash } from './leaves.ts';
import type { CellName } from './names.ts';
import { encodePoint } from './point-codec.ts';

/** The statements that write a poll's rows; all are called inside one transaction. */
export interface PollRows {
  insertPoll(entity: number, record: PollRecord): number;
  insertSources(poll: number, record: PollRecord, diff: CellDiff, nameOf: (cell: number) => CellName): void;
  insertCells(poll: number, diff: CellDiff): void;
  insertRollup(poll: number, asset: number, rollup: Rollup): void;
  insertPoints(poll: number, entity: number, record: PollRecord): void;
  insertHeader(header: Header): void;
  lastPoll(entity: EntityId): number | null;
  latestPoll(entity: EntityId): PollHead | null;
  head(): { readonly poll: number; readonly hash: Sha256 } | null;
}

const insert = (db: Database.Database, table: string, columns: string): Database.Statement =>
  db.prepare(
    `INSERT INTO ${table} (${columns}) VALUES (${columns
      .split(',')
      .map(() => '?')
      .join(', ')})`,
  );

const HEAD = `SELECT poll.id AS poll, entity.code AS entity, started_at_ms AS startedAtMs, finished_at_ms AS finishedAtMs,
  header.hash AS rootHash, header.previous AS previousRootHash
  FROM poll JOIN entity ON entity.id = poll.entity JOIN header ON header.poll = poll.id`;

export function createPollRows(db: Database.Database): PollRows {
  const poll = insert(db, 'poll', 'entity, report_sha256, started_at_ms, finished_at_ms, moment_ms, code_version');
  const balance = insert(db, 'balance', 'cell, poll, amount, assurance');
  const reading = insert(db, 'reading', 'cell, poll, state, code, provider, message');
  const rollup = insert(db, 'rollup', 'poll, asset, counts_as, decimals, total, read, unread');
  const point = insert(db, 'point', 'poll, seq, entity, asset, kind, quality, at_ms, body');
  const header = insert(db, 'header', 'poll, previous, root, leaves, config_sha256, hash');
  const lastPoll = db
    .prepare('SELECT max(poll.id) FROM poll JOIN entity ON entity.id = poll.entity WHERE entity.code = ?')
    .pluck();
  const latest = db.prepare<[string], PollHead>(`${HEAD} WHERE entity.code = ? ORDER BY poll.id DESC LIMIT 1`);
  const newest = db.prepare<[], { poll: number; hash: Sha256 }>(
    'SELECT poll, hash FROM header ORDER BY poll DESC LIMIT 1',
  );
  return {
    insertPoll: (entity, { report, snapshot, codeVersion }) =>
      Number(
        poll.run(entity, report, snapshot.startedAtMs, snapshot.finishedAtMs, snapshot.momentMs, codeVersion)
          .lastInsertRowid,
      ),
    insertSources: createSourceRows(db),
    insertCells(number, { balances, states }) {
      for (const { cell, amount, assurance } of balances) balance.run(cell, number, encodeAmount(amount), assurance);
      for (const { cell, state, code, provider, message } of states) {
        reading.run(cell, number, state, code, provider, message);
      }
    },
    insertRollup: (number, asset, { countsAs, decimals, total, read, unread }) => {
      rollup.run(number, asset, countsAs, decimals, total.toString(), read, unread);
    },
    insertPoints(number, entity, { points }) {
      for (const [seq, one] of points.entries()) {
        point.run(number, seq, entity, one.asset, one.kind, one.quality, one.atMs, encodePoint(one));
      }
    },
    insertHeader: (one) => {
      header.run(one.poll, one.previous, one.root, one.leaves, one.configSha256, headerHash(one));
    },
    lastPoll: (entity) => lastPoll.get(entity) as number | null,
    latestPoll: (entity) => latest.get(entity) ?? null,
    head: () => newest.get() ?? null,
  };
}

function createSourceRows(db: Database.Database): PollRows['insertSources'] {
  const coverage = insert(
    db,
    'coverage',
    'poll, chain, height, hash, block_time_ms, finality, height_from, skew_seconds, assurance, groups, requests, asked, read, failed, changed',
  );
  const supply = insert(db, 'supply', 'poll, caip19, amount, assurance, code, provider, message');
  const fault = insert(db, 'provider_fault', 'poll, seq, chain, operator, code, provider, message');
  const addCoverage = (poll: number, source: SourceCoverage, changed: number): void => {
    const { block } = source;
    coverage.run(
      poll,
      source.chain,
      block?.height.toString() ?? null,
      block?.hash ?? null,
      block?.timeMs ?? null,
      block?.finality ?? null,
      source.heightFrom?.toString() ?? null,
      source.skewSeconds,
      source.assurance,
      stringifyJson(source.groups),
      source.requests,
      source.asked,
      source.read,
      source.failed,
      changed,
    );
  };
  const addSupply = (poll: number, { asset, outcome }: SupplyReading): void => {
    if (outcome.kind === 'read') {
      supply.run(poll, asset, outcome.amount.toString(), outcome.assurance, null, null, null);
    } else {
      const { code, provider, message } = outcome.failure;
      supply.run(poll, asset, null, null, code, provider, message);
    }
  };
  return (poll, { snapshot }, diff, nameOf) => {
    const changed = new Map<string, number>();
    for (const { cell } of diff.balances) {
      const chain = chainOfAsset(nameOf(cell).asset);
      changed.set(chain, (changed.get(chain) ?? 0) + 1);
    }
    for (const source of snapshot.sources) addCoverage(poll, source, changed.get(source.chain) ?? 0);
    for (const reading of snapshot.supplies) addSupply(poll, reading);
    for (const [seq, { chain, group, code, provider, message }] of snapshot.providerFaults.entries()) {
      fault.run(poll, seq, chain, group, code, provider, message);
    }
  };
}
