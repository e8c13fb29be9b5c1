import { compareDecimals, type Decimal } from '../domain/amount.ts';
import type { AssetCode, EntityId } from '../domain/ids.ts';
import type { LiabilityBinding, Statement } from '../domain/liability.ts';

/** A statement with an amount: the only kind that can stand in a comparison. */
export type AmountStatement = Statement & { readonly amount: Decimal };

const BINDING_RANK: Readonly<Record<LiabilityBinding, number>> = {
  'per-asset-total': 2,
  none: 1,
  'combined-total': 0,
};

/** What the statement is about. */
export interface StatementOf {
  readonly kind: Statement['kind'];
  readonly entity: EntityId;
  readonly asset: AssetCode;
}

/**
 * The statement that decides now: of those with an amount, dated no later than now and not a combined total, the latest
 * as-of; then the strongest binding; where those still differ, the larger amount of liabilities, the smaller of custody.
 * A row recorded later for the same as-of, source and binding corrects the earlier one. Null where there is none.
 */
export function chooseStatement(
  statements: readonly Statement[],
  about: StatementOf,
  nowMs: number,
): AmountStatement | null {
  const careful = about.kind === 'liability' ? 1 : -1;
  return standing(statements, about, nowMs).reduce<AmountStatement | null>((best, one) => {
    if (!best) return one;
    const order =
      one.asOfMs - best.asOfMs ||
      BINDING_RANK[one.binding] - BINDING_RANK[best.binding] ||
      careful * compareDecimals(one.amount, best.amount);
    return order > 0 ? one : best;
  }, null);
}

/** The statements of the same moment that state another amount than the one that decides; corrected ones are not among them. */
export const conflictsWith = (statements: readonly Statement[], chosen: AmountStatement): readonly AmountStatement[] =>
  standing(statements, chosen, chosen.asOfMs).filter(
    (one) => one.asOfMs === chosen.asOfMs && compareDecimals(one.amount, chosen.amount) !== 0,
  );

/** The statements that could decide at a time: those with an amount of the asset itself, without what was corrected. */
function standing(statements: readonly Statement[], about: StatementOf, nowMs: number): readonly AmountStatement[] {
  return withoutCorrected(
    statements.filter(
      (one): one is AmountStatement =>
        one.kind === about.kind &&
        one.entity === about.entity &&
        one.asset === about.asset &&
        one.amount !== null &&
        one.asOfMs <= nowMs &&
        one.binding !== 'combined-total',
    ),
  );
}

function withoutCorrected(statements: readonly AmountStatement[]): readonly AmountStatement[] {
  const corrects = (a: AmountStatement, b: AmountStatement): boolean =>
    a.asOfMs === b.asOfMs && a.source === b.source && a.binding === b.binding && a.recordedAtMs > b.recordedAtMs;
  return statements.filter((one) => !statements.some((other) => corrects(other, one)));
}
