import { groupBy } from '../../lib/group-by.ts';
import { parseJsonQuick } from '../../lib/json-quick.ts';
import { type Checklist, createChecklist } from '../checklist.ts';
import type { LiabilityFile, ProofCheck } from '../types.ts';
import { impliedSums, type SumValues } from './constraints.ts';
import { P, reduce } from './field.ts';
import { folderOf, MAX_PROOF_BYTES, type SumFiles, sortFiles, sumsKey } from './sum-files.ts';
import { readSumProof } from './sum-proof.ts';
import type { CoinConfig } from './sum-values.ts';
import { BLOW_UP, sampledPositions } from './transcript.ts';
import { verifySumProof } from './verify-sum.ts';

/** What a verified proof of one batch, or of the trunk, leaves behind. */
export interface ProvenSums {
  readonly file: string;
  readonly root: string;
  readonly steps: number;
  readonly uts: number;
  readonly sums: SumValues;
}

/** A whole round: every batch and the trunk verified, and their sums equal. */
export interface ProvenRound {
  readonly config: CoinConfig;
  readonly trunk: ProvenSums;
  readonly batches: readonly ProvenSums[];
}

/** The outcome for the files of one call. `main` stands for the round: the trunk's file, or the first one. */
export interface SetOutcome {
  readonly round: ProvenRound | null;
  readonly main: string;
  readonly uses: readonly string[];
  readonly checks: readonly ProofCheck[];
  readonly failed: boolean;
}

/**
 * Verifies all sum proofs of one call as one round. One proof at a time is in memory. `disabled` is for tests only.
 */
export async function checkSumSet(
  files: readonly LiabilityFile[],
  disabled: ReadonlySet<string> = new Set(),
): Promise<SetOutcome> {
  const set = createChecklist(disabled);
  const sorted = await sortFiles(files, set);
  if (sorted === null) return outcome(null, files, set.items);
  const proven: ProvenSums[] = [];
  const records: { readonly file: string; readonly items: readonly ProofCheck[] }[] = [];
  for (const file of sorted.proofs) {
    const checks = createChecklist(disabled);
    const sums = await checkOne(file, sorted, checks);
    if (sums !== null) proven.push(sums);
    records.push({ file: file.name, items: checks.items });
  }
  const complete = proven.length === sorted.proofs.length;
  const round = complete ? joinRound(proven, sorted.config, set) : null;
  return outcome(round, files, [...merge(records), ...set.items]);
}

function outcome(
  round: ProvenRound | null,
  files: readonly LiabilityFile[],
  checks: readonly ProofCheck[],
): SetOutcome {
  const failed = checks.some(({ status }) => status === 'fail');
  const named = files.find(({ name }) => isTrunk(name) && /proof/.test(name))?.name;
  const main = round?.trunk.file ?? named ?? files[0]!.name;
  const uses = files.map(({ name }) => name).filter((name) => name !== main);
  return { round: failed ? null : round, main, uses, checks, failed };
}

const isTrunk = (name: string): boolean => /(?:^|[/\\])trunk$/.test(folderOf(name));

async function checkOne(file: LiabilityFile, files: SumFiles, checks: Checklist): Promise<ProvenSums | null> {
  const { config } = files;
  const text = await file.readText(MAX_PROOF_BYTES);
  const json = text.ok ? parseJsonQuick(text.value) : text;
  if (!checks.require('file', json.ok, json.ok ? 'JSON' : json.error) || !json.ok) return null;
  const proof = readSumProof(json.value, config.coins.length, config.mainCoins);
  const shape = typeof proof === 'string' ? proof : 'every length is the one that steps and coins demand';
  if (!checks.require('shape', typeof proof !== 'string', shape) || typeof proof === 'string') return null;
  const implied = (): readonly bigint[] =>
    impliedSums(proof, config.coins.length, sampledPositions(proof.linearRoot, BLOW_UP * proof.steps)[0]!);
  const sums = sumsOf(file, files, implied);
  if (sums === null) {
    // Sums that are missing are not a lie.
    if (files.values.length >= files.proofs.length)
      checks.require('sum-values', false, 'no sum_values.json of this call states the sums that this proof shows');
    else checks.skip('sum-values', 'the sum_values.json of this proof is missing');
    return null;
  }
  if (!verifySumProof(proof, sums, checks)) return null;
  return { file: file.name, root: proof.root, steps: proof.steps, uts: proof.uts, sums };
}

