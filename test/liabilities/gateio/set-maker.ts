import { poseidon, type Rate } from '../../../src/liabilities/bn254/poseidon.ts';
import { hexOfWord } from '../../../src/liabilities/bn254/scalar.ts';
import { GATEIO } from '../../../src/liabilities/gateio/format.ts';
import type { Layout } from '../../../src/liabilities/zkmerkle/check-files.ts';
import { rootOfEqualLeaves } from '../../../src/liabilities/zkmerkle/path.ts';
import { pack, packByThree } from '../../../src/liabilities/zkmerkle/read.ts';
import { proofHex, type Trapdoor, trapdoor } from '../zkmerkle/groth16-maker.ts';
import { bareJson, base64Of, tableText, treeOf } from '../zkmerkle/tree-maker.ts';

/** A circuit of six assets instead of 800: the same rules, quick to hash. */
const SLOTS = 6;
const commitHoldings = (flat: readonly bigint[], rate?: Rate): bigint => poseidon(packByThree(flat), rate);
const nilOf = (slots: number, rate?: Rate): bigint =>
  poseidon([0n, 0n, 0n, commitHoldings(Array<bigint>(2 * slots).fill(0n), rate)]);
const EMPTY_ROOT = rootOfEqualLeaves(nilOf(SLOTS));
export const SMALL: Layout = {
  ...GATEIO,
  versions: [{ slots: SLOTS, emptyRoot: EMPTY_ROOT }],
  versionOf: () => null,
};
export const KEY = trapdoor(11n);

export interface Account {
  readonly id: bigint;
  /** Position, equity, debt. */
  readonly holdings: readonly (readonly [number, bigint, bigint])[];
  /** Instead of the amounts at the prices. */
  readonly equity?: bigint;
  readonly debt?: bigint;
}

/** What a dishonest or careless maker does differently. */
export interface Cheat {
  readonly slots?: number;
  /** As Binance's hash was for a year. */
  readonly rate?: Rate;
  readonly prices?: readonly bigint[];
  readonly accounts?: readonly Account[];
  /** Added to what the list says of an asset beyond the accounts. */
  readonly extra?: readonly (readonly [bigint, bigint])[];
  readonly start?: bigint;
  readonly rootStart?: bigint;
  readonly trapdoor?: Trapdoor;
  readonly row?: (row: Row, i: number) => Row;
}
export interface Row {
  readonly batch: string;
  readonly before: bigint;
  readonly after: bigint;
  readonly roots: readonly bigint[];
  readonly commitment: bigint;
  readonly proof: string;
}

export const PRICES = [100n, 7n, 3000n, 1n];
export const ACCOUNTS: readonly Account[] = [
  {
    id: 101n,
    holdings: [
      [0, 5n, 1n],
      [2, 9n, 0n],
    ],
  },
  { id: 102n, holdings: [[1, 1000n, 10n]] },
  {
    id: 103n,
    holdings: [
      [0, 2n, 0n],
      [3, 77n, 3n],
    ],
  },
  { id: 104n, holdings: [] },
  { id: 105n, holdings: [[2, 1n, 0n]] },
];

/** A whole publication of two batches: table, list of assets, and every customer's file. */
export function makeSet(cheat: Cheat = {}) {
  const { prices = PRICES, accounts = ACCOUNTS, extra = [], slots = SLOTS, rate } = cheat;
  const nil = nilOf(slots, rate);
  const valued = accounts.map((account) => {
    const worth = (side: 1 | 2) =>
      account.holdings.reduce((sum, holding) => sum + holding[side] * (prices[holding[0]] ?? 0n), 0n);
    const [equity, debt] = [account.equity ?? worth(1), account.debt ?? worth(2)];
    const flat = Array<bigint>(2 * slots).fill(0n);
    for (const [index, has, owes] of account.holdings) [flat[2 * index], flat[2 * index + 1]] = [has, owes];
    return { ...account, equity, debt, leaf: poseidon([account.id, equity, debt, commitHoldings(flat, rate)]) };
  });
  const leaves = valued.map(({ leaf }) => leaf);
  const totalsAfter = (count: number): bigint =>
    poseidon(
      Array.from({ length: slots }, (_, asset) => {
        const of = (side: 1 | 2) =>
          valued
            .slice(0, count)
            .reduce((sum, { holdings }) => sum + (holdings.find(([at]) => at === asset)?.[side] ?? 0n), 0n);
        const more = count === accounts.length ? (extra[asset] ?? [0n, 0n]) : [0n, 0n];
        return pack(of(1) + more[0], of(2) + more[1], prices[asset] ?? 0n);
      }),
      rate,
    );
  const root = (count: number): bigint => treeOf(leaves.slice(0, count), nil).root;
  const ends = [0, 3, accounts.length];
  const rows = [0, 1].map((i): Row => {
    const [from, to] = [ends[i]!, ends[i + 1]!];
    const before = i === 0 ? (cheat.start ?? totalsAfter(0)) : totalsAfter(from);
    const roots = [i === 0 ? (cheat.rootStart ?? rootOfEqualLeaves(nil)) : root(from), root(to)];
    const commitment = poseidon([...roots, before, totalsAfter(to)]);
    const made = { batch: `${i}`, before, after: totalsAfter(to), roots, commitment };
    return { ...made, proof: proofHex(cheat.trapdoor ?? KEY, commitment, BigInt(i + 1)) };
  });
  const total = (asset: number, side: 1 | 2): bigint =>
    valued.reduce(
      (sum, { holdings }) => sum + (holdings.find(([at]) => at === asset)?.[side] ?? 0n),
      extra[asset]?.[side === 1 ? 0 : 1] ?? 0n,
    );
  const list = {
    ProofCsv: './config/proof.csv',
    ZkKeyVKDirectoryAndPrefix: './zkpor4',
    CexAssetsInfo: prices.map((BasePrice, Index) => ({
      TotalEquity: total(Index, 1),
      TotalDebt: total(Index, 2),
      BasePrice,
      Symbol: ['btc', 'eth', 'doge', 'usdt'][Index] ?? `coin${Index}`,
      Index,
    })),
  };
  const tree = treeOf(leaves, nil);
  const users = valued.map(({ id, holdings, equity, debt }, position) =>
    bareJson({
      Arrangement: position,
      UniqueIdentification: hexOfWord(id),
      TotalAssetEquity: equity,
      TotalAssetDebt: debt,
      AssetDetails: holdings.map(([Index, Equity, Debt]) => ({ Index, Equity, Debt })),
      TreeRootHash: hexOfWord(tree.root),
      MerkleProofEncode: tree.path(position).map(base64Of),
    }),
  );
  return {
    table: textOf(rows.map(cheat.row ?? ((row) => row))),
    list: bareJson(list),
    users,
    root: hexOfWord(tree.root),
  };
}

const textOf = (rows: readonly Row[]): string =>
  tableText(
    rows.map((row, i) => ({
      id: `${i + 1}`,
      created_at: '23/7/2025 08:40:25.372',
      proof_info: Buffer.from(row.proof, 'hex').toString('base64'),
      cex_asset_list_commitments: [row.before, row.after].map(base64Of),
      account_tree_roots: row.roots.map(base64Of),
      batch_commitment: base64Of(row.commitment),
      batch_number: row.batch,
    })),
  );
