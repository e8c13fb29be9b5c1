import { addDecimals, compareDecimals, formatDecimal, parseDecimal } from './domain/amount.ts';
import { OWNER_ROW } from './domain/attestation.ts';
import type { Address, AssetCode, AssetId, ChainId, NetworkSlug } from './domain/ids.ts';
import { GRADES, type Grade, type OwnershipFlag } from './domain/ownership.ts';
import type { KeptRow } from './seams.ts';

/** What a list claims of one asset at one account. */
export interface ListedAsset {
  readonly asset: AssetCode | null;
  readonly assetId: AssetId | null;
  /** The publisher's labels: two or more are one cell under two names, counted once. */
  readonly labels: readonly string[];
  /** Spellings of the address in its rows. */
  readonly addressTexts: readonly string[];
  /** The largest amount that a row of it states, in coin units; null where none states one. This is what is counted. */
  readonly claimed: string | null;
  /** The sum over its rows, as a publisher who does not look adds them up; null where none states an amount. */
  readonly summed: string | null;
  readonly lines: readonly number[];
}

/** One account of a list, whatever its spellings in print. */
export interface ListedAccount {
  readonly network: NetworkSlug | null;
  readonly chain: ChainId | null;
  /** Canonical; null where the address was not understood. */
  readonly address: Address | null;
  readonly addressTexts: readonly string[];
  /** Of its rows, strongest first. */
  readonly grades: readonly Grade[];
  readonly flags: readonly OwnershipFlag[];
  readonly assets: readonly ListedAsset[];
}

/**
 * The accounts of rows that come by chain, address and spelling (`Store.listedRows`), one after another: nothing else is held. Rows that only
 * name an owner claim nothing and are left out.
 */
export function* listAccounts(rows: Iterable<KeptRow>): Generator<ListedAccount> {
  let group: KeptRow[] = [];
  for (const row of rows) {
    const { rowType, unstated, amount } = row.listed.row;
    if (rowType === OWNER_ROW && (unstated || amount === '0')) continue;
    const [first] = group;
    if (first !== undefined && !isSameAccount(first, row)) {
      yield toAccount(group, first);
      group = [];
    }
    group.push(row);
  }
  if (group[0] !== undefined) yield toAccount(group, group[0]);
}

function isSameAccount({ listed: a }: KeptRow, { listed: b }: KeptRow): boolean {
  if (a.resolved.chain !== b.resolved.chain || a.address !== b.address) return false;
  return a.address !== null || (a.row.addressText === b.row.addressText && a.row.network === b.row.network);
}

function toAccount(rows: readonly KeptRow[], { listed: { resolved, address } }: KeptRow): ListedAccount {
  const grades = new Set(rows.map(({ verdict }) => verdict.grade));
  const byAsset = new Map<string, KeptRow[]>();
  for (const row of rows) {
    const key = row.listed.resolved.assetId ?? `label ${row.listed.row.label}`;
    const known = byAsset.get(key);
    if (known === undefined) byAsset.set(key, [row]);
    else known.push(row);
  }
  return {
    network: resolved.network,
    chain: resolved.chain,
    address,
    addressTexts: [...new Set(rows.map(({ listed }) => listed.row.addressText))],
    grades: GRADES.filter((grade) => grades.has(grade)),
    flags: [...new Set(rows.flatMap(({ verdict }) => verdict.flags))],
    assets: [...byAsset.values()].map(toAsset),
  };
}

function toAsset(rows: readonly KeptRow[]): ListedAsset {
  const resolved = (rows[0] as KeptRow).listed.resolved;
  const claims = rows.flatMap(({ listed: { row } }) => (row.unstated ? [] : [row.amount]));
  return {
    asset: resolved.asset,
    assetId: resolved.assetId,
    labels: [...new Set(rows.map(({ listed }) => listed.row.label))],
    addressTexts: [...new Set(rows.map(({ listed }) => listed.row.addressText))],
    claimed: claims.length === 0 ? null : claims.reduce((most, one) => (isLarger(one, most) ? one : most)),
    summed: claims.length === 0 ? null : sumOf(claims),
    lines: rows.map(({ listed }) => listed.row.line).toSorted((a, b) => a - b),
  };
}

/** The sum of decimals in text; what is none adds nothing. */
export const sumOf = (amounts: readonly string[]): string =>
  formatDecimal(amounts.map(parseDecimal).reduce((so, one) => (one.ok ? addDecimals(so, one.value) : so), NOTHING));

const NOTHING = { unscaled: 0n, scale: 0 };

/** Whether one amount is larger than the other; the import wrote both canonically, and a text that is none compares as smaller. */
export function isLarger(one: string, other: string): boolean {
  const [a, b] = [parseDecimal(one), parseDecimal(other)];
  return a.ok && (!b.ok || compareDecimals(a.value, b.value) > 0);
}
