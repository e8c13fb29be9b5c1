import { isArray, type Json, field as member, smallInteger } from '../../lib/json.ts';
import type { Checklist } from '../checklist.ts';
import { hexOfDigest, writeDigests } from './digest.ts';
import type { Field, Words } from './field.ts';
import { P } from './goldilocks.ts';

/** No account's net amount reaches 2^62: the batch circuit's range check. */
export const NET_LIMIT = 1n << 62n;

/** A digest's place in hex, to be overwritten. */
const HOLE = '0'.repeat(64);

/** An inclusion file's content, of the right form but unchecked. */
export interface Path {
  readonly id: string;
  readonly equity: readonly Json[];
  readonly debt: readonly Json[];
  readonly index: number;
  readonly siblings: readonly string[];
  readonly levels: readonly { readonly left: readonly string[]; readonly right: readonly string[] }[];
}

/** Reads an inclusion file, or says what is missing, without quoting any of it. */
export function readPath(json: Json): Path | string {
  const account = member(json, 'account');
  const [id, equity, debt] = [member(account, 'id'), member(account, 'equity'), member(account, 'debt')];
  const index = smallInteger(member(json, 'index'));
  const siblings = hashes(member(json, 'sum_tree_siblings'), 32);
  const levels = member(json, 'recursive_tree_siblings');
  if (typeof id !== 'string' || !/^[0-9a-fA-F]{64}$/.test(id)) return 'account.id is not 64 hex digits';
  if (!isArray(equity) || !isArray(debt) || equity.length !== debt.length || equity.length > 4096)
    return 'account.equity and account.debt are not two lists of one length up to 4,096';
  if (index === undefined || index < 0) return 'index is not a position';
  if (siblings === null || siblings.length === 0) return 'sum_tree_siblings is not a list of 1 to 32 hashes';
  if (!isArray(levels) || levels.length === 0 || levels.length > 8)
    return 'recursive_tree_siblings is not a list of 1 to 8 levels';
  const read = levels.map((level) => ({
    left: hashes(member(level, 'left_hashes'), 1024),
    right: hashes(member(level, 'right_hashes'), 1024),
  }));
  if (read.some(({ left, right }) => left === null || right === null))
    return 'a level of recursive_tree_siblings is not two lists of at most 1,024 hashes';
  return { id, equity, debt, index, siblings, levels: read as Path['levels'] };
}

function hashes(json: Json | undefined, most: number): readonly string[] | null {
  if (!isArray(json) || json.length > most) return null;
  return json.every((item) => typeof item === 'string') ? json : null;
}

/** The exact sums. The leaf holds them modulo P: what would wrap there is refused, as is a net amount the circuit forbids. */
export function sumAmounts(path: Path, checks: Checklist): { readonly equity: bigint; readonly debt: bigint } | null {
  const pattern = checks.off('amounts') ? /^\d{1,40}$/ : /^(?:0|[1-9]\d{0,19})$/;
  const total = (amounts: readonly Json[]): bigint | null => {
    let sum = 0n;
    for (const amount of amounts) {
      if (amount === '0') continue;
      if (typeof amount !== 'string' || !pattern.test(amount)) return null;
      sum += BigInt(amount);
    }
    return sum;
  };
  const [equity, debt] = [total(path.equity), total(path.debt)];
  const canonical = equity !== null && debt !== null;
  if (!checks.require('amounts', canonical, 'every amount is a canonical decimal string')) return null;
  if (!canonical) return null;
  // Every amount is below its sum, so a sum below P leaves no single amount at or above it.
  const honest = equity < P && debt < P && equity >= debt && equity - debt < NET_LIMIT;
  if (!checks.require('sums', honest, 'sums do not wrap, debt is not above equity, and the net amount is below 2^62'))
    return null;
  return { equity, debt };
}

/** The index must say the same as the hashes' places: digits to the base of the branch-out above, bits below. */
export function checkPosition(path: Path, checks: Checklist): boolean {
  const branchout = path.levels[0]!.left.length + path.levels[0]!.right.length + 1;
  const even = branchout > 1 && path.levels.every(({ left, right }) => left.length + right.length + 1 === branchout);
  if (!checks.require('branch-out', even, 'every recursion level has the same number of children, at least two'))
    return false;
  let rest = Math.floor(path.index / 2 ** path.siblings.length);
  const agrees = path.levels.every(({ left, right }) => {
    const children = left.length + right.length + 1;
    const digit = rest % children;
    rest = Math.floor(rest / children);
    return digit === left.length;
  });
  return checks.require(
    'position',
    agrees && rest === 0,
    'the index is in range and agrees with the place of the hash at every level',
  );
}

/** The root that the path leads to, or null with the reason in the record. */
export function hashUp(
  path: Path,
  sums: { readonly equity: bigint; readonly debt: bigint },
  field: Field,
  checks: Checklist,
): string | null {
  // Each level's hashes lie where they are hashed, with a hole that the digest from below is written to.
  const siblings = field.reserve(4 * path.siblings.length);
  const rows = path.levels.map(({ left, right }) => ({
    at: field.reserve(4 * (left.length + 1 + right.length)),
    left,
    right,
  }));
  const canonical =
    writeDigests(field, siblings, path.siblings, checks.off('canonical')) &&
    rows.every(({ at, left, right }) => writeDigests(field, at, [...left, HOLE, ...right], checks.off('canonical')));
  if (!checks.require('canonical', canonical, 'every hash is four canonical field elements')) return null;
  if (!canonical) return null;
  const root = field.reserve(4);
  const outputs = [...rows.map(({ at, left }) => (at + 32 * left.length) as Words), root];
  const digest = outputs[0]!;
  const leaf = field.reserve(7);
  // The id as five elements of 56, 56, 56, 56 and 32 bits, then the two sums.
  for (let i = 0; i < 5; i++) field.write(leaf, i, BigInt(`0x${path.id.slice(14 * i, 14 * i + 14)}`));
  field.write(leaf, 5, sums.equity % P);
  field.write(leaf, 6, sums.debt % P);
  field.hash(leaf, 7, digest);
  let index = path.index;
  for (let level = 0; level < path.siblings.length; level++) {
    const sibling = (siblings + 32 * level) as Words;
    if (index % 2 === 1) field.compress(sibling, digest, digest);
    else field.compress(digest, sibling, digest);
    index = Math.floor(index / 2);
  }
  for (const [i, { at, left, right }] of rows.entries())
    field.hash(at, 4 * (left.length + 1 + right.length), outputs[i + 1]!);
  return hexOfDigest([0, 1, 2, 3].map((i) => field.read(root, i)));
}
