import type { BaseUnits } from '../domain/amount.ts';
import { type AssetCode, type AssetId, type Brand, type ChainId, chainOfAsset } from '../domain/ids.ts';
import type { ChainAsset } from '../domain/network.ts';
import { type Assurance, type Cell, cellKey, type Snapshot } from '../domain/snapshot.ts';
import type { LastReading } from '../seams.ts';
import { type AssetBook, decimalsOf, scaledTo } from './scale.ts';

/** A snapshot in which every large fall is confirmed: the only kind that figures are computed from and that is stored. */
export type GuardedSnapshot = Brand<Snapshot, 'GuardedSnapshot'>;

/** Falls that were seen and not believed yet: the height of the block they were seen at, by cell. */
export type Suspects = ReadonlyMap<string, bigint>;

/** What the guard judges by. */
export interface GuardInput {
  readonly snapshot: Snapshot;
  readonly lastReadings: ReadonlyMap<string, LastReading>;
  readonly book: AssetBook;
  /** Whether every provider was probed anew for this very snapshot. */
  readonly freshProbes: boolean;
  /** The assurance that the operator accepts (A2 unless the config writes less). */
  readonly minAssurance: Assurance;
  /** What the last call returned: the falls that this snapshot may confirm. */
  readonly suspects: Suspects;
}

/** Falls that together are below 1 part in 1,000 of a subject's last readings decide nothing and are let pass. */
const IMMATERIAL_PART = 1_000n;

/**
 * Withholds every cell that reads zero after non-zero, or less than half of before, until it is confirmed: at A2 by fresh
 * probes in the same snapshot; where the config accepts less than A2, by fresh probes and a second such reading at a newer
 * block. A withheld cell is unread (`unconfirmed`), so that its last complete reading stays what it was; while `suspects`
 * is not empty the entity should be read again with fresh probes. Pure: pass `suspects` on to the next call.
 */
export function guardSnapshot(input: GuardInput): { readonly snapshot: GuardedSnapshot; readonly suspects: Suspects } {
  const { snapshot, suspects: seen } = input;
  const material = materialAssets(input);
  const heights = new Map(snapshot.sources.flatMap(({ chain, block }) => (block ? [[chain, block.height]] : [])));
  const suspects = new Map<string, bigint>();
  const cells = snapshot.cells.map((cell): Cell => {
    const { asset, address } = cell.query;
    const key = cellKey(asset.id, address);
    const fall = fallOf(cell, input.lastReadings.get(key));
    if (fall === null || !material.has(subjectOf(asset))) return cell;
    const height = heights.get(chainOfAsset(asset.id)) ?? 0n;
    if (input.freshProbes && isConfirmed(fall.assurance, input.minAssurance, seen.get(key), height)) return cell;
    // The first sighting stays the mark to beat: a provider that repeats one block confirms nothing.
    suspects.set(key, seen.get(key) ?? height);
    const message = `fell from ${fall.before} to ${fall.after} base units; waiting for a confirming read`;
    return {
      query: cell.query,
      outcome: { kind: 'unread', failure: { code: 'unconfirmed', message, provider: 'guard', retryable: true } },
    };
  });
  return {
    snapshot: { ...recount(snapshot, cells), cells } as Snapshot as GuardedSnapshot,
    suspects: keepUnread(input, suspects),
  };
}

const isConfirmed = (assurance: Assurance, accepted: Assurance, seenAt: bigint | undefined, height: bigint): boolean =>
  assurance >= 'A2' || (accepted < 'A2' && assurance >= accepted && seenAt !== undefined && height > seenAt);

interface Fall {
  readonly before: BaseUnits;
  readonly after: BaseUnits;
  readonly assurance: Assurance;
}

function fallOf({ outcome }: Cell, last: LastReading | undefined): Fall | null {
  if (outcome.kind !== 'read' || !last || last.amount === 0n) return null;
  if (outcome.amount * 2n >= last.amount) return null;
  return { before: last.amount, after: outcome.amount, assurance: outcome.assurance };
}

/** What a fall is measured against: all that counts as the same ratio asset, or the chain asset alone. */
const subjectOf = (asset: ChainAsset): AssetCode | AssetId => asset.countsAs ?? asset.id;

function materialAssets(input: GuardInput): ReadonlySet<AssetCode | AssetId> {
  const sums = new Map<AssetCode | AssetId, { held: bigint; fallen: bigint }>();
  for (const cell of input.snapshot.cells) {
    const { asset, address } = cell.query;
    const last = input.lastReadings.get(cellKey(asset.id, address));
    if (!last) continue;
    const decimals = asset.countsAs === null ? asset.decimals : decimalsOf(input.book, asset.countsAs);
    const scaled = (units: BaseUnits): bigint => scaledTo(input.book, units, asset.id, decimals) ?? units;
    const sum = sums.get(subjectOf(asset)) ?? { held: 0n, fallen: 0n };
    const fall = fallOf(cell, last);
    sum.held += scaled(last.amount);
    if (fall) sum.fallen += scaled(fall.before) - scaled(fall.after);
    sums.set(subjectOf(asset), sum);
  }
  return new Set([...sums].filter(([, sum]) => sum.fallen * IMMATERIAL_PART >= sum.held).map(([subject]) => subject));
}

/** A suspect that could not be read this time is still one. */
function keepUnread({ snapshot, suspects }: GuardInput, found: Map<string, bigint>): Suspects {
  for (const { query, outcome } of snapshot.cells) {
    const key = cellKey(query.asset.id, query.address);
    const height = suspects.get(key);
    if (outcome.kind === 'unread' && height !== undefined) found.set(key, height);
  }
  return found;
}

function recount(snapshot: Snapshot, cells: readonly Cell[]): Snapshot {
  const read = new Map<ChainId, number>();
  for (const { query, outcome } of cells) {
    const chain = chainOfAsset(query.asset.id);
    if (outcome.kind === 'read') read.set(chain, (read.get(chain) ?? 0) + 1);
  }
  const sources = snapshot.sources.map((source) => {
    const count = read.get(source.chain) ?? 0;
    return count === source.read ? source : { ...source, read: count, failed: source.asked - count };
  });
  return { ...snapshot, sources };
}
