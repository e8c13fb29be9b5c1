import { type BaseUnits, formatAmount } from '../domain/amount.ts';
import type { Interval } from '../domain/interval.ts';
import { type Fraction, type RatioInterval, toPpm } from '../domain/ratio.ts';
import { BASES, type Basis, type Point } from '../domain/solvency.ts';
import { formatTime } from '../domain/time.ts';
import type { PointStatus } from './point-status.ts';

/** A point as `reservewatch.ratio/1` and `reservewatch.poll/1` print it: amounts in coin units, ppm and counts as text. */
export const pointJson = (point: Point, status: PointStatus, nowMs: number): Record<string, unknown> => {
  const amount = (units: BaseUnits): string => formatAmount(units, point.decimals);
  const span = ({ lo, hi }: Interval): { lo: string; hi: string } => ({ lo: amount(lo), hi: amount(hi) });
  const owed = point.liabilities;
  return {
    entity: point.entity,
    asset: point.asset,
    at: formatTime(point.atMs),
    kind: point.kind,
    quality: point.quality,
    assurance: point.assurance,
    claimed: amount(point.claimed),
    custody: point.custody === null ? null : amount(point.custody),
    custodyAsOf: point.custodyAsOfMs === null ? null : formatTime(point.custodyAsOfMs),
    observed: span(point.observed),
    proven: span(point.proven),
    ...(point.unbounded ? { unbounded: true } : {}),
    ...(point.disputed
      ? {
          disputed: {
            amount: amount(point.disputed.amount),
            proven: amount(point.disputed.proven),
            with: point.disputed.with.map((one) => ({ ...one, amount: amount(one.amount) })),
          },
        }
      : {}),
    claimedUnread: amount(point.claimedUnread),
    cells: point.cells,
    liabilities:
      owed === null
        ? null
        : {
            amount: amount(owed.amount.lo),
            ...(owed.openEnded
              ? { amountHi: null }
              : owed.amount.lo === owed.amount.hi
                ? {}
                : { amountHi: amount(owed.amount.hi) }),
            asOf: formatTime(owed.asOfMs),
            ageSeconds: Math.max(0, Math.floor((nowMs - owed.asOfMs) / 1000)),
            source: owed.source,
            grade: owed.grade,
            binding: owed.binding,
            conflicts: (owed.conflicts ?? []).map((one) => ({ ...one, amount: amount(one.amount) })),
          },
    values: Object.fromEntries(BASES.map((basis: Basis) => [basis, ratioJson(point.values[basis])])),
    addressSet: point.list
      ? { version: point.list.setVersion, report: point.list.report, waitingReport: point.list.waiting ?? null }
      : null,
    explainedBy: point.explained
      ? {
          report: point.explained.by,
          formerReport: point.explained.former,
          at: formatTime(point.explained.atMs),
          lost: amount(point.explained.lost),
          raised: amount(point.explained.raised),
          gained: amount(point.explained.gained),
          explained: amount(point.explained.explained),
          unexplained: amount(point.explained.unexplained),
          unknownCells: point.explained.unknown,
        }
      : null,
    evidence: point.evidence.map((one) => ({
      chain: one.chain,
      height: one.height.toString(),
      blockHash: one.hash,
      blockTime: formatTime(one.blockTimeMs),
      finality: one.finality,
      assurance: one.assurance,
      groups: one.groups,
    })),
    status,
  };
};

const ratioJson = (value: RatioInterval | null): unknown =>
  value === null ? null : { lo: fractionJson(value.lo), hi: fractionJson(value.hi) };

const fractionJson = (fraction: Fraction): { num: string; den: string; ppm: string } => ({
  num: fraction.num.toString(),
  den: fraction.den.toString(),
  ppm: toPpm(fraction).toString(),
});
