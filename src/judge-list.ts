import { type SetCell, weighChange } from './domain/address-set.ts';
import { addDecimals, type BaseUnits, type Decimal } from './domain/amount.ts';
import { type Attestation, type ListDecision, listInUse } from './domain/attestation.ts';
import type { AssetCode, EntityId, Sha256 } from './domain/ids.ts';
import type { Registry } from './domain/registry.ts';
import type { ClaimedCell, ComparedCell, ReportImport, Store } from './seams.ts';
import { claimOf } from './solvency/scale.ts';

/** When a list that arrives is not used until the operator approves it. */
export interface HoldPolicy {
  /** `never`: who imports it approves it by that. A share in ppm: where the set changes by more. `always`: in any case. */
  readonly hold: 'never' | 'always' | bigint;
  /** The ratio assets that decide; null: all that are listed. */
  readonly watched: readonly AssetCode[] | null;
  /** Who brings it: `operator`, or `watch`. */
  readonly by: string;
}

interface Parts {
  readonly store: Pick<Store, 'reports' | 'comparedCells'>;
  readonly registry: Pick<Registry, 'assets'>;
  readonly atMs: number;
}

/**
 * Judges a list against the one in use, as `ReportImport.judge` does it: what is held at the former list's cells is their last
 * reading where there is one, else the claim; the new list's cells are taken at their claims. The first list waits only where it
 * must.
 */
export function judgeList(
  { sha256, entity }: { readonly sha256: Sha256; readonly entity: EntityId },
  { hold, watched, by }: HoldPolicy,
  { store, registry, atMs }: Parts,
): NonNullable<ReportImport['judge']> {
  return (set) => {
    const decide = (state: ListDecision['state'], note: string | null): ListDecision => ({ state, by, atMs, note });
    const former = listInUse(store.reports(entity).filter(({ file }) => file.sha256 !== sha256));
    if (former === null) return { change: null, decision: hold === 'always' ? decide('waiting', null) : null };
    const same = former.set.hash === set.hash;
    const { gone, come, stays } = same
      ? SAME
      : changedCells(store.comparedCells(former.file.sha256, sha256, entity), registry);
    const { change, exceeds } = weighChange(
      { sha256: former.file.sha256, version: former.set.version, cells: gone, stays },
      { version: set.version, cells: come },
      watched,
    );
    if (hold === 'always' || (typeof hold === 'bigint' && exceeds(hold)))
      return { change, decision: decide('waiting', null) };
    // Who brings in a changed set by hand has approved it: that is a row, too.
    const approved = hold === 'never' && !same;
    return { change, decision: approved ? decide('approved', 'imported by hand') : null };
  };
}

/** The cells that only the former list or only the new one tracks, each in file order, and what the former's others hold by asset. */
interface ChangedCells {
  readonly gone: readonly SetCell[];
  readonly come: readonly SetCell[];
  readonly stays: ReadonlyMap<AssetCode, Decimal>;
}

const SAME: ChangedCells = { gone: [], come: [], stays: new Map() };

/** Only what came or went is kept in memory: most of a long list stays. */
function changedCells(cells: Iterable<ComparedCell>, registry: Parts['registry']): ChangedCells {
  const gone: Placed[] = [];
  const come: Placed[] = [];
  const stays = new Map<AssetCode, Decimal>();
  for (const { before, after, lastRead } of cells) {
    if (before === null) {
      if (after !== null) come.push({ line: after.line, cell: heldAt(after, null, registry) });
      continue;
    }
    const cell = heldAt(before, lastRead, registry);
    if (after === null) gone.push({ line: before.line, cell });
    else if (cell.amount !== null) {
      const held = stays.get(cell.asset);
      stays.set(cell.asset, held === undefined ? cell.amount : addDecimals(held, cell.amount));
    }
  }
  return { gone: inFileOrder(gone), come: inFileOrder(come), stays };
}

interface Placed {
  readonly line: number;
  readonly cell: SetCell;
}

const inFileOrder = (placed: Placed[]): readonly SetCell[] =>
  placed.sort((a, b) => a.line - b.line).map(({ cell }) => cell);

/** What a cell holds as far as anybody says: its last reading, else its claim, else nothing that is known. */
function heldAt(
  { assetId, asset, address, claimed, unstated }: ClaimedCell,
  lastRead: BaseUnits | null,
  { assets }: Parts['registry'],
): SetCell {
  const decimals = assets.get(assetId)?.decimals;
  if (lastRead !== null && decimals !== undefined) {
    return { assetId, asset, address, amount: { unscaled: lastRead, scale: decimals }, by: 'read' };
  }
  const amount: Decimal | null = unstated ? null : claimOf(claimed);
  return { assetId, asset, address, amount, by: 'claimed' };
}

/** What approving or rejecting a kept list by hand records. */
export const decidedByHand = (state: ListDecision['state'], atMs: number, note: string | null): ListDecision => ({
  state,
  by: 'operator',
  atMs,
  note,
});

/** The kept lists whose SHA-256 begins with a prefix. */
export const listsBeginning = (reports: readonly Attestation[], prefix: string): readonly Attestation[] =>
  reports.filter(({ file }) => file.sha256.startsWith(prefix));