/** The published sums of a proof: those in its folder, or, where folders do not tell, those that it shows. */
function sumsOf({ name }: LiabilityFile, files: SumFiles, implied: () => readonly bigint[]): SumValues | null {
  const beside = files.folders.get(folderOf(name));
  const [only, ...others] = beside?.values ?? [];
  if (beside?.proofs === 1 && only !== undefined && others.length === 0) return only;
  return files.bySums.get(sumsKey(implied())) ?? null;
}

/** The trunk is the proof whose sums are those of all others together. */
function joinRound(proven: readonly ProvenSums[], config: CoinConfig, checks: Checklist): ProvenRound | null {
  const roots = new Map<string, string>();
  for (const { root, file } of proven) {
    const other = roots.get(root);
    const twice = other === undefined ? 'no root occurs twice' : `${other} and ${file} have the same root`;
    if (other !== undefined && !checks.require('distinct-roots', false, twice)) return null;
    roots.set(root, file);
  }
  checks.require('distinct-roots', true, 'no root occurs twice');
  if (proven.length === 1) {
    checks.skip('batch-sums', 'one proof only: the trunk and every batch are needed to compare their sums');
    return null;
  }
  const add = (a: readonly bigint[], b: readonly bigint[]): bigint[] => a.map((value, i) => (value + b[i]!) % P);
  const vectors = proven.map(({ sums }) => [...sums.coins, sums.total].map(reduce));
  const all = vectors.reduce(add);
  const fitting = proven.filter((_, i) => vectors[i]!.every((value, j) => (2n * value - all[j]!) % P === 0n));
  const trunk = chooseTrunk(fitting, proven);
  if (trunk === undefined) {
    checks.skip('batch-sums', 'no proof has the sums of all others: the trunk, or a batch, is missing');
    return null;
  }
  const equal = fitting.includes(trunk);
  if (mayLackBatches(trunk, proven)) {
    checks.skip(
      'batch-sums',
      "the batches of this call add up to less than the trunk: one is missing, or the trunk's sums are others",
    );
    return null;
  }
  if (!checks.require('batch-sums', equal, 'the sums of all batches are those of the trunk')) return null;
  if (!checks.require('trunk-rows', trunk.uts === TRUNK_UTS, `the trunk has ${TRUNK_UTS} rows a batch`)) return null;
  const batches = proven.filter((one) => one !== trunk);
  const places = trunk.steps / trunk.uts - 1;
  const fit = `${batches.length} batches in a trunk of ${places} places`;
  if (!checks.require('trunk-places', batches.length <= places, fit)) return null;
  return { config, trunk, batches };
}

/** Whether batches that are not in the call can be why the sums differ: none has a net value below zero, so they only add to it. */
function mayLackBatches(trunk: ProvenSums, proven: readonly ProvenSums[]): boolean {
  const net = proven.reduce((sum, one) => (one === trunk ? sum : sum + reduce(one.sums.total)), 0n);
  return net < reduce(trunk.sums.total);
}

/** Where several fit (one batch and its trunk have the same sums), the rows tell, then the folder. */
function chooseTrunk(fitting: readonly ProvenSums[], all: readonly ProvenSums[]): ProvenSums | undefined {
  const byRows = fitting.filter(({ uts }) => uts === TRUNK_UTS);
  const [only] = fitting.length === 1 ? fitting : byRows.length === 1 ? byRows : [];
  return only ?? all.find(({ file }) => isTrunk(file));
}

/** Rows of the trunk for each batch; the position of a batch in it rests on this. */
export const TRUNK_UTS = 32;

/** One list for all proofs: each check once, with how many passed it, or who failed. */
function merge(records: readonly { readonly file: string; readonly items: readonly ProofCheck[] }[]): ProofCheck[] {
  const items = records.flatMap((record) => record.items.map((item) => ({ file: record.file, item })));
  return [...groupBy(items, ({ item }) => item.name)].map(([name, found]) => {
    const failed = found.filter(({ item }) => item.status === 'fail');
    const skipped = found.filter(({ item }) => item.status === 'skipped');
    const told = failed.length > 0 ? failed : skipped;
    const shown = told.slice(0, 5).map(({ file, item }) => `${file}: ${item.detail}`);
    if (told.length > shown.length) shown.push(`and ${told.length - shown.length} more`);
    const status = failed.length > 0 ? 'fail' : skipped.length > 0 ? 'skipped' : 'pass';
    const passed = `${found[0]!.item.detail}${found.length > 1 ? ` (${found.length} proofs)` : ''}`;
    return { name, status, detail: status === 'pass' ? passed : shown.join('; ') };
  });
}
