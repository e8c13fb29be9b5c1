import { addDecimals, type BaseUnits, baseUnits, type Decimal, ZERO } from '../domain/amount.ts';
import { type AssetCode, type ChainId, chainOfAsset, type EntityId } from '../domain/ids.ts';
import { addIntervals, exactly, type Interval } from '../domain/interval.ts';
import { countsAsProven, type OwnershipVerdict } from '../domain/ownership.ts';
import {
  type Assurance,
  cellKey,
  type Outcome,
  type ReadFailureCode,
  type Snapshot,
  weaker,
} from '../domain/snapshot.ts';
import type { Disputed } from '../domain/solvency.ts';
import type { LastReading, TrackedCell, UnreadRow } from '../seams.ts';
import { type AssetBook, claimOf, scaledTo, unitsAround } from './scale.ts';

/** What is listed of one asset, and what is known of each cell so far. */
export interface Listing {
  readonly cells: readonly TrackedCell[];
  readonly unread: readonly UnreadRow[];
  readonly lastReadings: ReadonlyMap<string, LastReading>;
}

/** What one chain contributes to a subject, at the subject's decimals. */
interface ChainWeight {
  /** The most that it may hold now: what was read, or for unread cells what was read last or is claimed. */
  now: bigint;
  claimed: bigint;
}

/** The figures of one asset, at its decimals, before anything is compared. */
export interface Figures {
  readonly claimed: BaseUnits;
  readonly claimedUnread: BaseUnits;
  readonly observed: Interval;
  readonly proven: Interval;
  /** Whether a row that states no amount was never read: then the upper ends above leave something out. */
  readonly unbounded: boolean;
  readonly disputed: Disputed | null;
  readonly assurance: Assurance | null;
  readonly cells: { readonly asked: number; readonly read: number; readonly failed: number };
  readonly failures: ReadonlySet<ReadFailureCode>;
  readonly weights: ReadonlyMap<ChainId, ChainWeight>;
}

/** Outcomes by cell; a block that is not final decides nothing, whatever was read at it. */
export function outcomesOf(snapshot: Snapshot): (key: string, chain: ChainId) => Outcome | null {
  const outcomes = new Map(
    snapshot.cells.map(({ query, outcome }) => [cellKey(query.asset.id, query.address), outcome] as const),
  );
  const unfinal = new Set(
    snapshot.sources.flatMap(({ chain, block }) => (block && block.finality !== 'final' ? [chain] : [])),
  );
  return (key, chain) => {
    const outcome = outcomes.get(key) ?? null;
    if (outcome?.kind !== 'read' || !unfinal.has(chain)) return outcome;
    const message = `${chain}: its block is not final yet`;
    return { kind: 'unread', failure: { code: 'not_final', message, provider: 'none', retryable: true } };
  };
}

/**
 * Adds up one asset: lo is what was read; hi adds for each unread cell the larger of its last complete reading and its
 * claim, and every row on a chain without an adapter. A disputed cell counts in hi only. A cell listed twice counts once.
 */
export function addUp(
  asset: AssetCode,
  decimals: number,
  { cells, unread, lastReadings }: Listing,
  outcomeOf: ReturnType<typeof outcomesOf>,
  book: AssetBook,
): Figures {
  const weights = new Map<ChainId, ChainWeight>();
  const failures = new Set<ReadFailureCode>();
  const seen = new Set<string>();
  const disputed = tallyDisputed();
  let claims: Decimal = { unscaled: 0n, scale: 0 };
  let observed = exactly(ZERO);
  let proven = exactly(ZERO);
  let assurance: Assurance | null = null;
  let read = 0;
  let unbounded = unread.some((row) => row.asset === asset && row.unstated);
  for (const cell of cells) {
    const key = cellKey(cell.assetId, cell.address);
    if (cell.asset !== asset || seen.has(key)) continue;
    seen.add(key);
    const claim = claimOf(cell.claimed);
    const claimed = unitsAround(claim, decimals).hi;
    claims = addDecimals(claims, claim);
    const chain = chainOfAsset(cell.assetId);
    const outcome = outcomeOf(key, chain);
    const last = lastReadings.get(key);
    const amount = outcome?.kind === 'read' ? scaledTo(book, outcome.amount, cell.assetId, decimals) : null;
    if (amount === null) failures.add(outcome?.kind === 'unread' ? outcome.failure.code : 'no_provider');
    else {
      read += 1;
      assurance = weakest(assurance, (outcome as Outcome & { kind: 'read' }).assurance);
    }
    if (amount === null && !last && cell.unstated) unbounded = true;
    const before = last ? (scaledTo(book, last.amount, cell.assetId, decimals) ?? ZERO) : ZERO;
    const most = amount ?? (before > claimed ? before : claimed);
    const inDoubt = cell.verdict.flags.includes('disputed');
    if (inDoubt) disputed.add(most, cell.disputedWith ?? [], provesUndisputed(cell.verdict));
    const sure = amount !== null && !inDoubt ? amount : ZERO;
    observed = addIntervals(observed, { lo: sure, hi: most });
    if (countsAsProven(cell.verdict)) proven = addIntervals(proven, { lo: sure, hi: most });
    const weight = weights.get(chain) ?? { now: 0n, claimed: 0n };
    weights.set(chain, { now: weight.now + most, claimed: weight.claimed + claimed });
  }
  let apart: Decimal = { unscaled: 0n, scale: 0 };
  for (const row of unread) {
    if (row.asset !== asset) continue;
    const claim = claimOf(row.claimed);
    apart = addDecimals(apart, claim);
    if (row.disputedWith) disputed.add(unitsAround(claim, decimals).hi, row.disputedWith, false);
  }
  const claimedUnread = unitsAround(apart, decimals).hi;
  return {
    claimed: unitsAround(addDecimals(claims, apart), decimals).lo,
    claimedUnread,
    observed: addIntervals(observed, { lo: ZERO, hi: claimedUnread }),
    proven,
    unbounded,
    disputed: disputed.sum(),
    assurance,
    cells: { asked: seen.size, read, failed: seen.size - read },
    failures,
    weights,
  };
}

/** Whether a disputed row would count as proven if nobody else claimed its account. */
const provesUndisputed = ({ grade, flags }: OwnershipVerdict): boolean =>
  countsAsProven({ grade, flags: flags.filter((flag) => flag !== 'disputed') });

/** Adds up what is disputed, and with whom. */
function tallyDisputed() {
  let [amount, proven, any] = [0n, 0n, false];
  const byEntity = new Map<EntityId, { cells: number; amount: bigint }>();
  return {
    add(most: bigint, others: readonly EntityId[], proves: boolean): void {
      any = true;
      amount += most;
      if (proves) proven += most;
      for (const entity of others) {
        const before = byEntity.get(entity) ?? { cells: 0, amount: 0n };
        byEntity.set(entity, { cells: before.cells + 1, amount: before.amount + most });
      }
    },
    sum: (): Disputed | null =>
      any
        ? {
            amount: baseUnits(amount),
            proven: baseUnits(proven),
            with: [...byEntity]
              .sort(([a], [b]) => (a < b ? -1 : 1))
              .map(([entity, part]) => ({ entity, cells: part.cells, amount: baseUnits(part.amount) })),
          }
        : null,
  };
}

/** The weaker of two assurances, either of which may still be absent. */
export const weakest = (a: Assurance | null, b: Assurance): Assurance => (a === null ? b : weaker(a, b));
