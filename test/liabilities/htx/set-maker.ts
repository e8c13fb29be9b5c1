import { poseidon } from '../../../src/liabilities/bn254/poseidon.ts';
import { hexOfWord } from '../../../src/liabilities/bn254/scalar.ts';
import { rootOfEqualLeaves } from '../../../src/liabilities/zkmerkle/path.ts';
import { proofHex, trapdoor } from '../zkmerkle/groth16-maker.ts';
import { bareJson, base64Of, tableText, treeOf } from '../zkmerkle/tree-maker.ts';

const size = (amount: bigint): bigint => (amount < 0n ? -amount : amount);
const hashOf = (amounts: readonly bigint[]): bigint => poseidon(amounts.map(size));
const KEY = trapdoor(11n);

/** Amounts by asset (some are owed), equity and debt of each account. */
const ACCOUNTS: readonly {
  readonly id: bigint;
  readonly held: readonly bigint[];
  readonly totals: readonly bigint[];
}[] = [
  { id: 101n, held: [5n, 0n, -2n], totals: [900n, 40n] },
  { id: 102n, held: [0n, 7n], totals: [70n, 0n] },
  { id: 103n, held: [], totals: [0n, 0n] },
  { id: 104n, held: [1n, 1n, 1n], totals: [30n, 3n] },
];

/** A whole publication of two batches, as HTX's source makes it, with a circuit of so many assets. */
export function makeSet(
  slots: number,
  change: (roots: readonly bigint[], i: number) => readonly bigint[] = (roots) => roots,
) {
  const filled = (held: readonly bigint[]): bigint[] => Array.from({ length: slots }, (_, i) => held[i] ?? 0n);
  const nil = poseidon([0n, 0n, 0n, hashOf(filled([]))]);
  const leaves = ACCOUNTS.map(({ id, held, totals }) => poseidon([id, ...totals, hashOf(filled(held))]));
  const sums = (count: number): bigint[] =>
    filled([]).map((_, asset) => ACCOUNTS.slice(0, count).reduce((sum, { held }) => sum + (held[asset] ?? 0n), 0n));
  const root = (count: number): bigint =>
    count === 0 ? rootOfEqualLeaves(nil) : treeOf(leaves.slice(0, count), nil).root;
  const ends = [0, 2, ACCOUNTS.length];
  const rows = [0, 1].map((i) => {
    const lists = [hashOf(sums(ends[i]!)), hashOf(sums(ends[i + 1]!))];
    const roots = change([root(ends[i]!), root(ends[i + 1]!)], i);
    const commitment = poseidon([...roots, ...lists]);
    return {
      ...{ id: `${i + 1}`, proof_info: Buffer.from(proofHex(KEY, commitment), 'hex').toString('base64') },
      ...{ cex_asset_list_commitments: lists.map(base64Of), account_tree_roots: roots.map(base64Of) },
      ...{ batch_commitment: base64Of(commitment), batch_number: `${i}` },
    };
  });
  const tree = treeOf(leaves, nil);
  const symbols = ['btc', 'eth', 'trx'];
  return {
    table: tableText(rows),
    list: bareJson({
      ...{ ProofTable: 'proof0.csv', ZkKeyName: 'zkpor500' },
      CexAssetsInfo: sums(ACCOUNTS.length).map((TotalBalance, Index) => ({
        ...{ TotalBalance, Symbol: symbols[Index] ?? `coin${Index}`, Index },
      })),
    }),
    users: ACCOUNTS.map(({ id, held, totals: [TotalEquity, TotalDebt] }, AccountIndex) =>
      bareJson({
        ...{ AccountIndex, AccountIdHash: hexOfWord(id), TotalEquity, TotalDebt },
        Assets: held.flatMap((Balance, Index) => (Balance === 0n ? [] : [{ Index, Balance }])),
        ...{ Root: hexOfWord(tree.root), Proof: tree.path(AccountIndex).map(base64Of) },
      }),
    ),
    root: hexOfWord(tree.root),
  };
}
