import type Database from 'better-sqlite3';
import { type BaseUnits, baseUnits, ZERO } from '../domain/amount.ts';
import type { AssetId, EntityId } from '../domain/ids.ts';
import type { Assurance } from '../domain/snapshot.ts';
import { decodeAmount } from './codec.ts';
import { setCell } from './current.ts';
import { type BalanceChange, type CellNow, readAs, type StateChange, unreadAs, unseen } from './diff-cells.ts';
import { balanceLeaf, readingLeaf } from './leaves.ts';
import { MerkleTree } from './merkle.ts';
import type { CellName, Names } from './names.ts';

/** What the cells of one asset add up to. */
export interface Total {
  readonly total: BaseUnits;
  readonly read: number;
  readonly unread: number;
}

/** The history of all cells, played again poll by poll from the change rows alone. */
export interface Replay {
  /** Applies one poll's changes, polls in ascending order, and gives the leaves of the rows it added. */
  step(poll: number, entity: EntityId): readonly string[];
  /** What is asked of the entity after the polls so far, by asset. */
  totals(entity: EntityId): ReadonlyMap<AssetId, Total>;
  readonly tree: MerkleTree;
  /** Every cell after the polls so far, in the order of the ids; a cell that no row mentions is missing. */
  cells(): readonly (CellNow | undefined)[];
  /** Change rows read so far. */
  rows(): number;
  /** Whether change rows are left that belong to no poll seen so far. */
  leftOver(): boolean;
  /** Ends the reading; the connection is busy until then. */
  close(): void;
}

interface BalanceRow extends Omit<BalanceChange, 'amount'> {
  readonly poll: number;
  readonly amount: Buffer;
}

type ReadingRow = StateChange & { readonly poll: number };

/** Starts a replay; memory is O(cells), each poll costs O(its changes). */
export function createReplay(db: Database.Database, names: Names): Replay {
  const balances = peekable(
    db.prepare<[], BalanceRow>('SELECT cell, poll, amount, assurance FROM balance ORDER BY poll, cell').iterate(),
  );
  const readings = peekable(
    db
      .prepare<[], ReadingRow>('SELECT cell, poll, state, code, provider, message FROM reading ORDER BY poll, cell')
      .iterate(),
  );
  const named: CellName[] = [];
  for (const { id, entity, asset, address } of names.allCells()) named[id] = { entity, asset, address };
  const cells: CellNow[] = [];
  const totals = createTotals();
  const lastPolls = new Map<EntityId, number>();
  const tree = new MerkleTree();
  let rows = 0;

  function put(now: CellNow): void {
    const name = named[now.id];
    if (!name) throw new Error(`cell ${now.id} has rows, but no name`);
    totals.move(name, cells[now.id], now);
    cells[now.id] = now;
  }

  return {
    step(poll, entity) {
      const leaves: string[] = [];
      const touched = new Set<number>();
      for (let row = balances.next(poll); row; row = balances.next(poll)) {
        const amount = decodeAmount(row.amount);
        put(readAs(cells[row.cell] ?? unseen(row.cell, poll), amount, poll));
        const change = { cell: row.cell, amount, assurance: row.assurance as Assurance };
        leaves.push(balanceLeaf(named[row.cell] as CellName, poll, change));
        touched.add(row.cell);
      }
      for (let row = readings.next(poll); row; row = readings.next(poll)) {
        const before = cells[row.cell] ?? unseen(row.cell, poll);
        put(
          row.state === 'read'
            ? { ...readAs(before, before.amount ?? ZERO, poll), changedPoll: before.changedPoll }
            : unreadAs(before, row, poll, lastPolls.get(entity) ?? null),
        );
        leaves.push(readingLeaf(named[row.cell] as CellName, poll, row));
        touched.add(row.cell);
      }
      for (const id of [...touched].sort((a, b) => a - b)) {
        setCell(tree, { name: named[id] as CellName, now: cells[id] as CellNow });
      }
      rows += leaves.length;
      lastPolls.set(entity, poll);
      return leaves;
    },
    totals: totals.of,
    tree,
    cells: () => cells.slice(1),
    rows: () => rows,
    leftOver: () => balances.more() || readings.more(),
    close() {
      balances.close();
      readings.close();
    },
  };
}

/** Sums by entity and asset that follow the cells as they change; dropped cells are in none. */
function createTotals() {
  const byEntity = new Map<EntityId, Map<AssetId, { total: BaseUnits; read: number; unread: number }>>();
  function add({ entity, asset }: CellName, cell: CellNow | undefined, sign: 1 | -1): void {
    if (!cell || cell.state === 'dropped') return;
    const assets = byEntity.get(entity) ?? new Map<AssetId, { total: BaseUnits; read: number; unread: number }>();
    byEntity.set(entity, assets);
    const sum = assets.get(asset) ?? { total: ZERO, read: 0, unread: 0 };
    assets.set(asset, sum);
    if (cell.state === 'read') {
      sum.total = baseUnits(sum.total + BigInt(sign) * (cell.amount ?? ZERO));
      sum.read += sign;
    } else {
      sum.unread += sign;
    }
    if (sum.read + sum.unread === 0) assets.delete(asset);
  }
  return {
    move(name: CellName, before: CellNow | undefined, after: CellNow): void {
      add(name, before, -1);
      add(name, after, 1);
    },
    of: (entity: EntityId): ReadonlyMap<AssetId, Total> => byEntity.get(entity) ?? new Map(),
  };
}

/** Rows in ascending order of their poll, handed out poll by poll. */
function peekable<Row extends { readonly poll: number }>(rows: IterableIterator<Row>) {
  let head = rows.next();
  return {
    next(poll: number): Row | null {
      if (head.done || head.value.poll !== poll) return null;
      const row = head.value;
      head = rows.next();
      return row;
    },
    more: (): boolean => !head.done,
    close: (): void => {
      rows.return?.();
    },
  };
}
