import { BINANCE } from '../../../src/liabilities/binance/format.ts';
import { poseidon } from '../../../src/liabilities/bn254/poseidon.ts';
import { hexOfWord } from '../../../src/liabilities/bn254/scalar.ts';
import type { Layout } from '../../../src/liabilities/zkmerkle/check-files.ts';
import { g1Hex, proofHex, times1, trapdoor } from '../zkmerkle/groth16-maker.ts';
import { bareJson, base64Of, tableText, treeOf } from '../zkmerkle/tree-maker.ts';

/** A circuit of three assets instead of 500 (and accounts of 50 as they are): the same rules, quick to hash. */
export const SLOTS = 3;
export const SMALL: Layout = { ...BINANCE, versions: [{ ...BINANCE.versions[0]!, slots: SLOTS }] };
const NIL = poseidon([0n, 0n, 0n, 0n, 0n]);
const KEY = trapdoor(21n);
const MOST = 1n << 118n;

/** Position, equity, debt, loan, margin, portfolio margin. */
export type Holding = readonly [number, bigint, bigint, bigint, bigint, bigint];
export interface Account {
  readonly id: bigint;
  readonly holdings: readonly Holding[];
  /** Instead of the amounts at the prices. */
  readonly equity?: bigint;
  readonly debt?: bigint;
  readonly collateral?: bigint;
}
/** Boundary and percent of each step that is used. */
export type Steps = readonly (readonly [bigint, bigint])[];

export interface Row {
  readonly batch: string;
  readonly before: bigint;
  readonly after: bigint;
  readonly roots: readonly bigint[];
  readonly first: number;
  readonly last: number;
  readonly commitment: bigint;
  readonly proof: string;
}
export interface Cheat {
  readonly accounts?: readonly Account[];
  /** Accounts are hashed as in the draft of July 2024, which has a name of its own for loans. */
  readonly draft?: boolean;
  readonly steps?: Steps;
  readonly layout?: 'one-root' | 'two-roots';
  readonly row?: (row: Row, i: number) => Row;
  readonly list?: (text: string) => string;
}

export const PRICES = [100n, 7n];
export const ACCOUNTS: readonly Account[] = [
  {
    id: 201n,
    holdings: [
      [0, 50n, 0n, 10n, 5n, 0n],
      [1, 9n, 20n, 0n, 0n, 1n],
    ],
  },
  { id: 202n, holdings: [[1, 1000n, 10n, 100n, 20n, 30n]] },
  { id: 203n, holdings: [] },
  { id: 204n, holdings: [[0, 3n, 0n, 0n, 0n, 0n]] },
];
const STEPS: Steps = [
  [500n, 100n],
  [1000n, 90n],
  [2000n, 55n],
];

interface Table {
  readonly boundary: bigint;
  readonly percent: bigint;
  readonly counted: bigint;
}
function tableOf(steps: Steps): readonly Table[] {
  let [before, counted] = [0n, 0n];
  return Array.from({ length: 12 }, (_, i) => {
    const [boundary, percent] = steps[i] ?? [MOST, 0n];
    counted += ((boundary - before) * percent) / 100n;
    before = boundary;
    return { boundary, percent, counted };
  });
}
function counts(value: bigint, table: readonly Table[]): bigint {
  const step = table.findIndex(({ boundary }) => value <= boundary);
  const below = table[step - 1] ?? { boundary: 0n, counted: 0n };
  return below.counted + ((value - below.boundary) * table[step]!.percent) / 100n;
}
const packed = (a: bigint, b: bigint, c: bigint): bigint => a * 2n ** 128n + b * 2n ** 64n + c;
const packedTable = (table: readonly Table[]): bigint[] =>
  [0, 2, 4, 6, 8, 10].map((i) => {
    const [low, high] = [table[i]!, table[i + 1]!];
    return low.percent + low.boundary * 2n ** 8n + high.percent * 2n ** 126n + high.boundary * 2n ** 134n;
  });

/** An account's assets filled up to 50 with the lowest positions that it does not have. */
function commitHoldings(holdings: readonly Holding[]): bigint {
  const own = new Set(holdings.map(([at]) => at));
  const others = Array.from({ length: 100 }, (_, at) => at).filter((at) => !own.has(at));
  const filled = [...holdings, ...others.slice(0, 50 - holdings.length).map((at): Holding => [at, 0n, 0n, 0n, 0n, 0n])];
  filled.sort(([a], [b]) => a - b);
  return poseidon(filled.flatMap(([at, a, b, c, d, e]) => [packed(BigInt(at), a, b), packed(c, d, e)]));
}

/** Every one of 350 assets in its place, without its position. */
const commitInPlaces = (holdings: readonly Holding[]): bigint => {
  const all = Array.from(
    { length: 350 },
    (_, at) => holdings.find(([index]) => index === at)?.slice(1) ?? [0n, 0n, 0n, 0n, 0n],
  );
  const flat = [...(all.flat() as bigint[]), 0n, 0n];
  return poseidon(Array.from({ length: 584 }, (_, i) => packed(flat[3 * i]!, flat[3 * i + 1]!, flat[3 * i + 2]!)));
};

