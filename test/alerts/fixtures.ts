import { type DataRule, DEFAULT_LEVELS, type Level, type RatioRule } from '../../src/domain/alert.ts';
import { baseUnits, ZERO } from '../../src/domain/amount.ts';
import type { AssetCode, ChainId, EntityId } from '../../src/domain/ids.ts';
import { interval } from '../../src/domain/interval.ts';
import type { Assurance } from '../../src/domain/snapshot.ts';
import { BASES, compare, type Point, reservesOn } from '../../src/domain/solvency.ts';
import type { AlertContext } from '../../src/evaluate-alerts.ts';

export const ENTITY = 'acme' as EntityId;
const ASSET = 'USDT' as AssetCode;
export const ONE = 'eip155:1' as ChainId;
const TWO = 'eip155:137' as ChainId;
export const T0 = Date.parse('2026-11-22T00:00:00Z');

export const levelRule = (level: Level, change: Partial<RatioRule> = {}): RatioRule => ({
  family: 'level',
  name: `coverage.${level}`,
  entity: ENTITY,
  asset: ASSET,
  kind: 'coverage',
  basis: 'observed',
  level,
  minAssurance: 'A2',
  maxSkewMs: 48 * 3_600_000,
  liftAgeCap: false,
  ...DEFAULT_LEVELS[level],
  ...change,
});

export const dataRule = (name: DataRule['name'], change: Partial<DataRule> = {}): DataRule => ({
  family: 'data',
  name,
  entity: ENTITY,
  asset: ASSET,
  afterMs: 60_000,
  repeatMs: 3_600_000,
  severity: 'warning',
  ...change,
});

export interface Look {
  /** Reserves in ppm of the liabilities, which are 1,000,000 base units. */
  readonly lo: bigint;
  readonly hi: bigint;
  readonly heights: readonly [bigint, bigint];
  readonly secondHeavy?: boolean;
  readonly secondMissing?: boolean;
  readonly quality?: Point['quality'];
  readonly assurance?: Assurance | null;
  readonly ageMs?: number;
  readonly atMs?: number;
}

/** A point with two chains, of which the first is always heavy. */
export function pointOf(look: Look, change: Partial<Point> = {}): Point {
  const atMs = look.atMs ?? T0;
  const secondHeavy = look.secondHeavy ?? true;
  const evidence = [ONE, TWO].map((chain, index) => ({
    chain,
    height: look.heights[index] as bigint,
    hash: `0x${(look.heights[index] as bigint).toString(16)}`,
    blockTimeMs: atMs,
    finality: 'final' as const,
    assurance: 'A2' as const,
    groups: ['a', 'b'],
    heavy: index === 0 || secondHeavy,
  }));
  const unvalued = {
    entity: ENTITY,
    asset: ASSET,
    decimals: 6,
    atMs,
    kind: 'coverage' as const,
    quality: look.quality ?? 'complete',
    assurance: look.assurance === undefined ? ('A2' as const) : look.assurance,
    claimed: baseUnits(1_040_000n),
    custody: null,
    custodyAsOfMs: null,
    observed: interval(baseUnits(look.lo), baseUnits(look.hi)),
    proven: interval(baseUnits(look.lo), baseUnits(look.hi)),
    claimedUnread: ZERO,
    evidence: look.secondMissing ? evidence.slice(0, 1) : evidence,
    ...(look.secondMissing && secondHeavy ? { heavyMissing: [TWO] } : {}),
    cells: { asked: 2, read: 2, failed: 0 },
    liabilities: {
      amount: interval(baseUnits(1_000_000n), baseUnits(1_000_000n)),
      asOfMs: atMs - (look.ageMs ?? 3_600_000),
      ageMs: look.ageMs ?? 3_600_000,
      source: 'https://acme.example/por.pdf',
      grade: 'stated' as const,
      binding: 'none' as const,
    },
    ...change,
  };
  const values = Object.fromEntries(
    BASES.map((basis) => [basis, compare(reservesOn(unvalued, basis), unvalued.liabilities)]),
  ) as Point['values'];
  return { ...unvalued, values };
}

export const contextOf = (change: Partial<AlertContext> = {}): AlertContext => ({
  entity: { id: ENTITY, name: 'Acme' },
  subjects: [ASSET],
  assets: new Map(),
  report: null,
  reports: [],
  disputes: [],
  publishers: [],
  statements: [],
  providerFaults: [],
  test: false,
  pointBefore: () => null,
  movesSince: () => [],
  ...change,
});
