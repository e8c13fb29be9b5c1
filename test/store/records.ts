import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { AlertEvent, AlertState, Delivery } from '../../src/domain/alert.ts';
import { type BaseUnits, baseUnits } from '../../src/domain/amount.ts';
import type { Address, AssetCode, AssetId, ChainId, EntityId, NetworkSlug, Sha256 } from '../../src/domain/ids.ts';
import { chainOfAsset } from '../../src/domain/ids.ts';
import type { ChainAsset } from '../../src/domain/network.ts';
import type { OwnershipVerdict } from '../../src/domain/ownership.ts';
import type { PollRecord, Receiver } from '../../src/domain/poll.ts';
import type { Cell, Outcome, ReadFailureCode } from '../../src/domain/snapshot.ts';
import type { Point } from '../../src/domain/solvency.ts';
import type { ReportImport, Store } from '../../src/seams.ts';
import { openStore } from '../../src/store/open-store.ts';

export const ACME = 'acme' as EntityId;
export const USDT = 'USDT' as AssetCode;
export const HOOK: Receiver = { name: 'hook', minSeverity: 'info' };
const CONFIG = 'c'.repeat(64) as Sha256;
export const clock = { now: () => 1_700_000_000_000 };

const asset = (id: string, decimals: number, countsAs: string | null): ChainAsset => ({
  id: id as AssetId,
  chain: chainOfAsset(id as AssetId),
  kind: id.includes('erc20') ? 'token' : 'native',
  reference: null,
  symbol: countsAs ?? id,
  decimals,
  countsAs: countsAs as AssetCode | null,
});

export const USDT_1 = asset('eip155:1/erc20:0xaa', 6, 'USDT');
export const USDT_56 = asset('eip155:56/erc20:0xbb', 18, 'USDT');
export const ETH = asset('eip155:1/slip44:60', 18, 'ETH');

export const read = (amount: bigint): Outcome => ({ kind: 'read', amount: baseUnits(amount), assurance: 'A2' });
export const failed = (code: ReadFailureCode = 'timeout', provider = 'alpha'): Outcome => ({
  kind: 'unread',
  failure: { code, provider, message: `no answer from ${provider}`, retryable: true },
});

export const cell = (of: ChainAsset, address: string, outcome: Outcome): Cell => ({
  query: { asset: of, address: address as Address },
  outcome,
});

/** A poll record around some cells: every chain of theirs has a block whose height and time follow from `tick`. */
export function record(tick: number, cells: readonly Cell[], more: Partial<PollRecord> = {}): PollRecord {
  const atMs = clock.now() + tick * 1000;
  const chains = [...new Set(cells.map(({ query }) => query.asset.chain))];
  return {
    entity: ACME,
    report: null,
    snapshot: {
      startedAtMs: atMs,
      finishedAtMs: atMs + 500,
      momentMs: atMs,
      sources: chains.map((chain) => source(chain, tick, atMs, cells)),
      cells,
      supplies: [],
      providerFaults: [],
    },
    points: [],
    alertStates: [],
    events: [],
    receivers: [],
    configSha256: CONFIG,
    codeVersion: '0.1.0',
    ...more,
  };
}

function source(chain: ChainId, tick: number, timeMs: number, cells: readonly Cell[]) {
  const own = cells.filter(({ query }) => query.asset.chain === chain);
  const got = own.filter(({ outcome }) => outcome.kind === 'read').length;
  const height = BigInt(1000 + tick);
  return {
    chain,
    block: { chain, height, hash: `0x${height.toString(16)}`, timeMs, finality: 'final' as const },
    heightFrom: null,
    skewSeconds: 0,
    assurance: 'A2' as const,
    groups: ['alpha', 'beta'],
    requests: 2,
    asked: own.length,
    read: got,
    failed: own.length - got,
  };
}

const units = (value: bigint): BaseUnits => baseUnits(value);

