import type Database from 'better-sqlite3';
import type { Sha256 } from '../domain/ids.ts';
import { sha256Hex } from '../lib/hash.ts';
import { stringifyJson } from '../lib/json.ts';
import type { BalanceChange, CellNow, StateChange } from './diff-cells.ts';
import type { CellName } from './names.ts';

/** What stands before the first poll in the chain of headers. */
export const NO_HEADER = '0'.repeat(64) as Sha256;

/** A row as the text that is hashed: a JSON array of its kind and its values in a stated order. */
const leaf = (kind: string, ...values: readonly unknown[]): string => stringifyJson([kind, ...values]);

const nameOf = ({ entity, asset, address }: CellName): readonly string[] => [entity, asset, address];

/** The leaf of a balance that a poll added: entity, asset, address, poll, base units, assurance. */
export const balanceLeaf = (name: CellName, poll: number, change: BalanceChange): string =>
  leaf('balance', ...nameOf(name), poll, change.amount, change.assurance);

/** The leaf of a change of a cell's state that a poll added: entity, asset, address, poll, state, code, provider, message. */
export const readingLeaf = (name: CellName, poll: number, change: StateChange): string =>
  leaf('reading', ...nameOf(name), poll, change.state, change.code, change.provider, change.message);

/** The leaf of a cell in the state tree: what is known of it after a poll. */
export const cellLeaf = (name: CellName, cell: CellNow): string =>
  leaf(
    'cell',
    ...nameOf(name),
    cell.state,
    cell.amount,
    cell.changedPoll,
    cell.statePoll,
    cell.lastRead,
    cell.code,
    cell.provider,
  );

/** The last leaf of every poll: how many cells the state tree has, and its root. */
export const stateLeaf = (cells: number, root: Uint8Array): string =>
  leaf('state', cells, Buffer.from(root).toString('hex'));

/** What a poll's header binds together. */
export interface Header {
  readonly poll: number;
  readonly previous: Sha256;
  readonly root: Sha256;
  readonly leaves: number;
  readonly configSha256: Sha256;
}

/** The hash by which the next poll's header names this one. */
export const headerHash = (header: Header): Sha256 =>
  sha256Hex(leaf('header', header.poll, header.previous, header.root, header.leaves, header.configSha256));

const BEFORE_CELLS = {
  poll: `SELECT poll.id, entity.code, report_sha256, started_at_ms, finished_at_ms, moment_ms, code_version, supersedes
         FROM poll JOIN entity ON entity.id = poll.entity WHERE poll.id = ?`,
  coverage: `SELECT chain, height, hash, block_time_ms, finality, height_from, skew_seconds, assurance, groups, requests,
             asked, read, failed, changed FROM coverage WHERE poll = ? ORDER BY chain`,
  supply: 'SELECT caip19, amount, assurance, code, provider, message FROM supply WHERE poll = ? ORDER BY caip19',
  provider_fault:
    'SELECT seq, chain, operator, code, provider, message FROM provider_fault WHERE poll = ? ORDER BY seq',
};

const AFTER_CELLS = {
  rollup: `SELECT caip19, counts_as, decimals, total, read, unread FROM rollup JOIN asset ON asset.id = rollup.asset
           WHERE poll = ? ORDER BY caip19`,
  point: 'SELECT seq, asset, kind, quality, at_ms, body FROM point WHERE poll = ? ORDER BY seq',
  alert_event: `SELECT seq, id, type, fingerprint, episode, sequence, rule, severity, at_ms, test, body FROM alert_event
                WHERE poll = ? ORDER BY seq`,
};

/**
 * The leaves of a poll, in their order: poll, coverage, supply, provider_fault, balance and reading (both by cell, given by
 * the caller), rollup, point, alert_event, state. Each is `[kind, values…]` in the order of the columns above.
 */
export function createPollLeaves(
  db: Database.Database,
): (poll: number, cells: Iterable<string>, state: string) => Generator<string> {
  const prepare = (tables: Readonly<Record<string, string>>) =>
    Object.entries(tables).map(([kind, sql]) => ({ kind, rows: db.prepare<[number], unknown[]>(sql).raw() }));
  const before = prepare(BEFORE_CELLS);
  const after = prepare(AFTER_CELLS);
  return function* leaves(poll, cells, state) {
    for (const { kind, rows } of before) for (const row of rows.all(poll)) yield leaf(kind, ...row);
    yield* cells;
    for (const { kind, rows } of after) for (const row of rows.all(poll)) yield leaf(kind, ...row);
    yield state;
  };
}
