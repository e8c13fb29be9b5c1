import { addDecimals, compareDecimals, type Decimal, formatDecimal, parseDecimal } from './domain/amount.ts';
import type { ListedRow } from './domain/attestation.ts';
import type { AssetId } from './domain/ids.ts';
import type { Registry } from './domain/registry.ts';
import { accountMoves } from './domain/set-moves.ts';
import { cellKey } from './domain/snapshot.ts';
import { groupBy } from './lib/group-by.ts';
import { stringifyJson } from './lib/json.ts';
import type { Store } from './seams.ts';

/** Whether figures were read on chains, are the lists' own claims, or some of each. */
export type FiguredBy = 'read' | 'claimed' | 'mixed';

/**
 * What became of the holdings at one list's addresses once another list stands, of one asset (`accountMoves`): coin units,
 * canonical decimals. Nothing is said of where coins went, only of how much newly listed addresses hold.
 */
export interface AssetMoves {
  readonly asset: string;
  readonly lost: string;
  readonly raised: string;
  readonly gained: string;
  readonly explained: string;
  readonly unexplained: string;
  /** Addresses that went, came or stayed without any amount that is stated or was read: they are in no sum. */
  readonly unknown: number;
  readonly lostBy: FiguredBy;
  readonly gainedBy: FiguredBy;
}

/** What the store read at the cells of two kept lists, by `cellKey`, in coin units. */
export interface KeptReadings {
  /** When the former list came into use. */
  readonly before: ReadonlyMap<string, Decimal>;
  /** When the newer one did; at its cells that were read before it did, or where it never did, the last reading. */
  readonly after: ReadonlyMap<string, Decimal>;
}

const ZERO: Decimal = { unscaled: 0n, scale: 0 };

interface HeldCell {
  readonly asset: string;
  readonly address: string;
  readonly assetIds: ReadonlySet<AssetId>;
  readonly claimed: Decimal | null;
}

/** The readings of two kept lists of one entity; null where one of them is not kept for it. */
export function keptReadings(
  store: Store,
  { assets }: Pick<Registry, 'assets'>,
  lists: { readonly before: string; readonly after: string },
): KeptReadings | null {
  const kept = store.reports();
  const former = kept.find(
    ({ file, entity }) =>
      file.sha256 === lists.before && kept.some((one) => one.entity === entity && one.file.sha256 === lists.after),
  );
  const newer = kept.find(({ file, entity }) => file.sha256 === lists.after && entity === former?.entity);
  if (former === undefined || newer === undefined) return null;
  const inCoins = <T>(readings: ReadonlyMap<string, T>, amountOf: (one: T) => bigint): Map<string, Decimal> =>
    new Map(
      [...readings].flatMap(([key, one]) => {
        const scale = assets.get(key.slice(0, key.indexOf(' ')) as AssetId)?.decimals;
        return scale === undefined ? [] : [[key, { unscaled: amountOf(one), scale }] as const];
      }),
    );
  const last = inCoins(store.lastReadings(former.entity), ({ amount }) => amount);
  const start = (sha256: typeof former.file.sha256) =>
    inCoins(store.readingsAtStart(sha256, former.entity), (amount) => amount);
  return { before: start(former.file.sha256), after: new Map([...last, ...start(newer.file.sha256)]) };
}

/** The moves between two lists, and at which cells (`listedKey`) of the former one something was lost. */
export interface ListMoves {
  readonly moves: readonly AssetMoves[];
  readonly lostAt: ReadonlySet<string>;
}

/** Accounts for the moves between two lists, asset by asset, where anything was lost or came: with readings where there are any. */
export function diffMoves(
  before: Iterable<{ readonly listed: ListedRow }>,
  after: Iterable<{ readonly listed: ListedRow }>,
  readings: KeptReadings | null,
): ListMoves {
  const lostAt = new Set<string>();
  const [old, fresh] = [heldCells(before), heldCells(after)];
  const assets = groupBy(
    [...new Set([...old.keys(), ...fresh.keys()])],
    (key) => (old.get(key) ?? fresh.get(key))?.asset,
  );
  const moves = [...assets]
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1))
    .flatMap(([asset = '', keys]) => movesOf(asset, keys, old, fresh, readings, lostAt) ?? []);
  return { moves, lostAt };
}

