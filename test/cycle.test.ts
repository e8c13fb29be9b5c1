import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Anvil, startAnvil } from '../demo/nodes/anvil.ts';
import type { Monitor } from '../src/cli/monitor.ts';
import type { CycleResult } from '../src/cycle.ts';
import type { AlertEvent } from '../src/domain/alert.ts';
import type { EntityId } from '../src/domain/ids.ts';
import { deadlineReached } from '../src/lib/deadline.ts';
import { type FaultProxy, startFaultProxy } from './fakes/fault-proxy.ts';
import { type Fault, html, nullResults, zeroResults } from './fakes/faults.ts';
import { type TestConfig, writeTestConfig } from './fixtures/config.ts';
import { openTestExchange, type TestExchange, USDX } from './fixtures/exchange.ts';
import { oneMore, otherHash } from './fixtures/lies.ts';
import { openTestMonitor } from './fixtures/monitor.ts';

const EXAMPLE = 'example' as EntityId;
const never = new AbortController().signal;
const root = mkdtempSync(join(tmpdir(), 'reservewatch-cycle-'));
let anvil: Anvil;
let exchange: TestExchange;
let alpha: FaultProxy;
let beta: FaultProxy;
let monitor: Monitor;
let number = 0;

beforeAll(async () => {
  anvil = await startAnvil();
  exchange = await openTestExchange(anvil);
  [alpha, beta] = (await Promise.all([startFaultProxy(anvil.url), startFaultProxy(anvil.url)])) as [
    FaultProxy,
    FaultProxy,
  ];
});
afterAll(async () => {
  await alpha?.close();
  await beta?.close();
  await anvil?.stop();
  rmSync(root, { recursive: true, force: true });
});

/** The state of the chain before each test, so that every one starts at 104 %. */
let before: string;
beforeEach(async () => {
  before = await anvil.rpc<string>('evm_snapshot');
});
afterEach(async () => {
  alpha.setFault(null);
  beta.setFault(null);
  const { faults } = monitor.store.check();
  await monitor.close();
  await anvil.rpc('evm_revert', [before]);
  expect(faults).toEqual([]);
});

const providers = () => [
  { name: 'alpha-1', group: 'alpha', url: alpha.url },
  { name: 'beta-1', group: 'beta', url: beta.url },
];

/** A monitor on a new database. */
async function watchAnew(over: Partial<TestConfig> = {}, notes: string[] = []): Promise<string> {
  number += 1;
  const folder = join(root, String(number));
  monitor = await openTestMonitor(writeTestConfig(folder, exchange, { providers: providers(), ...over }), notes);
  return folder;
}

const look = (fresh = false): Promise<CycleResult> => monitor.look(EXAMPLE, fresh, never);
/** So many looks, each at a newer final block; the events of all. */
async function looks(count: number, fresh = false): Promise<AlertEvent[]> {
  const events: AlertEvent[] = [];
  for (let index = 0; index < count; index += 1) {
    if (index > 0) await exchange.mine(1);
    events.push(...(await look(fresh)).events);
  }
  return events;
}
const told = (events: readonly AlertEvent[]): string[] => events.map(({ type, rule }) => `${type} ${rule}`);
const point = ({ points }: CycleResult) => points[0] as CycleResult['points'][number];
const dataOf = (event: AlertEvent | undefined) =>
  (JSON.parse(event?.body ?? '{}') as { data: Record<string, unknown> }).data;
const phases = (): Record<string, string> =>
  Object.fromEntries(monitor.store.alertStates(EXAMPLE).map(({ rule, phase }) => [rule, phase]));

describe('a look', () => {
  it('imports the list, reads it at A2 and stores figures with their evidence', async () => {
    await watchAnew();
    const result = await look();
    expect(point(result)).toMatchObject({
      quality: 'complete',
      assurance: 'A2',
      observed: { lo: 1_040_000n * USDX.unit, hi: 1_040_000n * USDX.unit },
      proven: { lo: 1_040_000n * USDX.unit, hi: 1_040_000n * USDX.unit },
      claimed: 1_040_000n * USDX.unit,
      cells: { asked: 2, read: 2, failed: 0 },
      liabilities: { grade: 'stated', binding: 'none' },
    });
    expect(point(result).evidence).toMatchObject([{ groups: ['alpha', 'beta'], assurance: 'A2', finality: 'final' }]);
    expect([...result.changed.values()]).toEqual([4]);
    expect(monitor.store.reports(EXAMPLE)).toMatchObject([{ rows: 4, faults: 0, file: { format: 'okx-csv-11' } }]);
    const again = await look();
    expect([again.poll, again.changed.size]).toEqual([result.poll + 1, 0]);
    expect(monitor.store.latestPoints(EXAMPLE)).toMatchObject([{ poll: again.poll }]);
  });

  it('counts rows on a chain without an endpoint as claimed, not read', async () => {
    const row = exchange.csv.split('\r\n').find((line) => line.startsWith('ETH,test-evm')) as string;
    const elsewhere = row.replace('test-evm', 'arbitrum').replace(',10000,', ',250.5,');
    await watchAnew({ asset: 'ETH', owed: 20_000n, csv: `${exchange.csv}${elsewhere}\r\n` });
    const found = point(await look());
    expect(found).toMatchObject({
      quality: 'complete',
      claimedUnread: 2505n * 10n ** 17n,
      cells: { asked: 2, read: 2, failed: 0 },
    });
    expect(found.observed.hi - found.observed.lo).toBe(2505n * 10n ** 17n);
    expect(found.claimed).toBe(202505n * 10n ** 17n);
  });
});

