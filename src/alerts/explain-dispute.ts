import type { AlertEventType, DisputeRule } from '../domain/alert.ts';
import { formatAmount } from '../domain/amount.ts';
import type { Dispute } from '../domain/dispute.ts';
import { formatPercent, toPpm } from '../domain/ratio.ts';
import type { Point } from '../domain/solvency.ts';
import { disputesOf } from './step-dispute.ts';

/** So many addresses and assets are named, the others counted. */
const NAMED_ADDRESSES = 5;
const NAMED_ASSETS = 10;

/** What one asset has in doubt of what was read of it. */
interface Share {
  readonly point: Point;
  readonly amount: bigint;
}

/** The disputed part of each asset, of one point an asset, the largest share first. */
function sharesOf(rule: DisputeRule, points: readonly Point[]): readonly Share[] {
  const share = ({ point, amount }: Share): bigint =>
    point.observed.hi === 0n ? 0n : toPpm({ num: amount, den: point.observed.hi });
  return points
    .flatMap((point): Share[] => {
      const part = point.disputed?.with.find((one) => one.entity === rule.with);
      return part ? [{ point, amount: part.amount }] : [];
    })
    .sort((a, b) => (share(a) < share(b) ? 1 : share(a) > share(b) ? -1 : 0));
}

/** What the event says in figures: whose list, how many addresses, and of each asset how much of what. */
export function disputeFigures(rule: DisputeRule, disputes: readonly Dispute[], points: readonly Point[]): unknown {
  const own = disputesOf(rule, disputes);
  const shares = sharesOf(rule, points);
  return {
    with: rule.with,
    addresses: own.length,
    copied: own.filter(({ copied }) => copied).length,
    examples: own.slice(0, NAMED_ADDRESSES).map(({ namespace, address }) => ({ namespace, address })),
    assets: shares.slice(0, NAMED_ASSETS).map(({ point: { asset, decimals, observed }, amount }) => ({
      asset,
      decimals,
      amount,
      observed_hi: observed.hi,
      share_ppm: observed.hi === 0n ? null : toPpm({ num: amount, den: observed.hi }),
    })),
    more_assets: Math.max(0, shares.length - NAMED_ASSETS),
  };
}

/** What an alert about a dispute says: with whom, over how many addresses and how much, and what follows from it. `name` is escaped. */
export function explainDispute(
  type: AlertEventType,
  rule: DisputeRule,
  name: string,
  disputes: readonly Dispute[],
  points: readonly Point[],
): string {
  const own = disputesOf(rule, disputes);
  if (type === 'alert.resolved' || own.length === 0)
    return `Resolved: no address of ${name}'s list in use is disputed with ${rule.with} any more.`;
  const opening = { 'alert.repeated': 'Still: ', 'alert.escalated': 'More addresses: ' }[type as string] ?? '';
  const examples = own.slice(0, NAMED_ADDRESSES).map(({ address }) => address);
  const more = own.length > examples.length ? ` and ${own.length - examples.length} more` : '';
  const what = own.length === 1 ? '1 address' : `${own.length} addresses`;
  const copied = own.filter(({ copied: one }) => one).length;
  return [
    `${opening}${name}: ${what} of its list in use (${examples.join(', ')}${more}) ${own.length === 1 ? 'is' : 'are'} claimed by the newest list of ${rule.with} too, with no weaker proof.`,
    ...(copied === 0 ? [] : [`${copied} of them carry the very signatures of ${rule.with}: copied from it.`]),
    amountsText(sharesOf(rule, points)),
    'Whose they are is not known: they count in the upper end of the reserves alone and not as proven, so no ratio fires or clears on them.',
  ].join(' ');
}

function amountsText(shares: readonly Share[]): string {
  if (shares.length === 0) return 'Nothing of an asset in scope is at them.';
  const named = shares.slice(0, NAMED_ASSETS).map(({ point: { asset, decimals, observed }, amount }) => {
    const share = observed.hi === 0n ? '' : ` (${formatPercent({ num: amount, den: observed.hi })} of the reserves)`;
    return `${formatAmount(amount as typeof observed.hi, decimals)} ${asset}${share}`;
  });
  const more = shares.length > NAMED_ASSETS ? ` and ${shares.length - NAMED_ASSETS} more assets` : '';
  return `In doubt: ${named.join(', ')}${more}.`;
}