function movesOf(
  asset: string,
  keys: readonly string[],
  old: ReadonlyMap<string, HeldCell>,
  fresh: ReadonlyMap<string, HeldCell>,
  readings: KeptReadings | null,
  lostAt: Set<string>,
): AssetMoves | null {
  const [held, holds] = [new Map<string, Decimal>(), new Map<string, Decimal>()];
  const [lostBy, gainedBy] = [new Set<'read' | 'claimed'>(), new Set<'read' | 'claimed'>()];
  let unknown = 0;
  for (const key of keys) {
    const [a, b] = [old.get(key), fresh.get(key)];
    const first = a && (readOf(a, readings?.before) ?? null);
    const second = b && (readOf(b, readings?.after) ?? null);
    // Both sides of one address are of one kind, or its difference would be none that ever was.
    const read = first !== null && second !== null;
    const [from, to] = read ? [first, second] : [a?.claimed, b?.claimed];
    if (from === null || to === null) {
      unknown += 1;
      continue;
    }
    if (from !== undefined && compareDecimals(to ?? ZERO, from) < 0) lostAt.add(key);
    if (from !== undefined) held.set(key, from);
    if (to !== undefined) holds.set(key, to);
    (from === undefined ? gainedBy : lostBy).add(read ? 'read' : 'claimed');
  }
  const account = accountMoves(held, holds);
  if (account.lost.unscaled === 0n && account.gained.unscaled === 0n) return null;
  const sums = {
    lost: formatDecimal(account.lost),
    raised: formatDecimal(account.raised),
    gained: formatDecimal(account.gained),
    explained: formatDecimal(account.explained),
    unexplained: formatDecimal(account.unexplained),
  };
  return { asset, ...sums, unknown, lostBy: kindOf(lostBy), gainedBy: kindOf(gainedBy) };
}

const kindOf = (kinds: ReadonlySet<'read' | 'claimed'>): FiguredBy =>
  kinds.size > 1 ? 'mixed' : ([...kinds][0] ?? 'claimed');

/** What was read at all of a cell's chain assets; undefined where one was not. */
function readOf(
  { assetIds, address }: HeldCell,
  readings: ReadonlyMap<string, Decimal> | undefined,
): Decimal | undefined {
  let sum: Decimal | undefined;
  for (const id of assetIds) {
    const amount = readings?.get(cellKey(id, address as never));
    if (amount === undefined) return undefined;
    sum = sum === undefined ? amount : addDecimals(sum, amount);
  }
  return sum;
}

const assetOf = ({ resolved, row }: ListedRow): string => resolved.asset ?? row.label;
const addressOf = ({ address, row }: ListedRow): string => address ?? row.addressText;

/** What tells one cell of a list from another: chain, address and ratio asset, so that another label of the publisher's is no move. */
export const listedKey = (listed: ListedRow): string =>
  stringifyJson([listed.resolved.chain ?? listed.row.network, addressOf(listed), assetOf(listed)]);

/** The cells of a list by `listedKey`. */
function heldCells(rows: Iterable<{ readonly listed: ListedRow }>): ReadonlyMap<string, HeldCell> {
  const cells = new Map<string, HeldCell>();
  for (const { listed } of rows) {
    const { row, resolved } = listed;
    const key = listedKey(listed);
    const known = cells.get(key);
    const amount = row.unstated ? null : decimal(row.amount);
    cells.set(key, {
      asset: assetOf(listed),
      address: addressOf(listed),
      assetIds: new Set([...(known?.assetIds ?? []), ...(resolved.assetId ? [resolved.assetId] : [])]),
      claimed: known?.claimed && amount ? addDecimals(known.claimed, amount) : (amount ?? known?.claimed ?? null),
    });
  }
  return cells;
}

function decimal(text: string): Decimal {
  const value = parseDecimal(text);
  if (!value.ok) throw new Error(value.error);
  return value.value;
}