describe('a lying provider', () => {
  const LIES: readonly (readonly [string, Fault])[] = [
    ['zero', zeroResults],
    ['one unit more', oneMore],
    ['other block hashes', otherHash],
  ];

  it.each(LIES)('of two, saying %s, raises data.disagree and never a ratio alert', async (_what, fault) => {
    await watchAnew();
    expect(told(await looks(1))).toEqual([]);
    beta.setFault(fault);
    const events = await looks(6);
    expect(told(events)).toEqual(['alert.fired data.disagree']);
    expect(dataOf(events[0])).toMatchObject({ schema: 'por.alert/1', state: 'firing', kind: null, value: null });
    const last = point(await look());
    expect(['disagree', 'incomplete']).toContain(last.quality);
    expect(last.observed).toEqual({ lo: 0n, hi: 1_040_000n * USDX.unit });
    expect(phases()).toMatchObject({ 'coverage.warning': 'ok', 'coverage.critical': 'ok', 'coverage.below-100': 'ok' });
    beta.setFault(null);
    expect(told(await looks(2))).toEqual(['alert.resolved data.disagree']);
  });

  it('of two, saying zero from the start, does the same', async () => {
    await watchAnew();
    beta.setFault(zeroResults);
    expect(told(await looks(4, true))).toEqual(['alert.fired data.disagree']);
    expect(point(await look()).observed.lo).toBe(0n);
  });

  it('cannot hide a real fall from being unknown, and the fall fires when it is gone', async () => {
    await watchAnew();
    await look();
    beta.setFault(oneMore);
    await exchange.pay(43_000n);
    expect(told(await looks(4))).toEqual(['alert.fired data.disagree']);
    beta.setFault(null);
    expect(told(await looks(2))).toEqual([
      'alert.resolved data.disagree',
      'alert.fired coverage.critical',
      'alert.fired coverage.below-100',
    ]);
  });
});

