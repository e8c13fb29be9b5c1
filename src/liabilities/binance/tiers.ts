import { type Json, field as member } from '../../lib/json.ts';
import { listOf, naturalsOf } from '../zkmerkle/read.ts';

/** One step of a collateral table: up to this value (exclusive of the steps below) a coin's value counts by so many percent. */
export interface Tier {
  readonly boundary: bigint;
  readonly percent: bigint;
  /** What a coin counts whose value is just the boundary. */
  readonly counted: bigint;
}

/** Steps of every table in the exchange's circuits (`TierCount`). */
const TIERS = 12;
/** No boundary is above this. */
const HIGHEST = 1n << 118n;

/** Reads a table of exactly 12 steps, or null. */
export function readTiers(json: Json, key: string): readonly Tier[] | null {
  const items = listOf(member(json, key), TIERS);
  if (items?.length !== TIERS) return null;
  const tiers: Tier[] = [];
  for (const item of items) {
    const read = naturalsOf(item, ['BoundaryValue', 'Ratio', 'PrecomputedValue']);
    if (typeof read === 'string') return null;
    tiers.push({ boundary: read.BoundaryValue, percent: read.Ratio, counted: read.PrecomputedValue });
  }
  return tiers;
}

/** What the circuit demands of a table: rising boundaries up to 2^118, at most 100 percent, counted values that follow from them. */
export function faultOfTiers(tiers: readonly Tier[]): string | null {
  let [boundary, counted] = [0n, 0n];
  for (const tier of tiers) {
    if (tier.boundary < boundary || tier.boundary > HIGHEST) return 'boundaries of collateral do not rise to 2^118';
    if (tier.percent > 100n) return 'a collateral ratio is above 100 percent';
    counted += ((tier.boundary - boundary) * tier.percent) / 100n;
    if (tier.counted !== counted) return 'a precomputed value does not follow from the ratios';
    boundary = tier.boundary;
  }
  return null;
}

/** Two steps in one scalar, 8 bits of percent below 118 of boundary each (ConvertTierRatiosToBytes of the exchange's source). */
export function packTiers(tiers: readonly Tier[]): readonly bigint[] {
  const packed: bigint[] = [];
  for (let i = 0; i + 1 < tiers.length; i += 2) {
    const [low, high] = [tiers[i]!, tiers[i + 1]!];
    packed.push(low.percent + (low.boundary << 8n) + (high.percent << 126n) + (high.boundary << 134n));
  }
  return packed;
}

/** What collateral of this value counts under a table. */
export function countCollateral(value: bigint, tiers: readonly Tier[]): bigint {
  let [boundary, counted] = [0n, 0n];
  for (const tier of tiers) {
    if (value <= tier.boundary) return counted + ((value - boundary) * tier.percent) / 100n;
    ({ boundary, counted } = tier);
  }
  return counted;
}
