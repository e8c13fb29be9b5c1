import { ok, type Result } from '../../../src/domain/result.ts';
import type { ProvenRound } from '../../../src/liabilities/okx-stark-v1/sum-set.ts';
import { checkSumSet } from '../../../src/liabilities/okx-stark-v1/sum-set.ts';
import type { LiabilityFile, ProofCheck } from '../../../src/liabilities/types.ts';
import { type Json, parseJson, stringifyJson } from '../../../src/lib/json.ts';
import { type Account, type Cheat, type Made, prove } from './prover.ts';

export const COINS = ['BTC', 'ETH', 'USDT', 'OKB'];
export const MAIN_COINS = 2;

/** A file in memory. */
export function fileOf(name: string, text: string): LiabilityFile {
  const bytes = Buffer.byteLength(text);
  return {
    ...{ name, bytes },
    readText: async (most): Promise<Result<string>> => (bytes > most ? { ok: false, error: 'too large' } : ok(text)),
    async *readLines() {},
  };
}

/** JSON as the verifier sees it; bigints are written as bare integers. */
export function jsonOf(value: unknown): Result<Json> {
  return parseJson(stringifyJson(value));
}

export const configText = (coins: readonly string[] = COINS, mainCoins = MAIN_COINS): string =>
  JSON.stringify({ main_coins_num: mainCoins, coins });

export const valuesText = ({ coins, total }: Pick<Made, 'coins' | 'total'>): string =>
  `{${coins.map((value, i) => `"${COINS[i]}": ${value}`).join(', ')}, "total_value": ${total}}`;

/** The two files of one proof in a folder. */
export const filesOf = (folder: string, made: Made): LiabilityFile[] => [
  fileOf(`${folder}/sum_proof.json`, JSON.stringify(made.proof)),
  fileOf(`${folder}/sum_values.json`, valuesText(made)),
];

/** A batch as the trunk holds it. */
export const asRow = ({ root, coins }: Pick<Made, 'root' | 'coins'>): Account => ({ id: BigInt(`0x${root}`), coins });

export const trunkOver = (batches: readonly Pick<Made, 'root' | 'coins'>[], cheat: Cheat = {}): Made =>
  prove(batches.map(asRow), 32, MAIN_COINS, cheat);

export function roundFiles(batches: readonly Made[], trunk: Made): LiabilityFile[] {
  return [
    fileOf('sum_proof_data/config.json', configText()),
    ...batches.flatMap((batch, i) => filesOf(`sum_proof_data/batches/a${i}`, batch)),
    ...filesOf('sum_proof_data/trunk', trunk),
  ];
}

/** An inclusion file as the exchange writes it. */
export function inclusionOf(
  batch: Made,
  user: number,
  trunk: Made,
  place: number,
  uts = 16,
): Record<string, Record<string, unknown>> {
  const [own, up] = [batch.record(user), trunk.record(place)];
  const amounts = (coins: readonly bigint[]) => Object.fromEntries(coins.map((value, i) => [COINS[i], `${value}`]));
  return {
    batch_inclusion_proof: {
      batch_mtree_root: batch.root,
      user_id: own.id,
      total_value: `${own.net}`,
      ...amounts(own.coins),
      random_number: own.random,
      user_index: user,
      batch_index: place,
      uts,
      merkle_path: own.path,
    },
    trunk_inclusion_proof: {
      trunk_mtree_root: trunk.root,
      batch_id: up.id,
      total_value: `${up.net}`,
      ...amounts(up.coins),
      random_number: up.random,
      merkle_path: up.path,
    },
    config: { main_coins_num: MAIN_COINS, coins: COINS },
  };
}

export const namesFailing = (checks: readonly ProofCheck[]): string[] =>
  checks.filter(({ status }) => status === 'fail').map(({ name }) => name);

/** The round that such files prove; work is not asked for. */
export async function provenRound(files: readonly LiabilityFile[], ...off: string[]): Promise<ProvenRound> {
  const { round, checks } = await checkSumSet(files, new Set(['proof-of-work', ...off]));
  if (round === null)
    throw new Error(`not proven: ${JSON.stringify(checks.filter(({ status }) => status !== 'pass'))}`);
  return round;
}
