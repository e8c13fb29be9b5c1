import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PublishedRow } from '../demo/exchange.ts';
import { type Anvil, startAnvil } from '../demo/nodes/anvil.ts';
import { reportCsv } from '../demo/publish.ts';
import type { Monitor } from '../src/cli/monitor.ts';
import type { CycleResult } from '../src/cycle.ts';
import type { IssuedBy } from '../src/domain/attestation.ts';
import type { EntityId } from '../src/domain/ids.ts';
import { findDisputes, findOverlapping } from '../src/find-disputes.ts';
import { importReport } from '../src/import-report.ts';
import { systemClock } from '../src/lib/clock.ts';
import { readableFile } from '../src/lib/files.ts';
import { type FaultProxy, startFaultProxy } from './fakes/fault-proxy.ts';
import { writeTestConfig } from './fixtures/config.ts';
import { openTestExchange, type TestExchange, USDX } from './fixtures/exchange.ts';
import { openTestMonitor } from './fixtures/monitor.ts';

const EXAMPLE = 'example' as EntityId;
const RIVAL = 'rival' as EntityId;
const never = new AbortController().signal;
const root = mkdtempSync(join(tmpdir(), 'reservewatch-disputes-'));
let anvil: Anvil;
let exchange: TestExchange;
let proxies: readonly FaultProxy[] = [];
let monitor: Monitor;
let folder: string;
let number = 0;

beforeAll(async () => {
  anvil = await startAnvil();
  exchange = await openTestExchange(anvil);
  proxies = await Promise.all([startFaultProxy(anvil.url), startFaultProxy(anvil.url)]);
});
afterAll(async () => {
  for (const proxy of proxies) await proxy.close();
  await anvil?.stop();
  rmSync(root, { recursive: true, force: true });
});
let before: string;
beforeEach(async () => {
  number += 1;
  folder = join(root, String(number));
  before = await anvil.rpc<string>('evm_snapshot');
});
afterEach(async () => {
  const { faults } = monitor.store.check();
  await monitor.close();
  await anvil.rpc('evm_revert', [before]);
  expect(faults).toEqual([]);
});

/** A monitor whose registry also knows a rival; `basis` is that of the rule. */
async function watch(options: { csv?: string; basis?: string; rival?: string } = {}): Promise<void> {
  const providers = proxies.map(({ url }, index) => ({ name: `p${index}`, group: `g${index}`, url }));
  const file = writeTestConfig(folder, exchange, { providers, ...(options.csv ? { csv: options.csv } : {}) });
  const more = join(folder, 'more.yaml');
  writeFileSync(more, `entities:\n  rival: { name: Rival House, assets: [USDX]${options.rival ?? ''} }\n`);
  const text = readFileSync(file, 'utf8').replace('basis: observed', `basis: ${options.basis ?? 'observed'}`);
  writeFileSync(file, `include: [more.yaml]\n${text}`);
  monitor = await openTestMonitor(file);
}

let file = 0;
async function imports(entity: EntityId, csv: string, issuedBy?: IssuedBy): Promise<string> {
  file += 1;
  const path = join(folder, `list-${file}.csv`);
  writeFileSync(path, csv);
  const readable = await readableFile(path, `list-${file}.csv`);
  if (!readable.ok) throw new Error(readable.error);
  const { registry, archive } = monitor.config;
  const imported = await importReport(readable.value, {
    store: monitor.store,
    archiveFolder: archive,
    registry,
    entity: registry.entities.get(entity) as never,
    asOfMs: null,
    clock: systemClock,
    ...(issuedBy ? { issuedBy } : {}),
  });
  if (!imported.ok) throw new Error(imported.error);
  return imported.value.outcome;
}

