import { addDecimals, compareDecimals, type Decimal, formatDecimal, parseDecimal } from './domain/amount.ts';
import type { ListedRow } from './domain/attestation.ts';
import { GRADES, type Grade, type OwnershipVerdict } from './domain/ownership.ts';
import { stringifyJson } from './lib/json.ts';

/** One thing that a list claims: all rows of one asset at one address, as one. */
export interface ListedCell {
  /** CAIP-2, or the publisher's network text where the chain is not known; null where neither is. */
  readonly chain: string | null;
  /** Canonical, or as printed where it did not decode. */
  readonly address: string;
  /** The ratio asset, or the publisher's label where that is not known. */
  readonly asset: string;
  readonly labels: readonly string[];
  readonly amount: string;
  /** The weakest of its rows' grades. */
  readonly grade: Grade;
}

/** A cell on one side only, or the figures of one on both sides. */
export interface ChangedCell<T> extends Pick<ListedCell, 'chain' | 'address' | 'asset'> {
  readonly before: T;
  readonly after: T;
}

/** What differs between two lists. Amounts are canonical decimals in coin units; changes carry their sign. */
export interface ReportDiff {
  readonly scope: { readonly assetsAdded: readonly string[]; readonly assetsDropped: readonly string[] };
  readonly totals: readonly {
    readonly asset: string;
    readonly before: string | null;
    readonly after: string | null;
    readonly change: string;
  }[];
  readonly added: readonly ListedCell[];
  readonly removed: readonly ListedCell[];
  readonly amounts: readonly (ChangedCell<string> & { readonly change: string })[];
  readonly grades: readonly ChangedCell<Grade>[];
  /** The same asset at the same address under another of the publisher's labels. */
  readonly labels: readonly ChangedCell<readonly string[]>[];
  /** The publisher's labels that only one side uses, in rows or totals. */
  readonly labelsAdded: readonly string[];
  readonly labelsDropped: readonly string[];
  readonly unchanged: number;
}

/** A list, ready to be compared: cells by their key, and every label that the file uses. */
export interface ListContent {
  readonly cells: ReadonlyMap<string, ListedCell>;
  readonly labels: ReadonlySet<string>;
}

/** Collects a list's rows into cells: rows of one asset at one address are one, owners and other rows without an amount included. */
export function collectCells(rows: Iterable<{ readonly listed: ListedRow; readonly verdict: OwnershipVerdict }>): {
  readonly cells: ReadonlyMap<string, ListedCell>;
  readonly labels: Set<string>;
} {
  const cells = new Map<string, ListedCell>();
  const labels = new Set<string>();
  for (const { listed, verdict } of rows) {
    const { row, resolved } = listed;
    const chain = resolved.chain ?? row.network;
    const address = listed.address ?? row.addressText;
    labels.add(row.label);
    const key = stringifyJson([chain, address, resolved.assetId ?? row.label]);
    const known = cells.get(key);
    const cell = { chain, address, asset: resolved.asset ?? row.label, labels: [row.label] };
    if (known === undefined) cells.set(key, { ...cell, amount: row.amount, grade: verdict.grade });
    else {
      cells.set(key, {
        ...known,
        labels: [...new Set([...known.labels, row.label])].sort(),
        amount: formatDecimal(addDecimals(decimal(known.amount), decimal(row.amount))),
        grade: GRADES.indexOf(verdict.grade) > GRADES.indexOf(known.grade) ? verdict.grade : known.grade,
      });
    }
  }
  return { cells, labels };
}

/** Compares two lists cell by cell. A cell whose label alone changed is found by its chain, address and ratio asset. */
export function diffReports(before: ListContent, after: ListContent): ReportDiff {
  const pairs: [ListedCell, ListedCell][] = [];
  const removed: ListedCell[] = [];
  const added = new Map(after.cells);
  for (const [key, cell] of before.cells) {
    const same = after.cells.get(key);
    if (same === undefined) removed.push(cell);
    else pairs.push([cell, same]);
    added.delete(key);
  }
  const left = pairRelabelled(removed, [...added.values()], pairs);
  const changed = <T>(pick: (cell: ListedCell) => T, same: (a: T, b: T) => boolean): ChangedCell<T>[] =>
    pairs.flatMap(([a, b]) => {
      const { chain, address, asset } = b;
      return same(pick(a), pick(b)) ? [] : [{ chain, address, asset, before: pick(a), after: pick(b) }];
    });
  const amounts = changed(
    ({ amount }) => amount,
    (a, b) => a === b,
  );
  const grades = changed(
    ({ grade }) => grade,
    (a, b) => a === b,
  );
  const labels = changed<readonly string[]>(
    (cell) => cell.labels,
    (a, b) => a.join('\n') === b.join('\n'),
  );
  const totals = diffTotals(totalsOf(before), totalsOf(after));
  const touched = pairs.filter(
    ([a, b]) => a.amount !== b.amount || a.grade !== b.grade || a.labels.join('\n') !== b.labels.join('\n'),
  );
  return {
    scope: {
      assetsAdded: totals.filter((one) => one.before === null).map(({ asset }) => asset),
      assetsDropped: totals.filter((one) => one.after === null).map(({ asset }) => asset),
    },
    totals,
    added: left.added,
    removed: left.removed,
    amounts: amounts.map((one) => ({ ...one, change: minus(one.after, one.before) })),
    grades,
    labels,
    labelsAdded: [...after.labels].filter((label) => !before.labels.has(label)).sort(),
    labelsDropped: [...before.labels].filter((label) => !after.labels.has(label)).sort(),
    unchanged: pairs.length - touched.length,
  };
}

