import { describe, expect, it } from 'vitest';
import { createChecklist } from '../../../src/liabilities/checklist.ts';
import type { SumValues } from '../../../src/liabilities/okx-stark-v1/constraints.ts';
import { checkInclusion } from '../../../src/liabilities/okx-stark-v1/inclusion.ts';
import { readSumProof } from '../../../src/liabilities/okx-stark-v1/sum-proof.ts';
import { checkSumSet, type ProvenRound } from '../../../src/liabilities/okx-stark-v1/sum-set.ts';
import { verifySumProof } from '../../../src/liabilities/okx-stark-v1/verify-sum.ts';
import type { LiabilityFile } from '../../../src/liabilities/types.ts';
import { type Account, type Cheat, type Made, P, prove } from './prover.ts';
import {
  asRow,
  COINS,
  configText,
  fileOf,
  inclusionOf,
  jsonOf,
  MAIN_COINS,
  namesFailing,
  provenRound,
  roundFiles,
  trunkOver,
} from './round.ts';

const account = (id: number, ...coins: bigint[]): Account => ({ id: BigInt(id), coins });
const ACCOUNTS = [account(7, 5n, 6n, 7n, 8n), account(8, -3n, 2n, 10n, 0n), account(9, 100n, 0n, 0n, 4n)];
let untouched: Made | undefined;
const honest = (cheat?: Cheat): Made => {
  if (cheat !== undefined) return prove(ACCOUNTS, 16, MAIN_COINS, cheat);
  untouched ??= prove(ACCOUNTS, 16, MAIN_COINS);
  return untouched;
};

/** Checks that were seen to be the only obstacle to some lie. */
const seen = new Set<string>();

/** The failing checks of one proof against its sums; the work is only asked for where `lazy` is false. */
function faults(made: Made, off: readonly string[] = [], lazy = true, mainCoins = MAIN_COINS): string[] {
  const json = jsonOf(made.proof);
  const proof = readSumProof(json.ok ? json.value : null, made.coins.length, mainCoins);
  if (typeof proof === 'string') throw new Error(proof);
  const checks = createChecklist(new Set([...off, ...(lazy ? ['proof-of-work'] : [])]));
  const sums: SumValues = { coins: made.coins, total: made.total };
  const passed = verifySumProof(proof, sums, checks);
  const failed = namesFailing(checks.items);
  expect(passed).toBe(failed.length === 0);
  return failed;
}

function onlyCaughtBy(check: string, made: Made): void {
  expect(faults(made)).toEqual([check]);
  expect(faults(made, [check])).toEqual([]);
  seen.add(check);
}

interface ProofJson {
  readonly mtree_branches: string[][];
  readonly l_mtree_branches: string[][];
  readonly mtree_entries_data: string[][];
  readonly low_degree_proof: string[][][][];
}

/** A copy of a proof with one place changed. */
function edited(made: Made, change: (proof: ProofJson) => void): Made {
  const proof = structuredClone(made.proof);
  change(proof as unknown as ProofJson);
  return { ...made, proof };
}
const turn = (hex: string): string => (hex.startsWith('0') ? '1' : '0') + hex.slice(1);

