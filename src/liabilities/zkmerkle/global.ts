import { escapeText } from '../../domain/ids.ts';
import { firstFalseClaim } from '../bn254/groth16.ts';
import { type Checklist, createChecklist } from '../checklist.ts';
import { inSmallestUnits } from '../total.ts';
import type { LiabilityCheck, LiabilityKind } from '../types.ts';
import { type AssetList, type CircuitSize, checkAssets, isUsed, type ListedAsset } from './assets.ts';
import { type Chain, type CircuitFamily, checkChain } from './check-table.ts';
import type { KeyPin } from './keys.ts';
import type { ProofTable } from './table.ts';

/** What distinguishes an exchange's proofs from those of others of the family. */
export interface Family extends CircuitFamily {
  readonly kind: LiabilityKind;
  /** Why its Groth16 proofs cannot be checked even with a key; null where they can. */
  readonly unsupported: string | null;
  /** What a checked table does not show, in words for customers. */
  readonly caveats: readonly string[];
  /** What a customer's checked inclusion does not show besides; left out where there is nothing. */
  readonly inclusionCaveats?: readonly string[];
}

/** What customers' inclusion files are judged against: a table whose chain holds. */
export interface TableLink {
  readonly file: string;
  readonly root: string;
  /** The circuit that it is made with; null where that is not known. */
  readonly version: CircuitSize | null;
  /** The list of assets that the table commits to; null where it was not in the call. */
  readonly list: AssetList | null;
  readonly verdict: 'valid' | 'undecided';
}

/** The outcome of one table of batch proofs. */
export interface TableOutcome {
  readonly check: LiabilityCheck;
  readonly link: TableLink | null;
}

/**
 * Checks a table of batch proofs against the published lists of assets of the call and the verifying keys that the user vouches
 * for. `valid` only where every check was made; `undecided` names what was missing.
 */
export function checkTable(
  file: string,
  table: ProofTable,
  lists: readonly AssetList[],
  keys: readonly KeyPin[],
  family: Family,
  checks: Checklist = createChecklist(),
): TableOutcome {
  const chain = checkChain(table, family, lists, checks);
  const matched = chain === null ? undefined : matchList(chain, lists, checks);
  const pin = chain === null || matched === undefined ? undefined : checkProofs(chain, keys, family, checks);
  if (chain === null || matched === undefined || pin === undefined || checks.failed())
    return { check: tableEntry(file, family, 'invalid', checks), link: null };
  const proven = matched !== null && pin !== null;
  const entry = tableEntry(file, family, proven ? 'valid' : 'undecided', checks);
  return {
    check: {
      ...entry,
      uses: [...(matched === null ? [] : [matched.file]), ...(pin === null ? [] : [`circuit ${pin.name}`])],
      grade: proven ? 'zk-global' : 'none',
      binding: proven ? 'per-asset-total' : 'none',
      totals: proven ? totalsOf(matched.assets) : [],
      root: chain.root,
      caveats: [...family.caveats, ...(pin === null ? [] : [`Verifying key ${pin.name}: ${pin.provenance}`])],
    },
    link: {
      file,
      root: chain.root,
      version: chain.version,
      list: matched,
      verdict: entry.verdict === 'valid' ? 'valid' : 'undecided',
    },
  };
}

/** An entry that proves nothing, with the checks made so far. */
export const tableEntry = (
  file: string,
  { kind }: Pick<Family, 'kind'>,
  verdict: LiabilityCheck['verdict'],
  checks: Checklist,
): LiabilityCheck => ({
  ...{ file, kind, verdict, grade: 'none', binding: 'none', root: null },
  ...{ uses: [], totals: [], checks: checks.items, caveats: [] },
});

/** Net amounts in smallest units: what customers hold less what they owe. */
const totalsOf = (assets: readonly ListedAsset[]): LiabilityCheck['totals'] =>
  assets
    .filter(isUsed)
    .map(({ symbol, equity, debt }) => inSmallestUnits(`${escapeText(symbol)}-units`, (equity - debt).toString()));

/** The list that the chain ends with; null where the call has none, undefined where a check fails. */
function matchList(chain: Chain, lists: readonly AssetList[], checks: Checklist): AssetList | null | undefined {
  if (lists.length === 0) {
    checks.skip('asset-totals', 'no published list of assets in this call to compare the commitments with');
    return null;
  }
  const { version } = chain;
  if (version === null) {
    checks.skip('asset-totals', 'the circuit is not known, so neither is how it commits to a list of assets');
    return null;
  }
  const fits = lists.filter(({ assets }) => assets.length <= version.slots);
  const equal = fits.find((list) => list.commit(version, false) === chain.last.after);
  const list = equal ?? fits[0];
  const committed = checks.require(
    'asset-totals',
    equal !== undefined,
    "the last batch's commitment is that of the published list of assets",
  );
  if (!committed || list === undefined) return undefined;
  const start = list.commit(version, true) === chain.first.before;
  if (!checks.require('asset-start', start, 'the first batch starts from the same list with all totals zero'))
    return undefined;
  return checkAssets(list, checks) ? list : undefined;
}

/** The key under which every proof holds; null where that cannot be checked, undefined where no key fits. */
function checkProofs(
  { claims, first }: Chain,
  keys: readonly KeyPin[],
  family: Family,
  checks: Checklist,
): KeyPin | null | undefined {
  if (family.unsupported !== null) {
    checks.skip('groth16', family.unsupported);
    return null;
  }
  if (claims === null) {
    checks.skip('groth16', 'the proofs carry commitments, a variant of Groth16 that this version does not check');
    return null;
  }
  if (keys.length === 0) {
    checks.skip(
      'groth16',
      'no verifying key to check the proofs with: give the one of this round in hex with --circuit',
    );
    return null;
  }
  const plain = keys.filter(({ key }) => key.commitments === 0 && key.inputs.length === 2);
  const usable = checks.off('groth16-key') ? keys : plain;
  const fitting = 'the key is of a plain circuit with one public input';
  if (!checks.require('groth16-key', usable.length > 0, fitting) || usable.length === 0) return undefined;
  let wrong = 0;
  for (const pin of usable) {
    const position = checks.off('groth16') ? null : firstFalseClaim(pin.key, claims);
    if (position === null) {
      checks.require('groth16', true, `${claims.length} proofs hold`);
      return pin;
    }
    wrong = position;
  }
  checks.require('groth16', false, `the proof of batch ${first.batch + wrong} does not hold`);
  return undefined;
}