/** A whole publication of two batches: table, list of assets, and every customer's file. */
export function makeSet(cheat: Cheat = {}) {
  const { accounts = ACCOUNTS, layout = 'one-root', draft = false } = cheat;
  const commit = draft ? commitInPlaces : commitHoldings;
  const table = tableOf(cheat.steps ?? STEPS);
  const valued = accounts.map((account) => {
    const sum = (of: (holding: Holding) => bigint): bigint =>
      account.holdings.reduce((total, holding) => total + of(holding), 0n);
    const equity = account.equity ?? sum(([at, has]) => has * (PRICES[at] ?? 0n));
    const debt = account.debt ?? sum(([at, , owes]) => owes * (PRICES[at] ?? 0n));
    const worth = sum(([at, , , ...pledged]) =>
      pledged.reduce((total, amount) => total + counts(amount * (PRICES[at] ?? 0n), table), 0n),
    );
    const collateral = account.collateral ?? worth;
    const leaf = poseidon([account.id, equity, debt, collateral, commit(account.holdings)]);
    return { ...account, equity, debt, collateral, leaf };
  });
  const total = (asset: number, field: 1 | 2 | 3 | 4 | 5, count: number): bigint =>
    valued
      .slice(0, count)
      .reduce((sum, { holdings }) => sum + (holdings.find(([at]) => at === asset)?.[field] ?? 0n), 0n);
  const commitment = (count: number): bigint =>
    poseidon(
      Array.from({ length: SLOTS }, (_, asset) => {
        const of = (field: 1 | 2 | 3 | 4 | 5) => total(asset, field, count);
        const tiers = packedTable(asset < PRICES.length ? table : tableOf([]));
        return [packed(of(1), of(2), PRICES[asset] ?? 0n), packed(of(3), of(4), of(5)), ...tiers, ...tiers, ...tiers];
      }).flat(),
    );
  const leaves = valued.map(({ leaf }) => leaf);
  const tree = treeOf(leaves, NIL);
  const ends = [0, 2, accounts.length];
  const rows = [0, 1].map((i): Row => {
    const [from, to] = [ends[i]!, ends[i + 1]!];
    const roots =
      layout === 'one-root' ? [tree.root] : [from, to].map((count) => treeOf(leaves.slice(0, count), NIL).root);
    const row = { batch: `${i}`, before: commitment(from), after: commitment(to), roots, first: from, last: to - 1 };
    return sealed({ ...row, commitment: 0n, proof: '' });
  });
  const made = rows.map(cheat.row ?? ((row) => row));
  const ratios = table.map(({ boundary, percent, counted }) => ({
    BoundaryValue: boundary,
    Ratio: percent,
    PrecomputedValue: counted,
  }));
  const list = bareJson({
    ProofTable: 'config/proof.csv',
    ZkKeyName: ['config/zkpor50_1380', 'config/zkpor500_200'],
    AssetsCountTiers: [50, 500],
    CexAssetsInfo: PRICES.map((BasePrice, Index) => ({
      TotalEquity: total(Index, 1, accounts.length),
      TotalDebt: total(Index, 2, accounts.length),
      BasePrice,
      Symbol: ['BTC', 'ETH'][Index]!,
      Index,
      LoanCollateral: total(Index, 3, accounts.length),
      MarginCollateral: total(Index, 4, accounts.length),
      PortfolioMarginCollateral: total(Index, 5, accounts.length),
      LoanRatios: ratios,
      MarginRatios: ratios,
      PortfolioMarginRatios: ratios,
    })),
  });
  const users = valued.map(({ id, holdings, equity, debt, collateral }, position) =>
    bareJson({
      AccountIndex: position,
      AccountIdHash: hexOfWord(id),
      TotalEquity: equity,
      TotalDebt: debt,
      TotalCollateral: collateral,
      Assets: holdings.map(([Index, Equity, Debt, Loan, Margin, PortfolioMargin]) => ({
        ...{ Index, Equity, Debt, [draft ? 'VipLoan' : 'Loan']: Loan, Margin, PortfolioMargin },
      })),
      Root: hexOfWord(tree.root),
      Proof: tree.path(position).map(base64Of),
    }),
  );
  return { table: textOf(made, layout), list: cheat.list?.(list) ?? list, users, root: hexOfWord(tree.root) };
}

/** A row whose hash and proof (with one commitment, as gnark writes it) fit its other cells. */
export function sealed(row: Row): Row {
  const range = row.roots.length === 1 ? [BigInt(row.first), BigInt(row.last)] : [];
  const commitment = poseidon([...row.roots, row.before, row.after, ...range]);
  const tail = `00000001${g1Hex(times1(5n), false)}${g1Hex(times1(6n), false)}`;
  return { ...row, commitment, proof: proofHex(KEY, commitment) + tail };
}

const textOf = (rows: readonly Row[], layout: 'one-root' | 'two-roots'): string =>
  tableText(
    rows.map((row, i) => ({
      id: `${i + 1}`,
      proof_info: Buffer.from(row.proof, 'hex').toString('base64'),
      cex_asset_list_commitments: [row.before, row.after].map(base64Of),
      account_tree_roots: row.roots.map(base64Of),
      batch_commitment: base64Of(row.commitment),
      ...(layout === 'one-root' ? { min_account_index: `${row.first}`, max_account_index: `${row.last}` } : {}),
      assets_count: '50',
      batch_number: row.batch,
    })),
  );
