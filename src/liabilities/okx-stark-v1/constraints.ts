import type { CheckName } from '../check-names.ts';
import type { Checklist } from '../checklist.ts';
import { integerOfHex, inverse, P, power, reduce, rootOfUnity } from './field.ts';
import type { Sample, SumProof } from './sum-proof.ts';
import { BLOW_UP, weights } from './transcript.ts';

/** What a sum proof states: the sum of each coin, and of all of them. */
export interface SumValues {
  readonly coins: readonly bigint[];
  readonly total: bigint;
}

/** The numbers opened at one sampled position. */
interface Opened {
  readonly net: bigint;
  readonly coins: readonly bigint[];
  readonly id: bigint;
  readonly netQuotients: readonly bigint[];
  readonly coinQuotients: readonly bigint[];
}

/** Places of the trace that all samples share. */
interface Frame {
  readonly steps: number;
  readonly users: number;
  /** x^users at the rows uts−2 and uts−1 of each user. */
  readonly atNet: bigint;
  readonly atSum: bigint;
  /** x at the first user's sum, which must be zero, and at the last one's, which must be the total. */
  readonly first: bigint;
  readonly last: bigint;
  readonly inverseSpan: bigint;
}

function frameOf({ steps, uts }: SumProof): Frame {
  const root = rootOfUnity(BLOW_UP * steps);
  const users = steps / uts;
  const first = power(root, BLOW_UP * (uts - 1));
  const last = power(root, BLOW_UP * (steps - 1));
  return {
    ...{ steps, users, first, last },
    atNet: power(root, (uts - 2) * BLOW_UP * users),
    atSum: power(root, (uts - 1) * BLOW_UP * users),
    inverseSpan: inverse(reduce(last - first)),
  };
}

/** The 32-byte words of a hex text. */
export function wordsOf(hex: string): bigint[] {
  const words: bigint[] = [];
  for (let at = 0; at < hex.length; at += 64) words.push(integerOfHex(hex.slice(at, at + 64)));
  return words;
}

function opened(sample: Sample, coins: number): Opened {
  const words = wordsOf(sample.here);
  return {
    net: words[0]!,
    coins: words.slice(1, 1 + coins),
    id: words[1 + coins]!,
    netQuotients: words.slice(2 + coins, 6 + coins),
    coinQuotients: words.slice(6 + coins),
  };
}

/**
 * The sums that a proof shows modulo the field, worked out at its first sample: they tell which published sums belong to a proof.
 * Not a check: nothing here is tied to the rest of the proof.
 */
export function impliedSums(proof: SumProof, coins: number, position: number): readonly bigint[] {
  const frame = frameOf(proof);
  const x = power(rootOfUnity(BLOW_UP * proof.steps), position);
  const { net, coins: values, netQuotients, coinQuotients } = opened(proof.samples[0]!, coins);
  const ends = reduce((x - frame.first) * (x - frame.last));
  const scale = reduce((frame.last - frame.first) * inverse(reduce(x - frame.first)));
  const sum = (value: bigint, quotient: bigint): bigint => reduce((value - quotient * ends) * scale);
  const main = coinQuotients.length / 2;
  return [
    sum(net, netQuotients[3]!),
    ...values.slice(0, main).map((value, i) => sum(value, coinQuotients[2 * i + 1]!)),
  ];
}

