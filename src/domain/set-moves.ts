import { addDecimals, compareDecimals, type Decimal } from './amount.ts';

/**
 * What became of the holdings of one list's cells once the next list stands, of one asset. By amounts alone: what newly listed
 * cells hold covers a loss up to its size; that it is the same money is not shown.
 */
export interface MoveAccount {
  /** By how much cells of the former list went down; one that is no longer listed, by all that it held. */
  readonly lost: Decimal;
  /** By how much cells that both lists have went up: that much of the loss stayed inside the former set. */
  readonly raised: Decimal;
  /** What cells that only the newer list has hold. */
  readonly gained: Decimal;
  /** The part of the former set's drop (lost less raised, not below zero) that newly listed cells hold. */
  readonly explained: Decimal;
  /** The rest of the drop. */
  readonly unexplained: Decimal;
}

const ZERO: Decimal = { unscaled: 0n, scale: 0 };
const minus = (a: Decimal, b: Decimal): Decimal => addDecimals(a, { ...b, unscaled: -b.unscaled });
const atLeastZero = (value: Decimal): Decimal => (value.unscaled < 0n ? ZERO : value);

/**
 * Accounts for the move from what the cells of the former list held to what those of the newer one hold, by any key of a cell.
 * Whoever calls leaves out, on both sides, cells of the former list of which one of the two figures is not known.
 */
export function accountMoves(former: ReadonlyMap<string, Decimal>, newer: ReadonlyMap<string, Decimal>): MoveAccount {
  let [lost, raised, gained] = [ZERO, ZERO, ZERO];
  for (const [key, before] of former) {
    const after = newer.get(key) ?? ZERO;
    if (compareDecimals(after, before) < 0) lost = addDecimals(lost, minus(before, after));
    else raised = addDecimals(raised, minus(after, before));
  }
  for (const [key, holds] of newer) if (!former.has(key)) gained = addDecimals(gained, holds);
  const drop = atLeastZero(minus(lost, raised));
  const explained = compareDecimals(drop, gained) < 0 ? drop : gained;
  return { lost, raised, gained, explained, unexplained: minus(drop, explained) };
}