describe('each check of a sum proof matters: a lie that only it can catch passes without it', () => {
  it('an honest proof passes, a negative coin in a positive account included', () => {
    expect(faults(honest())).toEqual([]);
    expect(faults(prove(ACCOUNTS, 32, 0), [], true, 0)).toEqual([]);
    expect(faults(prove(ACCOUNTS, 32, 4), [], true, 4)).toEqual([]);
    expect(faults(prove(ACCOUNTS.slice(0, 1), 16, MAIN_COINS))).toEqual([]);
  });
  it('the proof of work', () => {
    expect(faults(honest(), [], false)).toEqual(['proof-of-work']);
    seen.add('proof-of-work');
  });
  it('the rows an account: with more of them a negative value wraps around the field', () => {
    // 128 rows have 126 digits of two bits: P − 4 is as good as any number.
    const accounts = [account(7, 5n, 5n, 0n, 0n), account(8, -1n, -1n, -1n, -1n)];
    onlyCaughtBy('uts', prove(accounts, 128, MAIN_COINS));
  });
  it('the first digit: without it a negative value has digits too', () => {
    const value = P - 5n;
    const rows = (net: bigint[]): void => {
      const quarter = ((P + 1n) / 2n) ** 2n % P;
      for (let row = 30; row > 16; row--) net[row - 1] = (((net[row]! - 1n + P) % P) * quarter) % P;
    };
    const accounts = [{ ...account(7, -5n, 0n, 0n, 0n), net: value }, account(8, 5n, 0n, 0n, 3n)];
    onlyCaughtBy('constraint-net-start', prove(accounts, 16, MAIN_COINS, { rows, zero: ['start'] }));
  });
  it('the digits', () => {
    const rows = (net: bigint[]): void => {
      for (let row = 16; row < 30; row++) net[row] = 0n;
    };
    const accounts = [{ ...account(7, -5n, 0n, 0n, 0n), net: P - 5n }, account(8, 5n, 0n, 0n, 3n)];
    onlyCaughtBy('constraint-net-digits', prove(accounts, 16, MAIN_COINS, { rows, zero: ['digits'] }));
  });
  it('the adding up of net values: one account is left out', () => {
    const rows = (net: bigint[], coins: bigint[][]): void => {
      for (let user = 2; user < 4; user++) net[16 * user + 15]! -= 26n;
      coins[3]![63]! -= 26n;
    };
    const made = prove(ACCOUNTS, 16, MAIN_COINS, { rows, zero: ['sum'] });
    onlyCaughtBy('constraint-net-sum', { ...made, coins: [102n, 8n, 17n, P - 14n], total: P + 113n });
  });
  it('the end of the sum: a total is published that is not the one added up', () => {
    const made = honest({ zero: ['total'] });
    onlyCaughtBy('constraint-net-total', { ...made, coins: [102n, 8n, 0n, 0n], total: 110n });
  });
  it("the adding up of a main coin's amounts", () => {
    const rows = (_: bigint[], coins: bigint[][]): void => {
      for (let user = 1; user < 4; user++) coins[0]![16 * user + 15]! -= 5n;
      coins[2]![63]! += 5n;
    };
    // The account's five BTC vanish and the others' sum grows: the total stays.
    onlyCaughtBy('constraint-coin-sum', honest({ rows: rowsFromZero(rows), zero: ['coin-sum'] }));
  });
  it("the end of a main coin's sum", () => {
    const made = honest({ zero: ['coin-total'] });
    onlyCaughtBy('constraint-coin-total', { ...made, coins: [101n, 8n, 18n, 12n] });
  });
  it('the linear combination', () => {
    onlyCaughtBy('linear-combination', honest({ linear: 'zero' }));
  });
  it.each([0, 1])('the folding of FRI layer %i', (layer) => {
    onlyCaughtBy(`fri-fold-${layer}`, honest({ fold: layer }));
  });
  it('the degree of the last values: any numbers satisfy all constraints point by point', () => {
    const wild = honest({ wild: true });
    onlyCaughtBy('fri-last-degree', wild);
    onlyCaughtBy('fri-last-root', honest({ wild: true, last: 'zero' }));
  });
  it('the paths', () => {
    const made = honest();
    onlyCaughtBy(
      'trace-path',
      edited(made, (proof) => swapNode(proof.mtree_branches, 3)),
    );
    onlyCaughtBy(
      'linear-path',
      edited(made, (proof) => swapNode(proof.l_mtree_branches, 3)),
    );
    for (const layer of [0, 1])
      for (const [part, name] of [
        [1, 'column'],
        [2, 'value'],
      ] as const)
        onlyCaughtBy(
          `fri-${name}-path-${layer}`,
          edited(made, (proof) => swapNode(proof.low_degree_proof[layer]![part]!, 1)),
        );
  });
  it('the leaves', () => {
    const change = ({ mtree_entries_data: [, , , , , , row] }: ProofJson): void => {
      row![3] = turn(row![3]!);
    };
    onlyCaughtBy('trace-leaf', edited(honest(), change));
  });
  it.each(['net', 'coins', 'id', 'linear', 'columns', 'last'] as const)('canonical numbers: %s', (wrap) => {
    onlyCaughtBy('canonical', honest({ wrap }));
  });
  it('the range and the adding up of the sums', () => {
    const made = honest();
    const [btc, ...others] = made.coins as [bigint, ...bigint[]];
    onlyCaughtBy('sum-range', { ...made, coins: [btc + P, ...others], total: made.total + P });
    onlyCaughtBy('sum-adds-up', { ...made, coins: [...made.coins.slice(0, 3), 0n] });
  });
});