/** Whether each constraint holds, by name, at one position. Divisions of the definition are multiplied out: no divisor is zero there. */
function constraintsAt(
  x: bigint,
  here: Opened,
  sample: Sample,
  sums: SumValues,
  frame: Frame,
): Record<ConstraintName, boolean> {
  const { first, last, atNet, atSum, inverseSpan } = frame;
  const xUsers = power(x, frame.users);
  const same = (left: bigint, right: bigint): boolean => (left - right) % P === 0n;
  const ends = reduce((x - first) * (x - last));
  const line = reduce((x - first) * inverseSpan);
  const [q0, q1, q2, q3] = here.netQuotients as [bigint, bigint, bigint, bigint];
  const digit = reduce(integerOfHex(sample.next.net) - 4n * here.net);
  const digits = reduce(digit * (digit - 1n)) * reduce((digit - 2n) * (digit - 3n));
  const grows = (before: bigint, after: bigint, value: bigint, quotient: bigint): boolean =>
    same((after - before - value) * (x - last), quotient * (xUsers - atSum));
  const ending = (value: bigint, total: bigint, quotient: bigint): boolean =>
    same(value - reduce(total) * line, quotient * ends);
  const main = here.coinQuotients.length / 2;
  const [before, after] = [sample.before, sample.after].map(({ coins }) => wordsOf(coins.slice(0, 64 * main)));
  const mainCoins = here.coins.slice(0, main);
  return {
    'constraint-net-start': same(here.net, q0 * (xUsers - 1n)),
    'constraint-net-digits': same(
      (digits % P) * reduce((xUsers - atNet) * (xUsers - atSum)),
      q1 * (power(x, frame.steps) - 1n),
    ),
    'constraint-net-sum': grows(integerOfHex(sample.before.net), integerOfHex(sample.after.net), here.net, q2),
    'constraint-net-total': ending(here.net, sums.total, q3),
    'constraint-coin-sum': mainCoins.every((value, i) =>
      grows(before![i]!, after![i]!, value, here.coinQuotients[2 * i]!),
    ),
    'constraint-coin-total': mainCoins.every((value, i) =>
      ending(value, sums.coins[i]!, here.coinQuotients[2 * i + 1]!),
    ),
  };
}

type ConstraintName = Extract<CheckName, `constraint-${string}`>;

const MEANING: Readonly<Record<ConstraintName, string>> = {
  'constraint-net-start': 'each account starts at zero',
  'constraint-net-digits': 'each net value is built from digits 0 to 3, so it is not negative',
  'constraint-net-sum': 'net values are added up, account by account',
  'constraint-net-total': 'the sum starts at zero and ends at the total',
  'constraint-coin-sum': "main coins' amounts are added up, account by account",
  'constraint-coin-total': "main coins' sums start at zero and end at the published ones",
};

/** Checks every constraint and the linear combination at the sampled positions. */
export function checkConstraints(
  proof: SumProof,
  positions: readonly number[],
  sums: SumValues,
  checks: Checklist,
): boolean {
  const frame = frameOf(proof);
  const coins = sums.coins.length;
  const root = rootOfUnity(BLOW_UP * proof.steps);
  const points = proof.samples.map((sample, i) => {
    const x = power(root, positions[i]!);
    const here = opened(sample, coins);
    return { x, here, holds: constraintsAt(x, here, sample, sums, frame) };
  });
  for (const [name, meaning] of Object.entries(MEANING) as [ConstraintName, string][]) {
    const holds = points.every((point) => point.holds[name]);
    if (!checks.require(name, holds, meaning)) return false;
  }
  const mainQuotients = points[0]!.here.coinQuotients.length;
  const factors = weights(proof.nonce, 2 * (5 + coins + mainQuotients));
  const combined = points.every(({ x, here }, i) => {
    const [q0, q1, q2, q3] = here.netQuotients as [bigint, bigint, bigint, bigint];
    const columns = [here.net, ...here.coins, here.id, q0, q2, q3, ...here.coinQuotients];
    let low = q1;
    let high = 0n;
    columns.forEach((value, j) => {
      low += factors[2 * j]! * value;
      high += factors[2 * j + 1]! * value;
    });
    const value = integerOfHex(proof.linearBranches[i]![0]!);
    return (low + (high % P) * power(x, 3 * proof.steps) - value) % P === 0n;
  });
  return checks.require('linear-combination', combined, 'the values of the low-degree test are those of all columns');
}
