import { unitOpen } from '../total.ts';
import type { LiabilityCheck } from '../types.ts';
import { P, reduce } from './field.ts';
import type { ProvenRound, SetOutcome } from './sum-set.ts';

const CAVEATS = [
  'Amounts are whole numbers in the unit that the prover chose for all coins; the files do not state it.',
  'The names of the coins are labels: the proof binds the order of the sums, not what each coin is called.',
  'The 16 places that the format samples are never those where accounts stand: a publisher who writes other accounts there than it adds up is not caught, neither here nor by the official verifier.',
  'The 16 samples let a false statement pass about once in 2^30 tries, and a try costs its author little: this holds off mistakes, not a determined forger.',
  'That no net value is negative is proven; amounts of single coins may be, and are not tied to the net value of their account.',
];

/** The entries of a round: the main coins one by one, then what is bound only together; or one that says why not. */
export function sumEntries({ round, main, uses, checks, failed }: SetOutcome): readonly LiabilityCheck[] {
  const common = { file: main, uses, kind: 'okx-stark-v1-sum', checks } as const;
  if (round === null) {
    const verdict = failed ? 'invalid' : 'undecided';
    return [{ ...common, verdict, grade: 'none', binding: 'none', totals: [], root: null, caveats: [] }];
  }
  const proven = { ...common, verdict: 'valid', grade: 'zk-global', root: round.trunk.root } as const;
  const { mainTotals, others, combined } = totalsOf(round);
  const perCoin: LiabilityCheck = { ...proven, binding: 'per-asset-total', totals: mainTotals, caveats: CAVEATS };
  const names = round.config.coins.slice(round.config.mainCoins);
  const together: LiabilityCheck = {
    ...proven,
    binding: 'combined-total',
    totals: names.length === 0 ? [combined] : [combined, others],
    caveats: [
      ...CAVEATS,
      ...(names.length === 0
        ? []
        : [`Bound only together, however their published amounts are split: ${names.join(', ')}.`]),
    ],
  };
  return round.config.mainCoins === 0 ? [together] : [perCoin, together];
}

function totalsOf({ config, trunk: { sums } }: ProvenRound) {
  const amounts = sums.coins.slice(0, config.mainCoins).map(signed);
  const net = reduce(sums.total);
  const entry = (asset: string, amount: bigint) => unitOpen(asset, amount.toString());
  return {
    mainTotals: amounts.map((amount, i) => entry(config.coins[i]!, amount)),
    combined: entry('combined-net', net),
    others: entry('combined-others', net - amounts.reduce((sum, amount) => sum + amount, 0n)),
  };
}

/** A sum below zero is published as what it is modulo the field. */
function signed(value: bigint): bigint {
  const element = reduce(value);
  return element > P / 2n ? element - P : element;
}
