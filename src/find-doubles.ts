import type { Address, ChainId } from './domain/ids.ts';
import { isLarger, type ListedAccount, listAccounts, sumOf } from './list-accounts.ts';
import type { KeptRow } from './seams.ts';

/** How one list may count coins twice. */
export const DOUBLE_KINDS = ['two-labels', 'two-spellings', 'repeated-row', 'pod', 'owner'] as const;
export type DoubleKind = (typeof DOUBLE_KINDS)[number];

/** Coins that one list names twice. Amounts are canonical decimals in coin units. */
export interface Double {
  readonly kind: DoubleKind;
  readonly chain: ChainId | null;
  readonly address: Address | null;
  readonly asset: string;
  readonly labels: readonly string[];
  readonly addressTexts: readonly string[];
  readonly lines: readonly number[];
  /** What we count of the account's own rows; null where they state no amount. */
  readonly counted: string | null;
  /** What the rows add up to, where somebody adds all of them. */
  readonly summed: string | null;
  /** Of a pod or an owner: what its validators' rows claim, and how many they are. */
  readonly validators: { readonly rows: number; readonly claimed: string; readonly firstLine: number } | null;
}

/**
 * Finds what a list may count twice: a cell (asset and account, whatever the spelling) in several rows, which is counted once here; and
 * staked coins whose EigenPod or withdrawal address stands in the list as an account of its own in the same asset. Those are separate
 * balances, which only the chain can tell apart from one sum written down twice: a pod is always named, an owner where its
 * amount could hold all that its validators claim. `rows` come by chain and address (`Store.listedRows`), and are asked a second time for
 * those of the owners alone (more may come).
 */
export function findDoubles(rows: (addresses?: readonly string[]) => Iterable<KeptRow>): readonly Double[] {
  const stakes = new Map<string, Stake>();
  const doubles: Double[] = [];
  for (const account of listAccounts(collectStakes(rows(), stakes))) doubles.push(...cellsOf(account));
  if (stakes.size === 0) return doubles;
  const owners = [...new Set([...stakes.values()].flatMap(({ address }) => [address, address.toLowerCase()]))];
  for (const account of listAccounts(rows(owners))) doubles.push(...stakesOf(account, stakes));
  return doubles;
}

function* cellsOf(account: ListedAccount): Generator<Double> {
  if (account.address === null) return;
  for (const one of account.assets) {
    if (one.lines.length < 2) continue;
    const kind = one.labels.length > 1 ? 'two-labels' : one.addressTexts.length > 1 ? 'two-spellings' : 'repeated-row';
    yield doubleOf(kind, account, one, null);
  }
}

/** What the validators of one owner or pod claim of one asset. */
interface Stake {
  readonly kind: 'pod' | 'owner';
  readonly address: string;
  claimed: string;
  rows: number;
  readonly firstLine: number;
}

const stakeKey = (address: string, asset: string): string => `${address.toLowerCase()} ${asset}`;

/** OKX names staking rows so (12-column layout): `Native ETH Staking`, `Eigenlayer Staking`, and `Non Staking`, which is none. */
const isStaking = (rowType: string | null): boolean =>
  rowType !== null && /staking/i.test(rowType) && !/\bnon\b/i.test(rowType);

/** The rows as they come, while the staking ones are added up. */
function* collectStakes(rows: Iterable<KeptRow>, stakes: Map<string, Stake>): Generator<KeptRow> {
  for (const row of rows) {
    yield row;
    const { listed } = row;
    const { rowType, owner1, owner2, label, line, unstated, amount } = listed.row;
    if (!isStaking(rowType)) continue;
    const owners = [
      { text: owner2, kind: 'pod' },
      { text: owner1, kind: 'owner' },
    ] as const;
    for (const { text, kind } of owners) {
      if (text === null || text === listed.row.addressText) continue;
      const key = stakeKey(text, listed.resolved.asset ?? label);
      const stake = stakes.get(key) ?? { kind, address: text, claimed: '0', rows: 0, firstLine: line };
      stake.rows += 1;
      if (!unstated) stake.claimed = sumOf([stake.claimed, amount]);
      stakes.set(key, stake);
    }
  }
}

function* stakesOf(account: ListedAccount, stakes: ReadonlyMap<string, Stake>): Generator<Double> {
  if (account.address === null) return;
  for (const one of account.assets) {
    const stake = stakes.get(stakeKey(account.address, one.asset ?? one.labels[0] ?? ''));
    if (stake === undefined) continue;
    const couldHoldAll = one.claimed !== null && !isLarger(stake.claimed, one.claimed);
    if (stake.kind === 'pod' || couldHoldAll) yield doubleOf(stake.kind, account, one, stake);
  }
}

const doubleOf = (
  kind: DoubleKind,
  { chain, address }: ListedAccount,
  { asset, labels, addressTexts, lines, claimed, summed }: ListedAccount['assets'][number],
  stake: Stake | null,
): Double => ({
  kind,
  chain,
  address,
  asset: asset ?? labels[0] ?? '',
  labels,
  addressTexts,
  lines,
  counted: claimed,
  summed,
  validators: stake === null ? null : { rows: stake.rows, claimed: stake.claimed, firstLine: stake.firstLine },
});
