import type { Result } from '../../domain/result.ts';
import { isArray, type Json, field as member, smallInteger } from '../../lib/json.ts';
import { type Checklist, createChecklist } from '../checklist.ts';
import type { LiabilityCheck } from '../types.ts';
import { hexOfElement, P, reduce } from './field.ts';
import { type Branch, hashHex, opensTo } from './merkle.ts';
import { type ProvenRound, TRUNK_UTS } from './sum-set.ts';
import { type CoinConfig, readConfig, sameConfig } from './sum-values.ts';
import { BLOW_UP } from './transcript.ts';

/** The most bytes of an inclusion file; genuine ones have some 30 KB. */
export const MAX_INCLUSION_BYTES = 1 << 20;

/** The tree over 2^23 positions is the largest that the sum proof allows. */
const MOST_DEPTH = 23;

const CAVEATS = [
  'Inclusion shows that these numbers stand under the root; the sum proof never tests the places where accounts stand, so it does not show that they went into the totals.',
  "Amounts are bound as numbers of the proof's field: one that is larger or smaller by the field's prime (some 2^251) is the same to it.",
  'It says nothing on whether every other account is counted.',
];

/** One of the two records: an account in its batch, or a batch in the trunk. */
interface Leaf {
  readonly root: string;
  readonly id: string;
  readonly total: bigint;
  readonly coins: readonly bigint[];
  readonly random: string;
  readonly path: Branch;
}

interface Inclusion {
  readonly config: CoinConfig;
  readonly user: Leaf;
  readonly batch: Leaf;
  readonly userIndex: number;
  readonly batchIndex: number;
  readonly uts: number;
}

/**
 * Checks one user's parsed inclusion file against the round that the sum proofs of the same call prove, if they do. The result
 * names no id, amount, index or hash of the file but the trunk's root. `label` stands for the file.
 */
export function checkInclusion(
  json: Result<Json>,
  label: string,
  round: ProvenRound | null,
  checks: Checklist = createChecklist(),
): LiabilityCheck {
  const root = verify(json, round, checks);
  const verdict = checks.failed() ? 'invalid' : round === null ? 'undecided' : 'valid';
  return {
    file: label,
    uses: round === null || root === null ? [] : [round.trunk.file],
    kind: 'okx-stark-v1-inclusion',
    verdict,
    grade: verdict === 'valid' ? 'inclusion-only' : 'none',
    binding: 'none',
    totals: [],
    root: verdict === 'invalid' ? null : root,
    checks: checks.items,
    caveats: verdict === 'invalid' ? [] : CAVEATS,
  };
}

/** The trunk's root that the file leads to, or null when a check failed. */
function verify(json: Result<Json>, round: ProvenRound | null, checks: Checklist): string | null {
  // A parser's message may quote the file, which is a customer's own.
  if (!checks.require('file', json.ok, json.ok ? 'JSON' : 'not JSON') || !json.ok) return null;
  const inclusion = readInclusion(json.value);
  const shape = typeof inclusion === 'string' ? inclusion : 'every field is present';
  if (!checks.require('shape', typeof inclusion !== 'string', shape) || typeof inclusion === 'string') return null;
  if (!checkAmounts(inclusion, checks) || !checkPaths(inclusion, checks)) return null;
  const { batch, user } = inclusion;
  if (!checks.require('batch-id', batch.id === user.root, "the trunk's record names the batch's root")) return null;
  if (round === null) {
    checks.skip('root-link', 'no verified sum proofs in this call: both roots are only those of this file itself');
    return batch.root;
  }
  return checkAgainst(inclusion, round, checks) ? batch.root : null;
}

function readInclusion(json: Json): Inclusion | string {
  const config = readConfig(member(json, 'config'));
  if (typeof config === 'string') return `config: ${config}`;
  const [ofUser, ofBatch] = [member(json, 'batch_inclusion_proof'), member(json, 'trunk_inclusion_proof')];
  const user = readLeaf(ofUser, config, 'batch_mtree_root', 'user_id');
  const batch = readLeaf(ofBatch, config, 'trunk_mtree_root', 'batch_id');
  if (typeof user === 'string') return `batch_inclusion_proof: ${user}`;
  if (typeof batch === 'string') return `trunk_inclusion_proof: ${batch}`;
  const [userIndex, batchIndex, uts] = ['user_index', 'batch_index', 'uts'].map((key) => {
    const value = smallInteger(member(ofUser, key));
    return value !== undefined && value >= 0 && value < 2 ** 40 ? value : null;
  });
  if (userIndex == null || batchIndex == null || uts == null) return 'user_index, batch_index or uts is not a count';
  return { config, user, batch, userIndex, batchIndex, uts };
}