describe('a real fall', () => {
  it('fires each level after its confirmations at newer final blocks, and resolves after coming back', async () => {
    await watchAnew();
    expect(told(await looks(2))).toEqual([]);

    await exchange.pay(24_000n);
    const first = await look();
    expect([told(first.events), first.confirmAgain, phases()['coverage.warning']]).toEqual([[], true, 'pending']);
    // The same final block again confirms nothing.
    for (let again = 0; again < 4; again += 1) expect((await look()).events).toEqual([]);
    await exchange.mine(1);
    expect((await look()).events).toEqual([]);
    await exchange.mine(1);
    const warned = (await look()).events;
    expect(told(warned)).toEqual(['alert.fired coverage.warning']);

    await exchange.pay(19_000n);
    expect((await look()).events).toEqual([]);
    await exchange.mine(1);
    const grave = (await look()).events;
    expect(told(grave)).toEqual([
      'alert.escalated coverage.warning',
      'alert.fired coverage.critical',
      'alert.fired coverage.below-100',
    ]);

    await exchange.pay(-43_000n);
    expect(told(await looks(2))).toEqual([]);
    expect(phases()['coverage.below-100']).toBe('recovering');
    // The very same block does not count toward resolving either.
    expect((await look()).events).toEqual([]);
    await exchange.mine(1);
    const over = (await look()).events;
    expect(told(over)).toEqual([
      'alert.resolved coverage.below-100',
      'alert.resolved coverage.critical',
      'alert.resolved coverage.warning',
    ]);

    const fired = dataOf(grave[2]);
    expect(fired).toMatchObject({
      schema: 'por.alert/1',
      rule: 'coverage.below-100',
      severity: 'critical',
      state: 'firing',
      kind: 'coverage',
      test: false,
      entity: { id: 'example' },
      asset: { id: 'USDX', decimals: 6 },
      value: {
        basis: 'observed',
        reserves: { lo: '997000000000', hi: '997000000000' },
        liabilities: { lo: '1000000000000', hi: '1000000000000' },
        ratio_ppm: { lo: '997000', hi: '997000' },
        percent: '99.70 %',
      },
      confirmations: 2,
      liabilities: { source: 'statement of the test exchange', grade: 'stated' },
      report: monitor.store.reports(EXAMPLE)[0]?.file.sha256,
      moved: [{ address: exchange.hot, decimals: 6, before: '676000000000', after: '657000000000' }],
    });
    expect(fired['evidence']).toMatchObject([{ finality: 'final', groups: ['alpha', 'beta'], assurance: 'A2' }]);
    expect(fired['reserves_as_of']).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
    expect(fired['liabilities_as_of']).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
    expect(fired['liabilities_age_seconds']).toEqual(expect.any(Number));
    expect(String(fired['reason'])).toContain('99.7');
    expect(dataOf(warned[0])).toMatchObject({
      moved: [{ address: exchange.hot, before: '700000000000', after: '676000000000' }],
    });
    expect(dataOf(over[0])).toMatchObject({ state: 'resolved', value: { percent: '104.00 %' } });
    const ids = [...warned, ...grave, ...over].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('to less than half of an address is taken only with fresh probes, and asks for them', async () => {
    await watchAnew();
    await look();
    await exchange.pay(400_000n);
    const first = await look();
    expect(first.confirmAgain).toBe(true);
    expect(first.snapshot.cells.find(({ outcome }) => outcome.kind === 'unread')).toMatchObject({
      outcome: { failure: { code: 'unconfirmed' } },
    });
    expect(phases()['coverage.below-100']).toBe('ok');
    await exchange.mine(1);
    const second = await look(true);
    expect(point(second)).toMatchObject({ quality: 'complete', observed: { hi: 640_000n * USDX.unit } });
    await exchange.mine(1);
    expect(told((await look(true)).events)).toEqual([
      'alert.fired coverage.critical',
      'alert.fired coverage.below-100',
    ]);
  });

  it('while a provider is down is unknown: nothing fires, nothing that fires resolves', async () => {
    await watchAnew();
    await look();
    await exchange.pay(43_000n);
    await looks(3);
    expect(phases()['coverage.below-100']).toBe('firing');
    beta.setFault(html);
    await exchange.pay(-43_000n);
    expect(told(await looks(6))).toEqual([]);
    expect(phases()['coverage.below-100']).toBe('firing');
    expect(monitor.store.alertStates(EXAMPLE).find(({ rule }) => rule === 'coverage.below-100')?.dataStale).toBe(true);
    beta.setFault(null);
    expect(told(await looks(3))).toEqual([
      'alert.resolved coverage.below-100',
      'alert.resolved coverage.critical',
      'alert.resolved coverage.warning',
    ]);

    beta.setFault(nullResults);
    await exchange.pay(43_000n);
    const blind = await looks(4);
    expect(told(blind)).toEqual([]);
    expect(point(await look())).toMatchObject({ observed: { lo: 0n, hi: 1_040_000n * USDX.unit } });
    beta.setFault(null);
    expect(told(await looks(2))).toEqual(['alert.fired coverage.critical', 'alert.fired coverage.below-100']);
  });
});

describe('a deadline', () => {
  it('keeps what it cut off as unread, so that a provider that hangs raises missing data', async () => {
    await watchAnew({ data: '{ staleAfter: 1s, incompleteAfter: 1h }' });
    await look();
    beta.setFault({ kind: 'hang' });
    const events: AlertEvent[] = [];
    for (let poll = 0; poll < 3; poll += 1) {
      const late = new AbortController();
      setTimeout(() => late.abort(deadlineReached('the poll took longer than 600 ms')), 600);
      const result = await monitor.look(EXAMPLE, true, late.signal);
      expect(point(result).quality).toBe('incomplete');
      events.push(...result.events);
    }
    expect(told(events)).toEqual(['alert.fired data.stale']);
  });

  it('is not the stop of the process: that stores nothing', async () => {
    await watchAnew();
    const { poll } = await look();
    beta.setFault({ kind: 'hang' });
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('stopped by SIGINT')), 200);
    await expect(monitor.look(EXAMPLE, false, stop.signal)).rejects.toThrow('stopped by SIGINT');
    expect(monitor.store.latestPoll(EXAMPLE)?.poll).toBe(poll);
  });
});

describe('an entity that left the config', () => {
  it('has its open alerts ended at the next start, with the reason, once', async () => {
    const folder = await watchAnew();
    await look();
    await exchange.pay(43_000n);
    await looks(3);
    expect(phases()['coverage.below-100']).toBe('firing');
    await monitor.close();
    const notes: string[] = [];
    const file = writeTestConfig(folder, exchange, { providers: providers(), entity: 'another' });
    monitor = await openTestMonitor(file, notes);
    expect(notes).toContainEqual(expect.stringMatching(/^example: no longer in the config, 3 open alerts/));
    expect(Object.values(phases()).every((phase) => phase === 'ok')).toBe(true);
    await monitor.close();
    const again: string[] = [];
    monitor = await openTestMonitor(file, again);
    expect(again).toEqual([]);
  });
});
