import { ZERO } from './domain/amount.ts';
import type { AssetCode, ChainId, EntityId } from './domain/ids.ts';
import type { Statement } from './domain/liability.ts';
import type { ReadFailureCode } from './domain/snapshot.ts';
import { BASES, compare, type LiabilityView, type Point, type Quality, reservesOn } from './domain/solvency.ts';
import { addUp, type Figures, type Listing, outcomesOf, weakest } from './solvency/cell-figures.ts';
import { chooseStatement, conflictsWith } from './solvency/choose-statement.ts';
import type { GuardedSnapshot } from './solvency/guard-snapshot.ts';
import { addSupplies, type SupplyConfig, type SupplyFigures } from './solvency/read-supply.ts';
import { type AssetBook, decimalsOf, unitsAround } from './solvency/scale.ts';
import { weighEvidence } from './solvency/weigh-evidence.ts';

/** A custody statement older than this is stale unless the config says otherwise: publishers restate monthly. */
export const DEFAULT_MAX_CUSTODY_AGE_MS = 45 * 86_400_000;

/** A heavy chain's final block older than this makes a point stale unless the config says otherwise. */
export const DEFAULT_MAX_SNAPSHOT_AGE_MS = 6 * 3_600_000;

/** All that the figures of one entity at one moment are computed from. */
export interface SolvencyInput extends Listing {
  readonly entity: EntityId;
  /** The ratio assets in scope: each gets its points, also where nothing of it is listed. */
  readonly assets: readonly AssetCode[];
  readonly book: AssetBook;
  readonly snapshot: GuardedSnapshot;
  /** Statements of both kinds; those of other entities and assets are passed over. */
  readonly statements: readonly Statement[];
  /** Assets whose liabilities are their own total supply. */
  readonly supplies: ReadonlyMap<AssetCode, SupplyConfig>;
  readonly nowMs: number;
  readonly maxCustodyAgeMs: number;
  readonly maxSnapshotAgeMs: number;
}

/**
 * The points of one snapshot, in the order of `assets`: kind `ratio` where the liabilities are a supply read in the same
 * snapshot; kind `coverage` against the last stated liabilities, and also, without a value, where neither is known. Pure.
 */
export function computeSolvency(input: SolvencyInput): readonly Point[] {
  const outcomeOf = outcomesOf(input.snapshot);
  return input.assets.flatMap((asset) => {
    const decimals = decimalsOf(input.book, asset);
    const figures = addUp(asset, decimals, input, outcomeOf, input.book);
    const config = input.supplies.get(asset);
    const supply = config ? addSupplies(config, input.snapshot, input.nowMs, decimals, input.book) : null;
    const stated = statedLiabilities(input, asset, decimals);
    const points: Point[] = [];
    if (supply) points.push(makePoint(input, asset, decimals, figures, 'ratio', supply.view, supply));
    if (stated || !supply) points.push(makePoint(input, asset, decimals, figures, 'coverage', stated, null));
    return points;
  });
}

function statedLiabilities(input: SolvencyInput, asset: AssetCode, decimals: number): LiabilityView | null {
  const about = { kind: 'liability', entity: input.entity, asset } as const;
  const statement = chooseStatement(input.statements, about, input.nowMs);
  if (!statement) return null;
  const { asOfMs, source, grade, binding } = statement;
  const ageMs = Math.max(0, input.nowMs - asOfMs);
  const conflicts = conflictsWith(input.statements, statement)
    .map((one) => ({
      amount: unitsAround(one.amount, decimals).hi,
      source: one.source,
      grade: one.grade,
      binding: one.binding,
    }))
    .sort((a, b) => (a.amount < b.amount ? 1 : a.amount > b.amount ? -1 : 0));
  const view = { amount: unitsAround(statement.amount, decimals), asOfMs, ageMs, source, grade, binding };
  return conflicts.length === 0 ? view : { ...view, conflicts };
}

function makePoint(
  input: SolvencyInput,
  asset: AssetCode,
  decimals: number,
  figures: Figures,
  kind: Point['kind'],
  liabilities: LiabilityView | null,
  supply: SupplyFigures | null,
): Point {
  const chains = [...new Set([...figures.weights.keys(), ...(supply?.weights.keys() ?? [])])];
  const measure = (of: 'now' | 'claimed'): ReadonlyMap<ChainId, bigint> =>
    new Map([...figures.weights].map(([chain, weight]) => [chain, weight[of]]));
  const measures = [measure('now'), measure('claimed'), ...(supply ? [supply.weights] : [])];
  const { blocks, heavyMissing } = weighEvidence(input.snapshot, chains, measures);
  const stale = blocks.some((one) => one.heavy && input.nowMs - one.blockTimeMs > input.maxSnapshotAgeMs);
  const assurance = supply?.assurance ? weakest(figures.assurance, supply.assurance) : figures.assurance;
  const unvalued = {
    entity: input.entity,
    asset,
    decimals,
    atMs: input.snapshot.momentMs ?? input.snapshot.finishedAtMs,
    kind,
    quality: qualityOf(new Set([...figures.failures, ...(supply?.failures ?? [])]), figures, stale),
    assurance: figures.assurance === null ? null : assurance,
    claimed: figures.claimed,
    ...custodyOf(input, asset, decimals),
    observed: figures.observed,
    proven: figures.proven,
    ...(figures.unbounded ? { unbounded: true as const } : {}),
    ...(figures.disputed ? { disputed: figures.disputed } : {}),
    claimedUnread: figures.claimedUnread,
    evidence: blocks,
    ...(heavyMissing.length > 0 ? { heavyMissing } : {}),
    cells: figures.cells,
    liabilities,
  };
  const valueOn = (basis: (typeof BASES)[number]) => compare(reservesOn(unvalued, basis), liabilities);
  const values = Object.fromEntries(BASES.map((basis) => [basis, valueOn(basis)])) as Point['values'];
  return { ...unvalued, values };
}

/** Null where nothing is stated or the statement is older than allowed; its date is shown either way. */
function custodyOf(input: SolvencyInput, asset: AssetCode, decimals: number): Pick<Point, 'custody' | 'custodyAsOfMs'> {
  const statement = chooseStatement(input.statements, { kind: 'custody', entity: input.entity, asset }, input.nowMs);
  if (!statement) return { custody: null, custodyAsOfMs: null };
  const stale = input.nowMs - statement.asOfMs > input.maxCustodyAgeMs;
  return {
    custody: stale ? null : unitsAround(statement.amount, decimals).lo,
    custodyAsOfMs: statement.asOfMs,
  };
}

function qualityOf(
  failures: ReadonlySet<ReadFailureCode>,
  { cells, claimedUnread, unbounded }: Figures,
  stale: boolean,
): Quality {
  if (stale) return 'stale';
  if (failures.has('disagree')) return 'disagree';
  if (failures.has('not_final')) return 'not_final';
  // A list that names nothing of the asset was not read as zero: nothing was read.
  if (failures.size > 0 || unbounded || (cells.asked === 0 && claimedUnread === ZERO)) return 'incomplete';
  return 'complete';
}