function readLeaf(json: Json | undefined, config: CoinConfig, rootKey: string, idKey: string): Leaf | string {
  const [root, id, random] = [rootKey, idKey, 'random_number'].map((key) => hash(member(json, key)));
  if (root == null || id == null || random == null) return `${rootKey}, ${idKey} or random_number is not 32 bytes`;
  const items = member(json, 'merkle_path');
  if (!isArray(items) || items.length < 3 || items.length > MOST_DEPTH + 1) return 'merkle_path is not a path';
  const path = items.map(hash).filter((node) => node !== null);
  if (path.length !== items.length) return 'merkle_path holds something else than 32 bytes of hex';
  const coins = config.coins.map((coin) => amount(member(json, coin))).filter((value) => value !== null);
  const total = amount(member(json, 'total_value'));
  if (coins.length !== config.coins.length || total === null)
    return 'an amount is missing or not a canonical whole number';
  return { root, id, random, path, coins, total };
}

function hash(json: Json | undefined): string | null {
  return typeof json === 'string' && /^[0-9a-fA-F]{64}$/.test(json) ? json.toLowerCase() : null;
}

function amount(json: Json | undefined): bigint | null {
  return typeof json === 'string' && /^(?:0|-?[1-9]\d{0,79})$/.test(json) ? BigInt(json) : null;
}

/** The leaf holds every amount modulo P: what would wrap there unseen is refused, and so is a net value out of range. */
function checkAmounts({ user, batch, uts }: Inclusion, checks: Checklist): boolean {
  const amounts = [...user.coins, ...batch.coins];
  // The prover prints amounts above its own limit as negative ones: value minus P.
  const inField = amounts.every((value) => value > -P && value < P) && batch.total >= 0n && batch.total < P;
  if (!checks.require('amounts', inField, 'every amount is within the field')) return false;
  const rows = uts === 16 || uts === 32;
  if (!checks.require('uts', rows, '16 or 32 rows an account, as the prover makes them')) return false;
  const limit = 1n << BigInt(2 * Math.min(uts, 32) - 4);
  const net = user.total >= 0n && user.total < limit;
  if (!checks.require('net', net, 'the net value is not negative and below the bound of the proof')) return false;
  const adds = [user, batch].every(
    ({ coins, total }) => reduce(coins.reduce((sum, value) => sum + value, 0n)) === reduce(total),
  );
  return checks.require('coins-add-up', adds, 'the amounts of the coins add up to the net value, in both records');
}

function checkPaths({ user, batch, userIndex, batchIndex, uts }: Inclusion, checks: Checklist): boolean {
  const places = ({ path }: Leaf, rows: number): number => 2 ** (path.length - 1) / BLOW_UP / rows - 1;
  // An index beyond the tree would be taken modulo its size and could name a leaf a second time.
  const inRange = userIndex < places(user, uts) && batchIndex < places(batch, TRUNK_UTS);
  if (!checks.require('position', inRange, 'both indexes are within their trees')) return false;
  const leads = (leaf: Leaf, index: number, rows: number): boolean =>
    opensTo(leaf.root, [(rows * (index + 1) + rows - 2) * BLOW_UP], [leaf.path]);
  const own = (leaf: Leaf): boolean => leafOf(leaf) === leaf.path[0];
  return (
    checks.require('user-leaf', own(user), "the account's record is the leaf of its path") &&
    checks.require('user-path', leads(user, userIndex, uts), "the path leads from its position to the batch's root") &&
    checks.require('batch-leaf', own(batch), "the batch's record is the leaf of its path") &&
    checks.require('batch-path', leads(batch, batchIndex, TRUNK_UTS), "the path leads to the trunk's root")
  );
}

function leafOf({ total, coins, id, random }: Leaf): string {
  const coinHash = hashHex(...coins.map((value) => hexOfElement(reduce(value))));
  return hashHex(hexOfElement(reduce(total)), coinHash, id, random);
}

/** What only the sum proofs can tell. */
function checkAgainst({ config, user, batch, uts }: Inclusion, round: ProvenRound, checks: Checklist): boolean {
  const named = sameConfig(config, round.config);
  if (!checks.require('config-link', named, 'the coins are those of the sum proofs')) return false;
  const trunk = batch.root === round.trunk.root;
  if (!checks.require('trunk-link', trunk, "the trunk's root is that of the verified trunk")) return false;
  const proven = round.batches.find(({ root }) => root === user.root);
  const linked = checks.off('batch-link') || proven !== undefined;
  if (!checks.require('batch-link', linked, "the batch's root is that of a verified batch")) return false;
  if (proven === undefined) return true;
  const sums = [...batch.coins, batch.total].every(
    (value, i) => reduce(value) === reduce([...proven.sums.coins, proven.sums.total][i]!),
  );
  if (!checks.require('batch-sums-link', sums, "the trunk's record has the sums that the batch proves")) return false;
  const depth = (leaf: Leaf, steps: number): boolean => 2 ** (leaf.path.length - 1) === BLOW_UP * steps;
  const size = depth(user, proven.steps) && depth(batch, round.trunk.steps) && uts === proven.uts;
  if (!checks.require('size-link', size, 'rows an account and both depths are those of the verified proofs'))
    return false;
  // Net values are proven not negative, so none can exceed their sum.
  const within = user.total <= reduce(proven.sums.total);
  return checks.require('within-totals', within, "the net value is not above its batch's proven total");
}