async function look(): Promise<CycleResult> {
  await exchange.mine(1);
  return monitor.look(EXAMPLE, false, never);
}
const told = ({ events }: CycleResult): string[] => events.map(({ type, rule }) => `${type} ${rule}`);
const point = ({ points }: CycleResult) => points[0] as CycleResult['points'][number];
const units = (coins: bigint): bigint => coins * USDX.unit;
const whole = USDX.hot + USDX.cold;
const plain = (...rows: readonly PublishedRow[]): string => reportCsv(rows);
const unsigned = (address: string, coin = 'USDX', amount = '5'): PublishedRow => ({
  coin,
  network: 'test-evm',
  height: '1',
  address,
  amount,
  message: '',
  signature1: '',
});
const parts = () => ({ store: monitor.store, registry: monitor.config.registry });
const disputed = (entity: EntityId) => findDisputes(parts(), entity).map((one) => [one.with, one.address, one.copied]);
const hot = () => exchange.hot.toLowerCase();

describe('an unsigned claim of two publishers', () => {
  const own = () =>
    plain(unsigned(exchange.hot, 'USDX', String(USDX.hot)), unsigned(exchange.cold, 'USDX', String(USDX.cold)));

  it('is the interval [without, with] of each, raises its own alert and no ratio alert, and ends when one drops it', async () => {
    await watch({ csv: own() });
    expect(told(await look())).toEqual([]);
    // The rival names another asset at the same account: the key is in doubt, not the asset.
    await imports(RIVAL, plain(unsigned(exchange.hot.toUpperCase().replace('0X', '0x'), 'ETH')));
    const first = await look();
    expect(told(first)).toEqual(['alert.fired ownership.disputed']);
    expect(point(first)).toMatchObject({
      quality: 'complete',
      observed: { lo: units(USDX.cold), hi: units(whole) },
      proven: { lo: 0n, hi: 0n },
      disputed: { amount: units(USDX.hot), proven: 0n, with: [{ entity: RIVAL, cells: 1, amount: units(USDX.hot) }] },
    });
    const { data } = JSON.parse(first.events[0]?.body ?? '{}') as { data: Record<string, unknown> };
    expect(data).toMatchObject({
      rule: 'ownership.disputed',
      severity: 'warning',
      disputed: {
        with: 'rival',
        addresses: 1,
        assets: [{ asset: 'USDX', amount: '700000000000', share_ppm: '673076' }],
      },
    });
    expect(data['reason']).toContain('700000 USDX (67.30 % of the reserves)');
    expect(monitor.store.deliveries('pending', 10)).toEqual([]);
    expect([disputed(EXAMPLE), disputed(RIVAL)]).toEqual([[['rival', hot(), false]], [['example', hot(), false]]]);
    for (let again = 0; again < 4; again += 1) expect(told(await look())).toEqual([]);
    // 34 % without what is disputed, 104 % with it: neither below 100 % for sure, nor above.
    expect(
      monitor.store
        .alertStates(EXAMPLE)
        .filter(({ phase }) => phase !== 'ok')
        .map(({ rule }) => rule),
    ).toEqual(['ownership.disputed']);
    await imports(RIVAL, plain(unsigned(exchange.outsider)));
    const over = await look();
    expect(told(over)).toEqual(['alert.resolved ownership.disputed']);
    expect(point(over)).toMatchObject({ observed: { lo: units(whole), hi: units(whole) } });
    expect(point(over)).not.toHaveProperty('disputed');
  });

  it('leaves a real fall to be told: what is too little even with the disputed part is a breach', async () => {
    await watch({ csv: own() });
    await look();
    await imports(RIVAL, plain(unsigned(exchange.hot)));
    await exchange.pay(43_000n);
    const events = [...(await look()).events, ...(await look()).events, ...(await look()).events];
    expect(events.map(({ type, rule }) => `${type} ${rule}`)).toEqual([
      'alert.fired ownership.disputed',
      'alert.fired coverage.critical',
      'alert.fired coverage.below-100',
      'alert.fired coverage.warning',
    ]);
    expect(events[2]?.body).toContain('657000 USDX of it are disputed with rival, and count in the upper end alone.');
  });

  it('is none where the list is of a third party, or of a house of its own, whatever it names', async () => {
    await watch({ csv: own(), rival: ', affiliates: [okx]' });
    await look();
    expect(await imports(RIVAL, plain(unsigned(exchange.hot)), 'third-party')).toBe('stored');
    expect(told(await look())).toEqual([]);
    expect(disputed(EXAMPLE)).toEqual([]);
    // The researcher's list of the rival is in doubt: what the exchange says of itself outweighs what others say.
    expect(disputed(RIVAL)).toEqual([['example', hot(), false]]);
    // A list of somebody else never takes the place of the entity's own.
    await imports(EXAMPLE, plain(unsigned(exchange.outsider)), 'third-party');
    expect(point(await look())).toMatchObject({ observed: { lo: units(whole), hi: units(whole) } });
    // The same file again, with another word on who issued it.
    file -= 2;
    expect(await imports(RIVAL, plain(unsigned(exchange.hot)), 'publisher')).toBe('known');
    expect(told(await look())).toEqual(['alert.fired ownership.disputed']);
  });

  it('of one house is none', async () => {
    await watch({ csv: own(), rival: ', affiliates: [example]' });
    await imports(RIVAL, plain(unsigned(exchange.hot)));
    expect(told(await look())).toEqual([]);
    expect([disputed(EXAMPLE), disputed(RIVAL)]).toEqual([[], []]);
  });
});

