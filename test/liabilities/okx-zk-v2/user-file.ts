import { hexOfDigest } from '../../../src/liabilities/okx-zk-v2/digest.ts';
import { P } from '../../../src/liabilities/okx-zk-v2/goldilocks.ts';
import type { Case, Files } from '../cases.ts';
import { type Beside, fileOf, hashOf, pinOf, proved } from './global-file.ts';

// Two accounts a batch, two batches: leaf, one sibling, one level of two.
/** A customer. */
export const ID = '0123456789abcdef'.repeat(4);
/** A hash beside the customer's leaf. */
export const sibling = [11n, 12n, 13n, 14n];
const other = [21n, 22n, 23n, 24n];
/** What a customer's file says. */
interface User {
  readonly equity: readonly string[];
  readonly debt: readonly string[];
  readonly index?: number;
  readonly sibling?: string;
  readonly id?: string;
  /** A third batch, to the right of the customer's. */
  readonly middle?: true;
  /** Another level above, of three children. */
  readonly uneven?: true;
}
const hexes = (...digests: readonly (readonly bigint[])[]): string[] => digests.map(hexOfDigest);
/** A user's file, with the root that it leads to. */
export function userOf({
  equity,
  debt,
  index = 3,
  sibling: hash = hexOfDigest(sibling),
  id = ID,
  middle,
  uneven,
}: User) {
  const sum = (amounts: readonly string[]): bigint => amounts.reduce((total, amount) => total + BigInt(amount), 0n) % P;
  const leaf = hashOf([
    ...[0, 14, 28, 42, 56].map((from) => BigInt(`0x${id.slice(from, from + 14)}`)),
    sum(equity),
    sum(debt),
  ]);
  const below = hashOf([...other, ...hashOf([...sibling, ...leaf]), ...(middle ? sibling : [])]);
  const levels = [{ left_hashes: hexes(other), right_hashes: middle ? hexes(sibling) : [] }];
  if (uneven) levels.push({ left_hashes: hexes(sibling, sibling), right_hashes: [] });
  const root = uneven ? hashOf([...sibling, ...sibling, ...below]) : below;
  const text = JSON.stringify({
    account: { id, equity, debt },
    index,
    sum_tree_siblings: [hash],
    recursive_tree_siblings: levels,
  });
  return { text, root };
}
/** Equity and debt above those of any customer of the tests. */
export const TOTALS = [2n ** 61n, 2n ** 60n];
/** The files of a call: a user's beside a global proof of its root. */
export function beside(
  { text, root }: ReturnType<typeof userOf>,
  totals: readonly bigint[] = TOTALS,
  general: Beside = {},
): Pick<Case, 'files' | 'circuits'> {
  const one = proved([...totals, ...root]);
  const file = fileOf(one, { branchout: 2, batch: 2, tokens: 2, ...general });
  const files: Files = {
    'sum_proof_data.json': { kind: 'okx-zk-v2-global', text: file },
    'user.json': { kind: 'okx-zk-v2-inclusion', text },
  };
  return { files, circuits: [pinOf(one)] };
}
