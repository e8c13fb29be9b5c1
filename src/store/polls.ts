import type Database from 'better-sqlite3';
import { chainOfAsset, type EntityId, type Sha256 } from '../domain/ids.ts';
import type { PollRecord } from '../domain/poll.ts';
import type { PollHead } from '../seams.ts';
import type { AlertTables } from './alerts.ts';
import { write } from './connection.ts';
import { buildStateTree, type CurrentTable, type NamedCell, setCell } from './current.ts';
import { diffCells } from './diff-cells.ts';
import { balanceLeaf, createPollLeaves, NO_HEADER, readingLeaf, stateLeaf } from './leaves.ts';
import { createRootHasher, type MerkleTree } from './merkle.ts';
import type { CellName, Names } from './names.ts';
import { createPollRows } from './poll-rows.ts';

/** Keeps polls: each whole, in one transaction. */
export interface PollTables {
  commitPoll(record: PollRecord): number;
  latestPoll(entity: EntityId): PollHead | null;
  /** The newest header of the whole database. */
  head(): { readonly poll: number; readonly hash: Sha256 } | null;
}

interface Parts {
  readonly db: Database.Database;
  readonly names: Names;
  readonly current: CurrentTable;
  readonly alerts: AlertTables;
  /** Throws where another process holds the poller's lock. */
  readonly assertMayPoll: () => void;
}

export function createPollTables(parts: Parts): PollTables {
  const { db, current, alerts } = parts;
  const rows = createPollRows(db);
  const leavesOf = createPollLeaves(db);
  // The state tree after poll `cached.poll`; dropped whenever a transaction fails or another process has polled.
  let cached: { readonly poll: number | null; readonly tree: MerkleTree } | null = null;

  function commit(record: PollRecord): number {
    parts.assertMayPoll();
    const head = rows.head();
    const tree = cached && cached.poll === (head?.poll ?? null) ? cached.tree : buildStateTree(current);
    cached = null;
    const known = current.ofEntity(record.entity);
    const lastPoll = rows.lastPoll(record.entity);
    const poll = rows.insertPoll(parts.names.entity(record.entity), record);
    const named = new Map<number, CellName>([...known.values()].map(({ name, now }) => [now.id, name]));
    const diff = diffCells(nowOf(known), record.snapshot.cells, poll, lastPoll, ({ query }) => {
      const name = { entity: record.entity, asset: query.asset.id, address: query.address };
      const id = parts.names.addCell(name);
      named.set(id, name);
      return id;
    });
    const nameOf = (cell: number): CellName => named.get(cell) as CellName;
    rows.insertSources(poll, record, diff, nameOf);
    rows.insertCells(poll, diff);
    for (const rollup of diff.rollups) rows.insertRollup(poll, parts.names.asset(rollup.asset), rollup);
    for (const now of [...diff.now].sort((a, b) => a.id - b.id)) {
      current.put(now);
      setCell(tree, { name: nameOf(now.id), now });
    }
    rows.insertPoints(poll, parts.names.entity(record.entity), record);
    alerts.putStates(record.alertStates);
    alerts.addEvents(poll, record.events, record.receivers);
    const hasher = createRootHasher();
    const cells = [
      ...diff.balances.map((change) => balanceLeaf(nameOf(change.cell), poll, change)),
      ...diff.states.map((change) => readingLeaf(nameOf(change.cell), poll, change)),
    ];
    for (const leaf of leavesOf(poll, cells, stateLeaf(tree.size, tree.root()))) hasher.add(leaf);
    rows.insertHeader({
      poll,
      previous: head?.hash ?? NO_HEADER,
      root: Buffer.from(hasher.root()).toString('hex') as Sha256,
      leaves: hasher.count(),
      configSha256: record.configSha256,
    });
    cached = { poll, tree };
    return poll;
  }

  return {
    commitPoll(record) {
      assertWhole(record);
      try {
        return write(db, () => commit(record));
      } catch (error) {
        cached = null;
        throw error;
      }
    },
    latestPoll: rows.latestPoll,
    head: rows.head,
  };
}

const nowOf = (cells: ReadonlyMap<string, NamedCell>) => new Map([...cells].map(([key, { now }]) => [key, now]));

/** A balance is kept only with its evidence: a chain that was read has a block in this snapshot. */
function assertWhole({ snapshot }: PollRecord): void {
  const blocks = new Set(snapshot.sources.filter((source) => source.block).map((source) => source.chain));
  const bare = snapshot.cells.find(
    (cell) => cell.outcome.kind === 'read' && !blocks.has(chainOfAsset(cell.query.asset.id)),
  );
  if (bare)
    throw new Error(`poll reads ${bare.query.asset.id} at ${bare.query.address}, but names no block of its chain`);
}
