import type { Result } from '../../domain/result.ts';
import { isArray, type Json, field as member, smallInteger } from '../../lib/json.ts';
import { type Checklist, createChecklist } from '../checklist.ts';
import type { LiabilityCheck } from '../types.ts';
import { hexOfDigest, writeDigests } from './digest.ts';
import type { Field, Words } from './field.ts';
import { P } from './goldilocks.ts';

/** What a user's inclusion is judged against: the outcome of a global proof, small enough to hand to a worker. */
export interface GlobalLink {
  readonly file: string;
  readonly root: string;
  readonly verdict: 'valid' | 'undecided';
  readonly equity: bigint;
  readonly debt: bigint;
  readonly batchSize: number;
  readonly branchout: number;
  /** Recursion levels, where the file or the pin tells. */
  readonly levels: number | null;
  readonly tokenCount: number;
}

/** The most bytes of an inclusion file; the largest genuine ones have some 30 KB. */
export const MAX_INCLUSION_BYTES = 1 << 20;

/** No account's net amount reaches 2^62: the batch circuit's range check. */
export const NET_LIMIT = 1n << 62n;

const CAVEATS = [
  'The leaf binds the two sums only: amounts may be moved between tokens without notice.',
  'Inclusion shows that this account is counted; it says nothing on whether every other account is.',
];

/** A digest's place in hex, to be overwritten. */
const HOLE = '0'.repeat(64);

interface Path {
  readonly id: string;
  readonly equity: readonly Json[];
  readonly debt: readonly Json[];
  readonly index: number;
  readonly siblings: readonly string[];
  readonly levels: readonly { readonly left: readonly string[]; readonly right: readonly string[] }[];
}

/**
 * Checks one user's parsed inclusion file against the global proofs of the same call. The result names no id, amount, index or
 * hash of the file but the root. `label` stands for the file, whose name may be the user's id.
 */
export function checkInclusion(
  json: Result<Json>,
  label: string,
  links: readonly GlobalLink[],
  field: Field,
  checks: Checklist = createChecklist(),
): LiabilityCheck {
  const mark = field.mark();
  const outcome = verifyPath(json, links, field, checks);
  field.rewind(mark);
  const { root, link } = outcome;
  const verdict = checks.failed() ? 'invalid' : link?.verdict === 'valid' ? 'valid' : 'undecided';
  return {
    file: label,
    uses: link === null ? [] : [link.file],
    kind: 'okx-zk-v2-inclusion',
    verdict,
    grade: verdict === 'valid' ? 'inclusion-only' : 'none',
    binding: 'none',
    totals: [],
    root: verdict === 'invalid' ? null : root,
    checks: checks.items,
    caveats: verdict === 'invalid' ? [] : CAVEATS,
  };
}

interface Outcome {
  readonly root: string | null;
  readonly link: GlobalLink | null;
}
const stopped: Outcome = { root: null, link: null };

function verifyPath(json: Result<Json>, links: readonly GlobalLink[], field: Field, checks: Checklist): Outcome {
  if (!checks.require('file', json.ok, json.ok ? 'JSON' : json.error) || !json.ok) return stopped;
  const path = readPath(json.value);
  const shape = typeof path === 'string' ? path : 'every field is present';
  if (!checks.require('shape', typeof path !== 'string', shape) || typeof path === 'string') return stopped;
  const sums = sumAmounts(path, checks);
  if (sums === null) return stopped;
  if (!checkPosition(path, checks)) return stopped;
  const root = hashUp(path, sums, field, checks);
  if (root === null) return stopped;
  if (links.length === 0) {
    checks.skip('root-link', 'no global proof in this call: the root is only what this file itself leads to');
    return { root, link: null };
  }
  const link = links.find((candidate) => candidate.root === root);
  const linked = checks.require(
    'root-link',
    link !== undefined,
    'the path leads to the root of a global proof of this call',
  );
  if (!linked) return { root, link: null };
  const against = link ?? links[0]!;
  checkAgainst(path, sums, against, checks);
  return { root, link: against };
}

function readPath(json: Json): Path | string {
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
function sumAmounts(path: Path, checks: Checklist): { readonly equity: bigint; readonly debt: bigint } | null {
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
function checkPosition(path: Path, checks: Checklist): boolean {
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

function hashUp(
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

/** What only the global proof's parameters can tell. */
function checkAgainst(
  path: Path,
  { equity, debt }: { readonly equity: bigint; readonly debt: bigint },
  link: GlobalLink,
  checks: Checklist,
): void {
  const branchout = path.levels[0]!.left.length + path.levels[0]!.right.length + 1;
  const depth = 2 ** path.siblings.length === link.batchSize && branchout === link.branchout;
  checks.require('depth', depth, "the path has the global proof's batch size and branch-out");
  if (link.levels === null)
    checks.skip('levels', 'neither the global proof nor its pin tells the number of recursion levels');
  else checks.require('levels', path.levels.length === link.levels, "the path has the global proof's recursion levels");
  checks.require(
    'tokens',
    path.equity.length === link.tokenCount,
    'the account lists as many tokens as the global proof',
  );
  checks.require('within-totals', equity <= link.equity && debt <= link.debt, 'the sums do not exceed the totals');
}
