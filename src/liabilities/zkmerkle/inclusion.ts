import { hexOfWord, isScalar } from '../bn254/scalar.ts';
import type { Checklist } from '../checklist.ts';
import type { LiabilityCheck } from '../types.ts';
import type { AssetList, CircuitSize } from './assets.ts';
import type { Family, TableLink } from './global.ts';
import { DEPTH, rootOf } from './path.ts';
import { AMOUNT_LIMIT, VALUE_LIMIT } from './read.ts';

/** What a list of assets demands of a customer's file. */
export interface TotalsRules {
  /** Whether the file's totals are its amounts times the list's prices. */
  readonly addsUp: (list: AssetList) => boolean;
  /** Whether no amount is above the list's total of that asset. */
  readonly within: (list: AssetList) => boolean;
}

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
  /** The account's leaf under a circuit. */
  readonly leaf: (circuit: CircuitSize) => bigint;
  /** How the totals are compared with a list of assets, or why they cannot be. */
  readonly totals: TotalsRules | string;
}

/** What of a family its customers' files depend on. */
type InclusionFamily = Pick<Family, 'kind' | 'versions' | 'drafts' | 'anySize' | 'inclusionCaveats'>;

/** What a valid inclusion does not show, for every exchange of the family. */
const CAVEATS = ['Inclusion shows that this account is counted; it says nothing on whether every other account is.'];
const UNKNOWN_SIZE =
  'the account leads to the root that the file names under no number of assets that is known; the table of batch proofs and the list of assets of its round tell the number';
const UNPROVEN =
  'The table of batch proofs with this root is not proven itself: its totals may be wrong although the account is in its tree.';

/**
 * Checks one customer's file (or the reason why it could not be read) against the tables of the same call. The result names no
 * id, amount, asset or position of the file, only the root. `label` stands for the file, whose name may be the customer's id; `told` are
 * circuits that other files of the call show.
 */
export function checkInclusion(
  user: UserFile | string,
  label: string,
  links: readonly TableLink[],
  family: InclusionFamily,
  checks: Checklist,
  told: readonly CircuitSize[] = [],
): LiabilityCheck {
  const notes: string[] = [];
  const link = typeof user === 'string' ? null : follow(user, links, family, checks, told, notes);
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
    caveats:
      verdict === 'invalid'
        ? []
        : [
            ...CAVEATS,
            ...(family.inclusionCaveats ?? []),
            ...notes,
            ...(link?.verdict === 'undecided' ? [UNPROVEN] : []),
          ],
  };
}

function follow(
  user: UserFile,
  links: readonly TableLink[],
  { versions, drafts = [], anySize }: InclusionFamily,
  checks: Checklist,
  told: readonly CircuitSize[],
  notes: string[],
): TableLink | null {
  checks.require('shape', true, 'every field is present');
  const circuits: readonly CircuitSize[] = [
    ...versions,
    ...drafts,
    ...told,
    ...links.flatMap(({ version }) => version ?? []),
  ];
  // Alone, or beside a table of an unknown circuit.
  const open =
    links.length === 0 ? anySize === true && told.length === 0 : links.some(({ version }) => version === null);
  const most = open ? Number.POSITIVE_INFINITY : Math.max(...circuits.map(({ slots }) => slots));
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
  const leads = (circuit: CircuitSize) =>
    user.indexes.every((index) => index < circuit.slots) &&
    rootOf(user.leaf(circuit), user.position, user.siblings) === user.root;
  const path = 'the account leads to the root that the file names (totals that a program rounded do not)';
  const found = circuits.find(leads);
  if (found?.note !== undefined) notes.push(found.note);
  if (found === undefined && open) {
    checks.skip('path', UNKNOWN_SIZE);
    return null;
  }
  if (!checks.require('path', found !== undefined, path)) return null;
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
  if (typeof user.totals === 'string') {
    checks.skip('user-totals', user.totals);
    return against;
  }
  if (against.list === null) {
    checks.skip('user-totals', 'no list of assets in this call: prices and totals are not known');
    return against;
  }
  checks.require('user-totals', user.totals.addsUp(against.list), "the totals are the amounts at the list's prices");
  checks.require(
    'within-totals',
    user.totals.within(against.list),
    "no amount is above the list's total of that asset",
  );
  return against;
}