/** Addresses that only one of two lists has, with what it claims there by asset. An address counts once whatever it holds. */
export interface AddressCount {
  readonly addresses: number;
  readonly assets: readonly { readonly asset: string; readonly addresses: number; readonly amount: string }[];
}

/** Addresses that came with the newer list and those that went. */
export interface AddressChanges {
  readonly new: AddressCount;
  readonly vanished: AddressCount;
}

/** Which addresses came and went, on each chain: an asset that came or went at an address that stays is neither. */
export function diffAddresses(before: ListContent, after: ListContent): AddressChanges {
  const { added, removed } = diffReports(before, after);
  const placeOf = ({ chain, address }: ListedCell): string => stringifyJson([chain, address]);
  const notIn = (list: ListContent, cells: readonly ListedCell[]): readonly ListedCell[] => {
    const places = new Set([...list.cells.values()].map(placeOf));
    return cells.filter((cell) => !places.has(placeOf(cell)));
  };
  const count = (cells: readonly ListedCell[]): AddressCount => {
    const sums = new Map<string, { places: Set<string>; amount: Decimal }>();
    for (const cell of cells) {
      const sum = sums.get(cell.asset) ?? { places: new Set(), amount: { unscaled: 0n, scale: 0 } };
      sums.set(cell.asset, {
        places: sum.places.add(placeOf(cell)),
        amount: addDecimals(sum.amount, decimal(cell.amount)),
      });
    }
    return {
      addresses: new Set(cells.map(placeOf)).size,
      assets: [...sums]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([asset, { places, amount }]) => ({ asset, addresses: places.size, amount: formatDecimal(amount) })),
    };
  };
  return { new: count(notIn(before, added)), vanished: count(notIn(after, removed)) };
}

/** Moves cells that went and came at one address with one ratio asset to the pairs, where there is exactly one of each. */
function pairRelabelled(
  removed: readonly ListedCell[],
  added: readonly ListedCell[],
  pairs: [ListedCell, ListedCell][],
): { readonly removed: readonly ListedCell[]; readonly added: readonly ListedCell[] } {
  const gone = groupCells(removed);
  const come = groupCells(added);
  const paired = new Set<ListedCell>();
  for (const [key, [old, ...more]] of gone) {
    const [fresh, ...others] = come.get(key) ?? [];
    if (old === undefined || fresh === undefined || more.length > 0 || others.length > 0) continue;
    pairs.push([old, fresh]);
    paired.add(old).add(fresh);
  }
  return { removed: removed.filter((cell) => !paired.has(cell)), added: added.filter((cell) => !paired.has(cell)) };
}

function groupCells(cells: readonly ListedCell[]): Map<string, ListedCell[]> {
  const groups = new Map<string, ListedCell[]>();
  for (const cell of cells) {
    const key = stringifyJson([cell.chain, cell.address, cell.asset]);
    groups.set(key, [...(groups.get(key) ?? []), cell]);
  }
  return groups;
}

function totalsOf({ cells }: ListContent): Map<string, Decimal> {
  const totals = new Map<string, Decimal>();
  for (const { asset, amount } of cells.values()) {
    const known = totals.get(asset);
    totals.set(asset, known === undefined ? decimal(amount) : addDecimals(known, decimal(amount)));
  }
  return totals;
}

function diffTotals(before: Map<string, Decimal>, after: Map<string, Decimal>): ReportDiff['totals'] {
  const zero = { unscaled: 0n, scale: 0 };
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((asset) => {
    const a = before.get(asset);
    const b = after.get(asset);
    if (a !== undefined && b !== undefined && compareDecimals(a, b) === 0) return [];
    return [
      {
        asset,
        before: a === undefined ? null : formatDecimal(a),
        after: b === undefined ? null : formatDecimal(b),
        change: minus(formatDecimal(b ?? zero), formatDecimal(a ?? zero)),
      },
    ];
  });
}

function minus(a: string, b: string): string {
  const right = decimal(b);
  return formatDecimal(addDecimals(decimal(a), { ...right, unscaled: -right.unscaled }));
}

function decimal(text: string): Decimal {
  const value = parseDecimal(text);
  if (!value.ok) throw new Error(value.error);
  return value.value;
}
