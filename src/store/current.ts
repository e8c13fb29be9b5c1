import type Database from 'better-sqlite3';
import type { EntityId } from '../domain/ids.ts';
import { cellKey } from '../domain/snapshot.ts';
import { decodeAmount, encodeAmount } from './codec.ts';
import type { CellNow, CellState } from './diff-cells.ts';
import { cellLeaf } from './leaves.ts';
import { MerkleTree } from './merkle.ts';
import type { CellName } from './names.ts';

/** A cell's name with what is known of it. */
export interface NamedCell {
  readonly name: CellName;
  readonly now: CellNow;
}

/** What is known of every cell after the newest poll: the one table that polls overwrite. */
export interface CurrentTable {
  /** The cells of an entity by cellKey, dropped ones included. */
  ofEntity(entity: EntityId): Map<string, NamedCell>;
  /** All cells in the order of their ids. */
  all(): Generator<NamedCell>;
  put(cell: CellNow): void;
}

interface Row {
  readonly id: number;
  readonly entity: string;
  readonly caip19: string;
  readonly address: string;
  readonly state: string;
  readonly amount: Buffer | null;
  readonly changed_poll: number | null;
  readonly state_poll: number;
  readonly last_read: number | null;
  readonly code: string | null;
  readonly provider: string | null;
}

const SELECT = `SELECT cell.id, entity.code AS entity, asset.caip19, account.address, now.state, now.amount,
    now.changed_poll, now.state_poll, now.last_read, now.code, now.provider
  FROM cell JOIN entity ON entity.id = cell.entity JOIN asset ON asset.id = cell.asset
  JOIN account ON account.id = cell.account JOIN current_balance AS now ON now.cell = cell.id`;

export function createCurrentTable(db: Database.Database): CurrentTable {
  const ofEntity = db.prepare<[string], Row>(`${SELECT} WHERE entity.code = ?`);
  const all = db.prepare<[], Row>(`${SELECT} ORDER BY cell.id`);
  const put = db.prepare(
    `INSERT INTO current_balance (cell, state, amount, changed_poll, state_poll, last_read, code, provider)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (cell) DO UPDATE SET state = excluded.state, amount = excluded.amount,
     changed_poll = excluded.changed_poll, state_poll = excluded.state_poll, last_read = excluded.last_read,
     code = excluded.code, provider = excluded.provider`,
  );
  return {
    ofEntity(entity) {
      const cells = new Map<string, NamedCell>();
      for (const row of ofEntity.iterate(entity)) {
        const cell = toCell(row);
        cells.set(cellKey(cell.name.asset, cell.name.address), cell);
      }
      return cells;
    },
    *all() {
      for (const row of all.iterate()) yield toCell(row);
    },
    put: (cell) =>
      put.run(
        cell.id,
        cell.state,
        cell.amount === null ? null : encodeAmount(cell.amount),
        cell.changedPoll,
        cell.statePoll,
        cell.lastRead,
        cell.code,
        cell.provider,
      ),
  };
}

const toCell = (row: Row): NamedCell => ({
  name: { entity: row.entity, asset: row.caip19, address: row.address } as CellName,
  now: {
    id: row.id,
    state: row.state as CellState,
    amount: row.amount && decodeAmount(row.amount),
    changedPoll: row.changed_poll,
    statePoll: row.state_poll,
    lastRead: row.last_read,
    code: row.code,
    provider: row.provider,
  },
});

/** Sets a cell's leaf in the state tree. */
export const setCell = (tree: MerkleTree, { name, now }: NamedCell): void =>
  tree.setLeaf(now.id - 1, cellLeaf(name, now));

/** The state tree as the table stands. */
export function buildStateTree(current: CurrentTable): MerkleTree {
  const tree = new MerkleTree();
  for (const cell of current.all()) setCell(tree, cell);
  return tree;
}