describe('a signed claim', () => {
  it('is not put in doubt by an unsigned one, which is itself', async () => {
    await watch({ basis: 'proven' });
    await imports(RIVAL, plain(unsigned(exchange.hot), unsigned(exchange.outsider)));
    const result = await look();
    expect(told(result)).toEqual([]);
    expect(point(result)).toMatchObject({ proven: { lo: units(whole), hi: units(whole) } });
    expect([disputed(EXAMPLE), disputed(RIVAL)]).toEqual([[], [['example', hot(), false]]]);
  });

  it.each(['before', 'after'])(
    'that the rival copied %s the own import stays proven; the copies are disputed and say so',
    async (when) => {
      await watch({ basis: 'proven', csv: plain(unsigned(exchange.outsider)) });
      if (when === 'before') {
        await imports(RIVAL, exchange.csv);
        // Without the own list the copies are foreign messages: they prove nothing for the rival.
        const { store } = monitor;
        const list = store.reports(RIVAL)[0]?.file.sha256 as never;
        expect(
          store
            .trackedCells(list, RIVAL)
            .map(({ verdict }) => [verdict.grade, verdict.flags.includes('foreign-message')]),
        ).toEqual(Array(4).fill(['address-bound', true]));
        expect(disputed(RIVAL)).toEqual([]);
        await imports(EXAMPLE, exchange.csv);
      } else {
        await imports(EXAMPLE, exchange.csv);
        await imports(RIVAL, `${exchange.csv}`);
      }
      const result = await look();
      expect(told(result).filter((one) => one.includes('disputed'))).toEqual([]);
      expect(point(result)).toMatchObject({ proven: { lo: units(whole), hi: units(whole) } });
      expect(disputed(EXAMPLE)).toEqual([]);
      expect(disputed(RIVAL)).toEqual([
        ['example', hot(), true],
        ['example', exchange.cold.toLowerCase(), true],
      ]);
      expect(findOverlapping(parts(), RIVAL)).toMatchObject([
        { other: { entity: EXAMPLE }, shared: [{ sameSignature: true }, {}] },
      ]);
      // The own list drops the address: nobody disputes the copies any more, and they prove no more than before.
      await imports(EXAMPLE, plain(unsigned(exchange.outsider, 'USDX', '1')));
      expect(disputed(RIVAL)).toEqual([]);
    },
  );

  it('of two, both proven, is in doubt for both: the proven figure loses it, the comparison keeps it as its upper end', async () => {
    // The rival's name is in the message too, so that neither message is foreign.
    await watch({ basis: 'proven', rival: ', aliases: [Exchange]' });
    expect(told(await look())).toEqual([]);
    await imports(RIVAL, exchange.csv);
    const results = [await look(), await look(), await look(), await look()];
    expect(results.flatMap(told)).toEqual(['alert.fired ownership.disputed']);
    expect(point(results[0] as CycleResult)).toMatchObject({
      proven: { lo: 0n, hi: 0n },
      disputed: { proven: units(whole) },
      values: { proven: { lo: { num: 0n }, hi: { num: units(whole) } } },
    });
  });
});
