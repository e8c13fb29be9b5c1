import { type Json, field as member } from '../../lib/json.ts';
import { parseJsonQuick } from '../../lib/json-quick.ts';
import type { Checklist } from '../checklist.ts';
import type { LiabilityFile } from '../types.ts';
import type { SumValues } from './constraints.ts';
import { reduce } from './field.ts';
import { type CoinConfig, readConfig, readSumValues, sameConfig } from './sum-values.ts';

/** The most bytes of `sum_proof.json`; at 170 coins and 4,095 users they have some 1.1 MB. */
export const MAX_PROOF_BYTES = 8 << 20;

/** `config.json` and `sum_values.json` cannot be larger; what is larger is read as a proof. */
export const MAX_SMALL_BYTES = 64 << 10;

/** Some published rounds have 2,300 batches of two files each; the work for a call ends here. */
const MOST_FILES = 12_288;

/** The files of one round, told apart by their content. */
export interface SumFiles {
  readonly config: CoinConfig;
  readonly proofs: readonly LiabilityFile[];
  /** The contents of every `sum_values.json`. */
  readonly values: readonly SumValues[];
  /** How many proofs, and which published sums, lie in each folder. */
  readonly folders: ReadonlyMap<string, { readonly proofs: number; readonly values: readonly SumValues[] }>;
  /** Published sums by `sumsKey` of what a proof of them shows. */
  readonly bySums: ReadonlyMap<string, SumValues>;
}

/** A name for sums as a proof shows them: the total and the main coins, modulo the field. */
export const sumsKey = (sums: readonly bigint[]): string => sums.map(reduce).join();

/** The part of a name before its last separator; files of one proof lie in one folder. */
export const folderOf = (name: string): string => /^(.*)[/\\]/s.exec(name)?.[1] ?? '';

/** Sorts the files of one call by what they hold; null when a check failed, or when the configuration or all proofs are missing. */
export async function sortFiles(files: readonly LiabilityFile[], checks: Checklist): Promise<SumFiles | null> {
  if (!checks.require('number-of-files', files.length <= MOST_FILES, `${files.length} of at most ${MOST_FILES}`))
    return null;
  const proofs: LiabilityFile[] = [];
  const configs: { readonly file: string; readonly json: Json }[] = [];
  const small: { readonly file: LiabilityFile; readonly json: Json }[] = [];
  for (const file of files) {
    const json = file.bytes > MAX_SMALL_BYTES ? undefined : await readJson(file);
    if (json === undefined) proofs.push(file);
    else if (typeof json === 'string') {
      if (!checks.require('file', false, `${file.name}: ${json}`)) return null;
    } else if (member(json.value, 'coins') !== undefined) configs.push({ file: file.name, json: json.value });
    else if (member(json.value, 'total_value') !== undefined) small.push({ file, json: json.value });
    else proofs.push(file);
  }
  if (proofs.length === 0) checks.skip('sum-proof', 'no sum_proof.json in this call: the sums are only stated');
  if (configs.length === 0) checks.skip('config', 'the config.json of this round is missing: it gives the coins');
  if (proofs.length === 0 || configs.length === 0) return null;
  const config = chooseConfig(configs, checks);
  if (config === null) return null;
  const folders = new Map<string, { proofs: number; values: SumValues[] }>();
  const inFolder = ({ name }: LiabilityFile): { proofs: number; values: SumValues[] } => {
    const folder = folders.get(folderOf(name)) ?? { proofs: 0, values: [] };
    folders.set(folderOf(name), folder);
    return folder;
  };
  for (const proof of proofs) inFolder(proof).proofs += 1;
  const bySums = new Map<string, SumValues>();
  const values: SumValues[] = [];
  for (const { file, json } of small) {
    const read = readSumValues(json, config);
    if (typeof read === 'string') {
      if (!checks.require('sum-values', false, `${file.name}: ${read}`)) return null;
      continue;
    }
    values.push(read);
    inFolder(file).values.push(read);
    bySums.set(sumsKey([read.total, ...read.coins.slice(0, config.mainCoins)]), read);
  }
  return { config, proofs, values, folders, bySums };
}

async function readJson(file: LiabilityFile): Promise<{ readonly value: Json } | string> {
  const text = await file.readText(MAX_SMALL_BYTES);
  if (!text.ok) return text.error;
  const json = parseJsonQuick(text.value);
  return json.ok ? json : json.error;
}

function chooseConfig(
  configs: readonly { readonly file: string; readonly json: Json }[],
  checks: Checklist,
): CoinConfig | null {
  const read = configs.map(({ json }) => readConfig(json));
  const wrong = read.findIndex((config) => typeof config === 'string');
  if (!checks.require('config', wrong < 0, wrong < 0 ? 'readable' : `${configs[wrong]!.file}: ${read[wrong]}`))
    return null;
  const [first, ...others] = read.filter((config) => typeof config !== 'string');
  const one = first !== undefined && others.every((other) => sameConfig(first, other));
  return checks.require('one-config', one, 'all configurations of this call are the same') && first ? first : null;
}
