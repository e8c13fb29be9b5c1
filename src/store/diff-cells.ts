import { type BaseUnits, baseUnits } from '../domain/amount.ts';
import type { AssetCode, AssetId } from '../domain/ids.ts';
import { type Assurance, type Cell, cellKey } from '../domain/snapshot.ts';

export type CellState = 'read' | 'failed' | 'dropped';

/** What is known of a cell after the newest poll of its entity: all that the next poll is compared with. */
export interface CellNow {
  readonly id: number;
  readonly state: CellState;
  /** The last amount that was read; null where none ever was. */
  readonly amount: BaseUnits | null;
  /** The poll of the last balance row. */
  readonly changedPoll: number | null;
  /** Since when the state holds. */
  readonly statePoll: number;
  /** The last poll that read it; null while the newest did, or where none ever did. */
  readonly lastRead: number | null;
  readonly code: string | null;
  readonly provider: string | null;
}

export interface BalanceChange {
  readonly cell: number;
  readonly amount: BaseUnits;
  readonly assurance: Assurance;
}

export interface StateChange {
  readonly cell: number;
  readonly state: CellState;
  readonly code: string | null;
  readonly provider: string | null;
  readonly message: string | null;
}

/** A chain asset's total in one poll: the sum of its read cells, and how many were read and not. */
export interface Rollup {
  readonly asset: AssetId;
  readonly countsAs: AssetCode | null;
  readonly decimals: number;
  readonly total: BaseUnits;
  readonly read: number;
  readonly unread: number;
}

/** What one poll adds, in the order of the cells' ids. */
export interface CellDiff {
  readonly balances: readonly BalanceChange[];
  readonly states: readonly StateChange[];
  /** The cells that differ from before, as they are now. */
  readonly now: readonly CellNow[];
  readonly rollups: readonly Rollup[];
}

/**
 * Compares a poll's cells with what is known. A cell read with its last amount adds nothing; a failure that goes on with
 * the same code and provider adds nothing (its message is that of its first poll). A known cell that was not asked is dropped.
 *
 * @param known by cellKey
 * @param lastPoll the entity's poll before this one
 * @param addCell gives an unknown cell the next id
 */
export function diffCells(
  known: ReadonlyMap<string, CellNow>,
  cells: readonly Cell[],
  poll: number,
  lastPoll: number | null,
  addCell: (cell: Cell) => number,
): CellDiff {
  const asked = new Set<string>();
  const balances: BalanceChange[] = [];
  const states: StateChange[] = [];
  const now: CellNow[] = [];
  for (const cell of cells) {
    const key = cellKey(cell.query.asset.id, cell.query.address);
    if (asked.has(key)) throw new Error(`poll asks the cell ${key} twice`);
    asked.add(key);
    const before = known.get(key);
    const change = diffCell(before, cell, poll, lastPoll, addCell);
    if (!change) continue;
    now.push(change);
    const { outcome } = cell;
    if (change.changedPoll === poll && outcome.kind === 'read') {
      balances.push({ cell: change.id, amount: outcome.amount, assurance: outcome.assurance });
    } else {
      const message = outcome.kind === 'unread' ? outcome.failure.message : null;
      states.push({ cell: change.id, state: change.state, code: change.code, provider: change.provider, message });
    }
  }
  for (const [key, before] of known) {
    if (asked.has(key) || before.state === 'dropped') continue;
    now.push(unreadAs(before, { state: 'dropped', code: null, provider: null }, poll, lastPoll));
    states.push({ cell: before.id, state: 'dropped', code: null, provider: null, message: null });
  }
  return {
    balances: balances.sort((a, b) => a.cell - b.cell),
    states: states.sort((a, b) => a.cell - b.cell),
    now,
    rollups: rollUp(cells),
  };
}

function diffCell(
  before: CellNow | undefined,
  cell: Cell,
  poll: number,
  lastPoll: number | null,
  addCell: (cell: Cell) => number,
): CellNow | null {
  const { outcome } = cell;
  if (outcome.kind === 'read') {
    if (before?.amount !== outcome.amount) return readAs(before ?? unseen(addCell(cell), poll), outcome.amount, poll);
    return before.state === 'read'
      ? null
      : { ...readAs(before, outcome.amount, poll), changedPoll: before.changedPoll };
  }
  const { code, provider } = outcome.failure;
  if (before?.state === 'failed' && before.code === code && before.provider === provider) return null;
  return unreadAs(before ?? unseen(addCell(cell), poll), { state: 'failed', code, provider }, poll, lastPoll);
}

/** A cell before its first outcome. */
export const unseen = (id: number, poll: number): CellNow => ({
  id,
  state: 'dropped',
  amount: null,
  changedPoll: null,
  statePoll: poll,
  lastRead: null,
  code: null,
  provider: null,
});

/** The cell after a poll that read another amount than its last. */
export const readAs = (cell: CellNow, amount: BaseUnits, poll: number): CellNow => ({
  id: cell.id,
  state: 'read',
  amount,
  changedPoll: poll,
  statePoll: cell.state === 'read' ? cell.statePoll : poll,
  lastRead: null,
  code: null,
  provider: null,
});

/** The cell after a poll that did not read it: if the entity's poll before did, that was the last one. */
export const unreadAs = (
  cell: CellNow,
  now: Pick<CellNow, 'state' | 'code' | 'provider'>,
  poll: number,
  lastPoll: number | null,
): CellNow => ({
  ...cell,
  state: now.state,
  code: now.code,
  provider: now.provider,
  statePoll: poll,
  lastRead: cell.state === 'read' ? lastPoll : cell.lastRead,
});

function rollUp(cells: readonly Cell[]): readonly Rollup[] {
  const rollups = new Map<AssetId, { -readonly [K in keyof Rollup]: Rollup[K] }>();
  for (const { query, outcome } of cells) {
    const { id, countsAs, decimals } = query.asset;
    const rollup = rollups.get(id) ?? { asset: id, countsAs, decimals, total: baseUnits(0n), read: 0, unread: 0 };
    rollups.set(id, rollup);
    if (outcome.kind === 'read') {
      rollup.total = baseUnits(rollup.total + outcome.amount);
      rollup.read += 1;
    } else {
      rollup.unread += 1;
    }
  }
  return [...rollups.values()].sort((a, b) => (a.asset < b.asset ? -1 : 1));
}