/** A point of an asset whose cells add up to `observed`. */
export const point = (observed: bigint, more: Partial<Point> = {}): Point => ({
  entity: ACME,
  asset: USDT,
  decimals: 18,
  atMs: clock.now(),
  kind: 'coverage',
  quality: 'complete',
  assurance: 'A2',
  claimed: units(observed),
  custody: null,
  custodyAsOfMs: null,
  observed: { lo: units(observed), hi: units(observed) },
  proven: { lo: units(0n), hi: units(0n) },
  claimedUnread: units(0n),
  evidence: [],
  cells: { asked: 1, read: 1, failed: 0 },
  liabilities: null,
  values: { observed: null, proven: null, 'observed+custody': null },
  ...more,
});

export const event = (sequence: number, more: Partial<AlertEvent> = {}): AlertEvent => {
  const fingerprint = more.fingerprint ?? 'f'.repeat(32);
  const episode = more.episode ?? 1;
  return {
    id: `evt-${fingerprint.slice(0, 4)}-${episode}-${sequence}`,
    type: 'alert.fired',
    fingerprint,
    episode,
    sequence,
    rule: 'coverage.critical',
    severity: 'critical',
    atMs: clock.now(),
    test: false,
    body: `{"sequence":${sequence},"amount":"123456789012345678901234567890"}`,
    ...more,
  };
};

export const alertState = (more: Partial<AlertState> = {}): AlertState => ({
  fingerprint: 'f'.repeat(32),
  rule: 'coverage.critical',
  entity: ACME,
  asset: USDT,
  phase: 'pending',
  episode: 1,
  sequence: 0,
  count: 1,
  lastHeights: { 'eip155:1': '18446744073709551616' },
  dataStale: false,
  severity: null,
  startedAtMs: clock.now(),
  firedAtMs: null,
  lastNotifiedAtMs: null,
  sinceMs: null,
  ...more,
});

export const delivery = (id: string, more: Partial<Delivery> = {}): Delivery => ({
  id,
  eventId: id,
  receiver: 'hook',
  fingerprint: 'f'.repeat(32),
  episode: 1,
  sequence: 1,
  type: 'alert.fired',
  body: '{}',
  state: 'pending',
  attempts: 0,
  notBeforeMs: 0,
  createdAtMs: clock.now(),
  lastError: null,
  ...more,
});

export const verdict = (more: Partial<OwnershipVerdict> = {}): OwnershipVerdict => ({
  grade: 'address-bound',
  scheme: 'evm-text',
  reason: null,
  flags: [],
  ...more,
});

type ImportRow = ReportImport['rows'] extends Iterable<infer Row> ? Row : never;

export function listedRow(line: number, of: ChainAsset | null, address: string | null, amount: string): ImportRow {
  return {
    listed: {
      row: {
        line,
        label: of?.symbol ?? 'XYZ',
        network: null,
        rowType: null,
        height: '18446744073709551616',
        addressText: ` ${address ?? 'nowhere'}`,
        amount,
        message: 'I am an acme address',
        signature1: '0x00',
        signature2: null,
        scriptOrPubkey: null,
        owner1: null,
        owner2: null,
      },
      resolved: {
        network: of ? ('ethereum' as NetworkSlug) : null,
        chain: of?.chain ?? null,
        assetId: of?.id ?? null,
        asset: of?.countsAs ?? null,
      },
      address: address as Address | null,
      addressFault: address ? null : 'address "nowhere" has no checksum',
    },
    verdict: verdict(),
  };
}

export const REPORT = 'a'.repeat(64) as Sha256;

export const report = (rows: ReportImport['rows'], more: Partial<ReportImport> = {}): ReportImport => ({
  file: { sha256: REPORT, name: 'acme.csv', bytes: 1234, format: 'okx-csv-11' },
  entity: ACME,
  asOfMs: 1_690_000_000_000,
  importedAtMs: clock.now(),
  summaries: [{ line: 2, label: 'USDT', height: null, amount: '12.5' }],
  faults: [{ line: 9, reason: 'amount "1,5" is not a plain decimal number' }],
  rows,
  ...more,
});

/** A folder that goes away with the test. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'reservewatch-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** An open store in a folder of its own, closed and removed with the test. */
export function tempStore(): { readonly store: Store; readonly path: string } {
  const path = join(tempFolder(), 'store.db');
  const store = mustOpen(path);
  onTestFinished(() => store.close());
  return { store, path };
}

export function mustOpen(path: string): Store {
  const opened = openStore(path, { clock });
  if (!opened.ok) throw new Error(opened.error);
  return opened.value;
}
