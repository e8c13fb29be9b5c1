import { type Claim, parseProof } from '../bn254/groth16.ts';
import { poseidon } from '../bn254/poseidon.ts';
import { hexOfWord, isScalar } from '../bn254/scalar.ts';
import type { CheckName } from '../check-names.ts';
import type { Checklist } from '../checklist.ts';
import type { AssetList, CircuitSize } from './assets.ts';
import type { BatchRow, ProofTable } from './table.ts';

/** A version of an exchange's circuit, with the root of its tree of empty accounts. */
export interface CircuitVersion extends CircuitSize {
  readonly emptyRoot: bigint;
}

/** An exchange's circuits. */
export interface CircuitFamily {
  /** Further circuits that customers' files may be made with. */
  readonly drafts?: readonly CircuitSize[];
  /** Whether a circuit may be of a number of assets that only its table or list shows. */
  readonly anySize?: boolean;
  /** Whether its lists name every asset of the circuit, so that their lengths tell the number. */
  readonly wholeLists?: boolean;
  /** The versions that its source shows, newest first. */
  readonly versions: readonly CircuitVersion[];
  /** The version of another number of assets whose empty tree has this root, with the lists of the call as a hint; absent where the root does not depend on it. */
  readonly versionOf?: (emptyRoot: bigint, lists: readonly AssetList[]) => CircuitVersion | null;
}

/** A chain of batches that holds: what it leads to. Lists of assets are not compared yet. */
export interface Chain {
  readonly root: string;
  /** The circuit that the chain shows; null where it is none that is known. */
  readonly version: CircuitVersion | null;
  readonly first: BatchRow;
  readonly last: BatchRow;
  /** The proofs with their public inputs; null where a proof has commitments, which this version cannot check. */
  readonly claims: readonly Claim[] | null;
}

const UNKNOWN_START =
  'the first batch starts from no tree of empty accounts that is known: the circuit is of another number of assets, or of another exchange';

/** The version of the circuit that a table starts with; null where its first root is of no empty tree that is known. */
export function versionOfTable(
  { rows, layout }: ProofTable,
  family: CircuitFamily,
  lists: readonly AssetList[],
): CircuitVersion | null {
  if (layout === 'one-root') return family.versions[0]!;
  const root = rows[0]!.roots[0]!;
  return family.versions.find(({ emptyRoot }) => emptyRoot === root) ?? family.versionOf?.(root, lists) ?? null;
}

/** Checks what the table itself must fulfil, from cheap to dear; null where a check fails. */
export function checkChain(
  table: ProofTable,
  family: CircuitFamily,
  lists: readonly AssetList[],
  checks: Checklist,
): Chain | null {
  const { rows } = table;
  const [first, last] = [rows[0]!, rows.at(-1)!];
  const all = (name: CheckName, holds: (row: BatchRow, i: number) => boolean, detail: string): boolean => {
    if (checks.off(name)) return checks.require(name, true, detail);
    const wrong = rows.findIndex((row, i) => !holds(row, i));
    const place = wrong < 0 ? detail : `not so for batch ${rows[wrong]!.batch} (line ${rows[wrong]!.line}): ${detail}`;
    return checks.require(name, wrong < 0, place);
  };
  const before = (row: BatchRow): bigint => row.roots[0]!;
  const after = (row: BatchRow): bigint => row.roots.at(-1)!;

  if (!all('batch-numbers', ({ batch }, i) => batch === i, 'batches are numbered 0, 1, 2 … without gap or repetition'))
    return null;
  const words = (row: BatchRow) => [row.before, row.after, ...row.roots, row.commitment];
  if (!all('canonical', (row) => words(row).every(isScalar), 'every hash is a canonical field element')) return null;
  const links = (row: BatchRow, i: number) => i === 0 || row.before === rows[i - 1]!.after;
  if (!all('asset-chain', links, 'each batch starts from the list of assets that the one before ended with'))
    return null;
  const started = versionOfTable(table, family, lists);
  const version = started ?? versionOfEnd(last, family, lists);
  if (table.layout === 'two-roots') {
    if (version === null) checks.skip('root-start', UNKNOWN_START);
    else if (!checks.require('root-start', started !== null, 'the first batch starts from the tree of empty accounts'))
      return null;
    const continues = (row: BatchRow, i: number) => i === 0 || before(row) === after(rows[i - 1]!);
    if (!all('root-chain', continues, 'each batch starts from the root that the one before ended with')) return null;
  } else {
    if (!all('root-chain', (row) => after(row) === after(first), 'every batch names the same root')) return null;
    const next = (row: BatchRow, i: number) => row.first === (i === 0 ? 0 : rows[i - 1]!.last! + 1);
    const inOrder = (row: BatchRow, i: number) => next(row, i) && row.first! <= row.last!;
    if (!all('account-range', inOrder, 'the batches cover the accounts 0, 1, 2 … without gap or overlap')) return null;
  }
  const input = (row: BatchRow) =>
    poseidon([
      ...row.roots,
      row.before,
      row.after,
      ...(row.first === null || table.layout === 'two-roots' ? [] : [row.first, row.last!].map(BigInt)),
    ]);
  if (
    !all('batch-commitment', (row) => input(row) === row.commitment, "the proof's public input is the hash of its row")
  )
    return null;
  const claims = readProofs(rows, checks);
  if (claims === undefined) return null;
  return { root: hexOfWord(after(last)), version, first, last, claims };
}

/** The version under which a list of the call is what the last batch ends with; null where there is none. */
const versionOfEnd = (last: BatchRow, family: CircuitFamily, lists: readonly AssetList[]): CircuitVersion | null =>
  family.versions.find((version) =>
    lists.some((list) => list.assets.length <= version.slots && list.commit(version, false) === last.after),
  ) ?? null;

/** The proofs of all rows; null where they carry commitments; undefined where one is malformed. */
function readProofs(rows: readonly BatchRow[], checks: Checklist): readonly Claim[] | null | undefined {
  const claims: Claim[] = [];
  for (const row of rows) {
    const proof = parseProof(row.proof);
    if (!proof.ok) {
      const detail = `batch ${row.batch} (line ${row.line}): ${proof.error}`;
      if (!checks.require('proof-points', false, detail)) return undefined;
      return null;
    }
    claims.push({ proof: proof.value, input: row.commitment, bytes: row.proof });
  }
  checks.require('proof-points', true, "every proof's points are on the curve and in their subgroup");
  return claims.some(({ proof }) => proof.commitments > 0) ? null : claims;
}