/** Rows must stay field elements. */
const rowsFromZero =
  (change: (net: bigint[], coins: bigint[][]) => void) =>
  (net: bigint[], coins: bigint[][]): void => {
    change(net, coins);
    for (const column of [net, ...coins])
      column.forEach((value, i) => {
        column[i] = ((value % P) + P) % P;
      });
  };
/** Changes one sibling in the first branch. */
function swapNode(branches: string[][], height: number): void {
  branches[0]![height] = turn(branches[0]![height]!);
}

describe('each check of a round matters', () => {
  const batches = [honest(), honest({ salt: 5n })];
  const judge = async (files: readonly LiabilityFile[], ...off: string[]): Promise<string[] | 'proven' | 'open'> => {
    const { round, checks, failed } = await checkSumSet(files, new Set(['proof-of-work', ...off]));
    return failed ? namesFailing(checks) : round === null ? 'open' : 'proven';
  };
  const caught = async (check: string, files: readonly LiabilityFile[]): Promise<void> => {
    expect(await judge(files)).toEqual([check]);
    expect(await judge(files, check)).toBe('proven');
    seen.add(check);
  };
  const round = (): LiabilityFile[] => roundFiles(batches, trunkOver(batches));

  it('an honest round is proven', async () => {
    expect(await judge(round())).toBe('proven');
  });
  it('one configuration', async () => {
    await caught('one-config', [...round(), fileOf('config.json', configText([...COINS.slice(0, 3), 'XXX']))]);
  });
  it('a root that occurs twice', async () => {
    const only = prove(ACCOUNTS, 32, MAIN_COINS);
    await caught('distinct-roots', roundFiles([only], only));
  });
  it('the sums of the batches', async () => {
    const lower = trunkOver([batches[0]!, { ...batches[1]!, coins: [0n, 8n, 17n, 12n] }]);
    await caught('batch-sums', roundFiles(batches, lower));
  });
  it('the rows of the trunk', async () => {
    await caught('trunk-rows', roundFiles(batches, prove(batches.map(asRow), 16, MAIN_COINS)));
  });
  it('the places of the trunk', async () => {
    const merged = { root: batches[0]!.root, coins: batches[0]!.coins.map((value) => 2n * value) };
    await caught('trunk-places', roundFiles(batches, trunkOver([merged])));
  });
});

