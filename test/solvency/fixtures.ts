import { computeSolvency, type SolvencyInput } from '../../src/compute-solvency.ts';
import { type BaseUnits, baseUnits, formatAmount } from '../../src/domain/amount.ts';
import type { Address, AssetCode, AssetId, ChainId, EntityId } from '../../src/domain/ids.ts';
import type { Statement } from '../../src/domain/liability.ts';
import type { ChainAsset } from '../../src/domain/network.ts';
import type { Grade, OwnershipFlag } from '../../src/domain/ownership.ts';
import { type Assurance, cellKey, type ReadFailureCode, type Snapshot } from '../../src/domain/snapshot.ts';
import type { LastReading, TrackedCell } from '../../src/seams.ts';
import { guardSnapshot } from '../../src/solvency/guard-snapshot.ts';

const ACME = 'acme' as EntityId;
export const USDT = 'USDT' as AssetCode;
export const NOW = Date.parse('2026-11-22T12:00:00Z');

const chainAsset = (chain: string, decimals: number): ChainAsset => ({
  id: `${chain}/erc20:usdt` as AssetId,
  chain: chain as ChainId,
  kind: 'token',
  reference: 'usdt',
  symbol: 'USDT',
  decimals,
  countsAs: USDT,
});
/** The same ratio asset on three chains, with 6, 18 and 0 decimals. */
export const CHAINS = [chainAsset('eip155:1', 6), chainAsset('eip155:56', 18), chainAsset('eip155:9', 0)] as const;
export const BOOK = { assets: new Map(CHAINS.map((one) => [one.id, one])), assetDecimals: new Map([[USDT, 18]]) };

/** One cell as a test states it; amounts in base units of its chain's asset, claims in coin units. */
export interface CellSpec {
  readonly chain: 0 | 1 | 2;
  readonly amount: bigint | ReadFailureCode;
  readonly claimed?: string;
  readonly last?: bigint;
  readonly unstated?: true;
  readonly grade?: Grade;
  readonly flags?: readonly OwnershipFlag[];
  readonly assurance?: Assurance;
}

export interface Scene {
  readonly cells: readonly CellSpec[];
  readonly change?: Partial<Omit<SolvencyInput, 'snapshot'>>;
  readonly supplies?: Snapshot['supplies'];
  readonly blocks?: readonly (Partial<{ height: bigint; timeMs: number; finality: 'final' | 'not_final' }> | null)[];
}

const addressOf = (index: number): Address => `0x${index.toString(16).padStart(40, '0')}` as Address;

export const liability = (amount: bigint, change: Partial<Statement> = {}): Statement => ({
  kind: 'liability',
  entity: ACME,
  asset: USDT,
  amount: { unscaled: amount, scale: 0 },
  asOfMs: NOW - 86_400_000,
  source: 'the statement',
  documentSha256: null,
  grade: 'stated',
  binding: 'none',
  recordedAtMs: NOW - 1000,
  ...change,
});

export function sceneInput({ cells, change = {}, supplies = [], blocks = [] }: Scene) {
  const lastReadings = new Map<string, LastReading>();
  const tracked = cells.map((cell, index): TrackedCell => {
    const asset = CHAINS[cell.chain];
    if (cell.last !== undefined)
      lastReadings.set(cellKey(asset.id, addressOf(index)), {
        amount: baseUnits(cell.last),
        poll: 1,
        height: 1n,
        atMs: NOW - 1,
      });
    const claimed = cell.claimed ?? formatAmount((cell.last ?? 0n) as BaseUnits, asset.decimals);
    const verdict = { grade: cell.grade ?? 'address-bound', scheme: null, reason: null, flags: cell.flags ?? [] };
    const unstated = cell.unstated === undefined ? {} : { unstated: cell.unstated };
    const row = { address: addressOf(index), assetId: asset.id, asset: USDT, claimed, line: index + 1, verdict };
    return { ...row, ...unstated };
  });
  const snapshot: Snapshot = {
    startedAtMs: NOW - 2000,
    finishedAtMs: NOW - 1000,
    momentMs: NOW - 60_000,
    sources: CHAINS.map((asset, index) => {
      const block = blocks[index];
      return {
        chain: asset.chain,
        block:
          block === null
            ? null
            : {
                chain: asset.chain,
                height: 100n,
                hash: `0x${index}`,
                timeMs: NOW - 60_000,
                finality: 'final' as const,
                ...block,
              },
        heightFrom: 100n,
        skewSeconds: 0,
        assurance: 'A2' as const,
        groups: ['a', 'b'],
        requests: 2,
        asked: cells.filter((cell) => cell.chain === index).length,
        read: cells.filter((cell) => cell.chain === index && typeof cell.amount === 'bigint').length,
        failed: cells.filter((cell) => cell.chain === index && typeof cell.amount !== 'bigint').length,
      };
    }),
    cells: cells.map((cell, index) => ({
      query: { address: addressOf(index), asset: CHAINS[cell.chain] },
      outcome:
        typeof cell.amount === 'bigint'
          ? { kind: 'read' as const, amount: baseUnits(cell.amount), assurance: cell.assurance ?? 'A2' }
          : { kind: 'unread' as const, failure: { code: cell.amount, message: 'm', provider: 'p', retryable: true } },
    })),
    supplies,
    providerFaults: [],
  };
  const rest = {
    entity: ACME,
    assets: [USDT],
    book: BOOK,
    cells: tracked,
    unread: [],
    lastReadings,
    statements: [liability(1_000n)],
    supplies: new Map(),
    nowMs: NOW,
    maxCustodyAgeMs: 30 * 86_400_000,
    maxSnapshotAgeMs: 3_600_000,
    ...change,
  };
  return { snapshot, rest };
}

/** The points of a scene in which every fall is confirmed. */
export function pointsOf(scene: Scene) {
  const { snapshot, rest } = sceneInput(scene);
  const guarded = guardSnapshot({
    snapshot,
    lastReadings: new Map(),
    book: BOOK,
    freshProbes: true,
    minAssurance: 'A2',
    suspects: new Map(),
  });
  return computeSolvency({ ...rest, snapshot: guarded.snapshot });
}
