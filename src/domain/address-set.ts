import { addDecimals, compareDecimals, type Decimal, formatDecimal } from './amount.ts';
import type { Address, AssetCode, AssetId, Sha256 } from './ids.ts';
import { cellKey } from './snapshot.ts';

/** The set of cells (an asset at an address) that a kept list asks to be read. */
export interface AddressSet {
  /** Counts the different sets of an entity, from 1: a list with a set that was there before has that one's version. */
  readonly version: number;
  /** SHA-256 over the cells in byte order, each its CAIP-19 asset id, a space, its canonical address, and a line feed. */
  readonly hash: Sha256;
  readonly cells: number;
}

/** One cell of a list, with what is held there as far as anybody says: read on its chain, else claimed by the list. */
export interface SetCell {
  readonly assetId: AssetId;
  readonly asset: AssetCode;
  readonly address: Address;
  /** Coin units; null where the list states no amount and none was ever read. */
  readonly amount: Decimal | null;
  readonly by: 'read' | 'claimed';
}

/** How much of one ratio asset went out of the set and came into it. Coin units, canonical decimals. */
export interface AssetMove {
  readonly asset: AssetCode;
  /** What the set before holds: at each cell its last reading, else its claim. */
  readonly held: string;
  readonly vanished: string;
  readonly added: string;
  /** Cells that went or came and whose amount nobody states: they are in no sum. */
  readonly unknown: number;
}

/** How the set of a list differs from that of the list that was in use when it came. */
export interface SetChange {
  /** The list that was in use then. */
  readonly former: Sha256;
  readonly formerVersion: number;
  readonly version: number;
  readonly added: number;
  readonly vanished: number;
  /** Assets whose set changed, the largest share first. */
  readonly assets: readonly AssetMove[];
  /** How many of the watched assets lost more than 5 % of what they hold. */
  readonly largeRemovals: number;
  /** In the order of `assets`, vanished before added, the largest amount first. */
  readonly cells: readonly {
    readonly change: 'vanished' | 'added';
    readonly assetId: AssetId;
    readonly address: Address;
    /** Coin units; null where nobody states it. */
    readonly amount: string | null;
    readonly by: SetCell['by'];
  }[];
  /** How many assets and cells are left out of the two lists above. */
  readonly truncated: { readonly assets: number; readonly cells: number };
}

/** A removal of more of what an asset holds than this is a warning, whatever share waits for approval. */
export const LARGE_REMOVAL_PPM = 50_000n;

/** A change of the set above this share waits for the operator unless the config says otherwise. */
export const DEFAULT_APPROVE_ABOVE_PPM = 100_000n;

const SHOWN_CELLS = 20;
const SHOWN_ASSETS = 20;
const ZERO: Decimal = { unscaled: 0n, scale: 0 };

/** What happened to one asset, with its sums as numbers. */
interface Tally {
  readonly asset: AssetCode;
  held: Decimal;
  vanished: Decimal;
  added: Decimal;
  unknown: number;
  readonly cells: { readonly change: 'vanished' | 'added'; readonly cell: SetCell }[];
}

/** How two sets differ, and what that asks for. */
export interface WeighedChange {
  readonly change: SetChange;
  /**
   * Whether a watched asset's change is above the share: the larger of what vanished and what came, over what the set before
   * holds; of an amount that nobody states, and from nothing, any change is.
   */
  exceeds(sharePpm: bigint): boolean;
}

/**
 * Compares the set of a list with that of the list in use. Cells that both have may be left out where `stays` says what they hold, by
 * asset. `watched`: the assets that decide; null: all. Pure and exact.
 */
