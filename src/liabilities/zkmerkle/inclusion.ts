import { hexOfWord, isScalar } from '../bn254/scalar.ts';
import type { Checklist } from '../checklist.ts';
import type { LiabilityCheck } from '../types.ts';
import type { AssetList } from './assets.ts';
import type { Family, TableLink } from './global.ts';
import { DEPTH, rootOf } from './path.ts';
import { AMOUNT_LIMIT, VALUE_LIMIT } from './read.ts';

/** One customer's inclusion file, read but not yet believed. */
export interface UserFile {
  /** The customer's id as a number of 256 bits. */
  readonly id: bigint;
  readonly position: bigint;
  readonly siblings: readonly bigint[];
  /** The root that the file itself names. */
  readonly root: bigint;
  /** Positions in the list of assets, in the file's order. */
  readonly indexes: readonly number[];
  /** Every amount of every asset. */
  readonly amounts: readonly bigint[];
  /** Every total: amounts times prices. */
  readonly values: readonly bigint[];
  /** Whether debts are covered as the circuit demands. */
  readonly solvent: boolean;
  /** The account's leaf under a circuit of so many assets. */
  readonly leaf: (slots: number) => bigint;
  /** Whether the file's totals are its amounts times the list's prices. */
  readonly addsUp: (list: AssetList) => boolean;
  /** Whether no amount is above the list's total of that asset. */
  readonly within: (list: AssetList) => boolean;
}

/** What a valid inclusion does not show, for every exchange of the family. */
const CAVEATS = ['Inclusion shows that this account is counted; it says nothing on whether every other account is.'];
const UNPROVEN =
  'The table of batch proofs with this root is not proven itself: its totals may be wrong although the account is in its tree.';

/**
 * Checks one customer's file (or the reason why it could not be read) against the tables of the same call. The result names no
 * id, amount, asset or position of the file, only the root. `label` stands for the file, whose name may be the customer's id.
 */
export function checkInclusion(
  user: UserFile | string,
  label: string,
  links: readonly TableLink[],
  family: Pick<Family, 'kind' | 'versions'>,
  checks: Checklist,
): LiabilityCheck {
  const link = typeof user === 'string' ? null : follow(user, links, family, checks);
  if (typeof user === 'string') checks.require('shape', false, user);
  const verdict = checks.failed() ? 'invalid' : link === null ? 'undecided' : 'valid';
  return {
    file: label,
    uses: link === null ? [] : [link.file],
    kind: family.kind,
    verdict,
    grade: verdict === 'valid' ? 'inclusion-only' : 'none',
    binding: 'none',
    totals: [],
    root: verdict === 'invalid' || typeof user === 'string' ? null : hexOfWord(user.root),
    checks: checks.items,
    caveats: verdict === 'invalid' ? [] : [...CAVEATS, ...(link?.verdict === 'undecided' ? [UNPROVEN] : [])],
  };
}

function follow(
  user: UserFile,
  links: readonly TableLink[],
  { versions }: Pick<Family, 'versions'>,
  checks: Checklist,
): TableLink | null {
  checks.require('shape', true, 'every field is present');
  const sizes = [...new Set([...versions, ...links].map(({ slots }) => slots))];
  const most = Math.max(...sizes);
  const ascending = user.indexes.every((index, i) => index < most && (i === 0 || index > user.indexes[i - 1]!));
  if (!checks.require('asset-order', ascending, 'assets stand in ascending order, each once, within the list'))
    return null;
  const small =
    user.amounts.every((amount) => amount < AMOUNT_LIMIT) && user.values.every((value) => value < VALUE_LIMIT);
  if (!checks.require('amounts', small, 'every amount is below 2^64 and no total wraps')) return null;
  if (!checks.require('solvent', user.solvent, "debts are covered as the exchange's circuit demands")) return null;
  const words = [user.id, user.root, ...user.siblings];
  if (!checks.require('canonical', words.every(isScalar), 'id and hashes are canonical field elements')) return null;
  const inRange = user.position < 1n << BigInt(DEPTH);
  if (!checks.require('position', inRange, "the position is within the tree's depth")) return null;
  // An asset beyond a circuit's list is in no leaf of it.
  const leads = (slots: number) =>
    user.indexes.every((index) => index < slots) &&
    rootOf(user.leaf(slots), user.position, user.siblings) === user.root;
  const path = 'the account leads to the root that the file names (totals that a program rounded do not)';
  if (!checks.require('path', sizes.some(leads), path)) return null;
  if (links.length === 0) {
    checks.skip(
      'root-link',
      "no table of batch proofs in this call whose checks hold: the root is only this file's own",
    );
    return null;
  }
  const root = hexOfWord(user.root);
  const link = links.find((candidate) => candidate.root === root);
  const linked = 'the root is that of a table of batch proofs of this call';
  if (!checks.require('root-link', link !== undefined, linked)) return null;
  const against = link ?? links[0]!;
  if (against.list === null) {
    checks.skip('user-totals', 'no list of assets in this call: prices and totals are not known');
    return against;
  }
  checks.require('user-totals', user.addsUp(against.list), "the totals are the amounts at the list's prices");
  checks.require('within-totals', user.within(against.list), "no amount is above the list's total of that asset");
  return against;
}