describe('each check of an inclusion matters', () => {
  const batch = prove([...ACCOUNTS, ...ACCOUNTS, account(3, 1n, 1n, 1n, 1n)], 16, MAIN_COINS);
  const second = honest();
  const trunk = trunkOver([batch, second]);
  const proven = provenRound(roundFiles([batch, second], trunk));

  type File = ReturnType<typeof inclusionOf>;
  const judge = (file: File, round: ProvenRound | null, ...off: string[]): string[] =>
    namesFailing(checkInclusion(jsonOf(file), 'x', round, createChecklist(new Set(off))).checks);
  const caught = (check: string, file: File, round: ProvenRound | null): void => {
    expect(judge(file, round)).toEqual([check]);
    expect(judge(file, round, check)).toEqual([]);
    seen.add(check);
  };
  const changed = (file: File, part: 'batch' | 'trunk', change: Record<string, unknown>): File => {
    const key = `${part}_inclusion_proof`;
    return { ...file, [key]: { ...file[key], ...change } };
  };
  /** A round in whose batch or trunk other leaves are shown than were added up. */
  const shownIn = async (user: Account, place: Account = asRow(second)) => {
    const lying = honest({ shown: [user, ...ACCOUNTS.slice(1)] });
    const rows = [lying, second].map(asRow);
    const over = trunkOver([lying, second], { shown: [place.id === asRow(second).id ? rows[0]! : place, rows[1]!] });
    return { lying, over, round: await provenRound(roundFiles([lying, second], over)) };
  };

  it('an honest inclusion passes', async () => {
    for (const user of [0, 3, 6]) expect(judge(inclusionOf(batch, user, trunk, 0), await proven)).toEqual([]);
    expect(judge(inclusionOf(second, 2, trunk, 1), await proven)).toEqual([]);
  });
  it('amounts within the field', async () => {
    const file = inclusionOf(batch, 0, trunk, 0);
    caught('amounts', changed(file, 'batch', { BTC: `${5n + P}` }), await proven);
    caught('amounts', changed(file, 'trunk', { total_value: `${BigInt(trunk.record(0).net) + P}` }), await proven);
  });
  it('a net value that is negative, or as high as no proof allows', async () => {
    const { lying, over, round } = await shownIn(account(7, -5n, 0n, 0n, 0n));
    caught('net', inclusionOf(lying, 0, over, 0), round);
    const above = await shownIn(account(7, 4n ** 14n, 0n, 0n, 0n));
    expect(judge(inclusionOf(above.lying, 0, above.over, 0), above.round)).toEqual(['net']);
  });
  it('coins that do not make up the net value', async () => {
    const { lying, over, round } = await shownIn({ ...account(7, 5n, 6n, 7n, 8n), net: 0n });
    caught('coins-add-up', inclusionOf(lying, 0, over, 0), round);
  });
  it('an index beyond the tree that leads to the same leaf', async () => {
    const size = 2 ** (batch.record(0).path.length - 1);
    const file = inclusionOf(batch, 0, trunk, 0);
    caught('position', changed(file, 'batch', { user_index: size - 1 }), await proven);
  });
  it('the rows an account', () => {
    const wide = prove(ACCOUNTS, 64, MAIN_COINS);
    caught('uts', inclusionOf(wide, 0, trunkOver([wide]), 0, 64), null);
  });
  it('leaves and paths', async () => {
    const file = inclusionOf(batch, 0, trunk, 0);
    for (const [part, who] of [
      ['batch', 'user'],
      ['trunk', 'batch'],
    ] as const) {
      const { random_number, merkle_path } = file[`${part}_inclusion_proof`] as {
        random_number: string;
        merkle_path: string[];
      };
      caught(`${who}-leaf`, changed(file, part, { random_number: turn(random_number) }), await proven);
      const path = merkle_path.map((node, i) => (i === 2 ? turn(node) : node));
      caught(`${who}-path`, changed(file, part, { merkle_path: path }), await proven);
    }
  });
  it('the id of the batch', () => {
    const file = inclusionOf(batch, 0, trunk, 1);
    caught('batch-id', file, null);
  });
  it('the coins of the round', async () => {
    const text = JSON.stringify(inclusionOf(batch, 0, trunk, 0)).replaceAll('OKB', 'XXX');
    caught('config-link', JSON.parse(text) as File, await proven);
  });
  it('the root of the trunk', async () => {
    const other = trunkOver([batch, second], { salt: 9n });
    caught('trunk-link', inclusionOf(batch, 0, other, 0), await proven);
  });
  it('the root of the batch', async () => {
    const stranger = honest({ salt: 77n });
    const over = trunkOver([second, batch], { shown: [asRow(stranger), asRow(batch)] });
    const round = await provenRound(roundFiles([second, batch], over));
    caught('batch-link', inclusionOf(stranger, 0, over, 0), round);
  });
  it('the sums of the batch', async () => {
    const lying = honest();
    const place = { id: BigInt(`0x${lying.root}`), coins: [1n, 1n, 1n, 1n] };
    const over = trunkOver([lying, batch], { shown: [place, asRow(batch)] });
    const round = await provenRound(roundFiles([lying, batch], over));
    caught('batch-sums-link', inclusionOf(lying, 0, over, 0), round);
  });
  it('the rows of the verified proof: one leaf at two indexes', async () => {
    const file = inclusionOf(batch, 4, trunk, 0);
    caught('size-link', changed(file, 'batch', { uts: 32, user_index: 1 }), await proven);
  });
  it('a net value above the total: the places of accounts are never sampled, so any leaf can be shown there', async () => {
    const { lying, over, round } = await shownIn(account(7, 5_000n, 0n, 0n, 0n));
    caught('within-totals', inclusionOf(lying, 0, over, 0), round);
    // What the format cannot show: this account's 26 went into the totals, yet 100 is what it is told.
    const told = await shownIn(account(7, 97n, 1n, 1n, 1n));
    expect(judge(inclusionOf(told.lying, 0, told.over, 0), told.round)).toEqual([]);
  });

  it('leaves out no check', async () => {
    const set = await checkSumSet(roundFiles([batch, second], trunk), new Set());
    const inclusion = checkInclusion(jsonOf(inclusionOf(batch, 0, trunk, 0)), 'x', await proven);
    const all = [...set.checks, ...inclusion.checks].map(({ name }) => name);
    // What cannot be read cannot be gone on with, and the number of files bounds the work.
    const structural = ['file', 'shape', 'config', 'number-of-files'];
    expect([...new Set(all)].filter((name) => !seen.has(name) && !structural.includes(name))).toEqual([]);
  });
});