export function weighChange(
  before: {
    readonly sha256: Sha256;
    readonly version: number;
    readonly cells: readonly SetCell[];
    readonly stays?: ReadonlyMap<AssetCode, Decimal>;
  },
  after: { readonly version: number; readonly cells: readonly SetCell[] },
  watched: readonly AssetCode[] | null,
): WeighedChange {
  const tallies = tally(before.cells, after.cells, before.stays ?? new Map());
  const changed = [...tallies.values()].filter(({ cells }) => cells.length > 0).sort(largestShareFirst);
  const deciding = changed.filter(({ asset }) => watched === null || watched.includes(asset));
  const all = changed.flatMap(({ cells }) => [...cells].sort(vanishedFirst));
  return {
    change: {
      former: before.sha256,
      formerVersion: before.version,
      version: after.version,
      added: all.filter(({ change }) => change === 'added').length,
      vanished: all.filter(({ change }) => change === 'vanished').length,
      assets: changed.slice(0, SHOWN_ASSETS).map((one) => ({
        asset: one.asset,
        held: formatDecimal(one.held),
        vanished: formatDecimal(one.vanished),
        added: formatDecimal(one.added),
        unknown: one.unknown,
      })),
      largeRemovals: deciding.filter(({ vanished, held }) => isAbove(vanished, held, LARGE_REMOVAL_PPM)).length,
      cells: all.slice(0, SHOWN_CELLS).map(({ change, cell: { assetId, address, amount, by } }) => ({
        change,
        assetId,
        address,
        amount: amount && formatDecimal(amount),
        by,
      })),
      truncated: {
        assets: Math.max(0, changed.length - SHOWN_ASSETS),
        cells: Math.max(0, all.length - SHOWN_CELLS),
      },
    },
    exceeds: (sharePpm) => deciding.some((one) => one.unknown > 0 || isAbove(movedOf(one), one.held, sharePpm)),
  };
}

/** The larger of what vanished and what came. */
export const movedOf = ({ vanished, added }: { readonly vanished: Decimal; readonly added: Decimal }): Decimal =>
  compareDecimals(vanished, added) > 0 ? vanished : added;

/** Whether a part is above a share (in ppm) of a whole, by cross-multiplication; of nothing, any part is. */
export function isAbove(part: Decimal, whole: Decimal, sharePpm: bigint): boolean {
  const scale = (value: Decimal, by: bigint): Decimal => ({ ...value, unscaled: value.unscaled * by });
  return compareDecimals(scale(part, 1_000_000n), scale(whole, sharePpm)) > 0;
}

function tally(
  before: readonly SetCell[],
  after: readonly SetCell[],
  stays: ReadonlyMap<AssetCode, Decimal>,
): ReadonlyMap<AssetCode, Tally> {
  const tallies = new Map<AssetCode, Tally>();
  const of = (asset: AssetCode): Tally => {
    const known = tallies.get(asset);
    if (known) return known;
    const fresh: Tally = { asset, held: stays.get(asset) ?? ZERO, vanished: ZERO, added: ZERO, unknown: 0, cells: [] };
    tallies.set(asset, fresh);
    return fresh;
  };
  const keyOf = ({ assetId, address }: SetCell): string => cellKey(assetId, address);
  const [old, fresh] = [new Set(before.map(keyOf)), new Set(after.map(keyOf))];
  const move = (change: 'vanished' | 'added', cell: SetCell): void => {
    const one = of(cell.asset);
    one.cells.push({ change, cell });
    if (cell.amount === null) one.unknown += 1;
    else one[change] = addDecimals(one[change], cell.amount);
  };
  for (const cell of before) {
    const one = of(cell.asset);
    if (cell.amount !== null) one.held = addDecimals(one.held, cell.amount);
    if (!fresh.has(keyOf(cell))) move('vanished', cell);
  }
  for (const cell of after) if (!old.has(keyOf(cell))) move('added', cell);
  return tallies;
}

/** By moved over held, cross-multiplied; what moved from nothing comes first. */
function largestShareFirst(a: Tally, b: Tally): number {
  const [x, y] = [product(movedOf(a), b.held), product(movedOf(b), a.held)];
  return compareDecimals(y, x) || (a.asset < b.asset ? -1 : 1);
}

const product = (a: Decimal, b: Decimal): Decimal => ({
  unscaled: a.unscaled * b.unscaled,
  scale: a.scale + b.scale,
});

function vanishedFirst(a: Tally['cells'][number], b: Tally['cells'][number]): number {
  if (a.change !== b.change) return a.change === 'vanished' ? -1 : 1;
  return compareDecimals(b.cell.amount ?? ZERO, a.cell.amount ?? ZERO);
}
