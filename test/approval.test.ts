import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Anvil, startAnvil } from '../demo/nodes/anvil.ts';
import type { Monitor } from '../src/cli/monitor.ts';
import type { CycleResult } from '../src/cycle.ts';
import type { AlertEvent } from '../src/domain/alert.ts';
import type { EntityId } from '../src/domain/ids.ts';
import { systemClock } from '../src/lib/clock.ts';
import { sha256Hex } from '../src/lib/hash.ts';
import { type PublicationWatch, watchPublications } from '../src/watch-publications.ts';
import { writeTestConfig } from './fixtures/config.ts';
import { openTestExchange, type TestExchange, USDX } from './fixtures/exchange.ts';
import { openTestMonitor } from './fixtures/monitor.ts';
import { runProgram } from './fixtures/program.ts';

const EXAMPLE = 'example' as EntityId;
const HOUR = 3_600_000;
const never = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), 'reservewatch-approval-'));
let anvil: Anvil;
let exchange: TestExchange;
let server: Server;
let served: string;
let told: { id: string; type: string; data: Record<string, unknown> }[];
let monitor: Monitor;
let watch: PublicationWatch;
let now = 0;

beforeAll(async () => {
  anvil = await startAnvil();
  exchange = await openTestExchange(anvil);
  served = exchange.csv;
  told = [];
  // One server publishes the list and takes the webhooks.
  server = createServer(async (request, response) => {
    if (request.method === 'GET') {
      const tag = `"${sha256Hex(served).slice(0, 8)}"`;
      const same = request.headers['if-none-match'] === tag;
      response.writeHead(same ? 304 : 200, { etag: tag }).end(same ? '' : served);
      return;
    }
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { type, data } = JSON.parse(body) as { type: string; data: Record<string, unknown> };
    told.push({ id: String(request.headers['webhook-id']), type, data });
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await watch?.close();
  await monitor?.close();
  server.closeAllConnections();
  server.close();
  await anvil?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const place = () => `127.0.0.1:${(server.address() as AddressInfo).port}`;

/** What `watch` drives, on the test's database and server; the watch's clock is the test's. */
async function open(): Promise<void> {
  const file = writeTestConfig(folder, exchange, {
    providers: [{ name: 'alpha-1', group: 'alpha', url: anvil.url }],
    minAssurance: 'A1',
    receiver: { url: `http://${place()}/hook`, secret: `whsec_${Buffer.alloc(32, 7).toString('base64')}` },
    levels: '{ below-100: { fire: 100 %, clear: 100.2 % } }',
    confirmations: 2,
  });
  monitor = await openTestMonitor(file);
  const { registry, archive, entities } = monitor.config;
  const config = entities.get(EXAMPLE);
  if (!config) throw new Error('the config names it');
  const policy = { hold: config.report.approveAbovePpm, watched: config.assets, by: 'watch' };
  watch = watchPublications(
    [
      {
        entity: config.entity,
        url: `http://${place()}/por.csv?key=1`,
        everyMs: HOUR,
        allowPrivateAddress: true,
        policy,
      },
    ],
    {
      store: monitor.store,
      archiveFolder: archive,
      registry,
      clock: { ...systemClock, monotonic: () => now },
      onImported: () => undefined,
      onFault: (message) => {
        throw new Error(message);
      },
    },
  );
}
async function restart(): Promise<void> {
  await watch.close();
  await monitor.close();
  await open();
}
/** The watch asks, then one look at a newer final block, then what is due is delivered. */
async function tick(): Promise<CycleResult> {
  now += HOUR;
  watch.tick();
  await watch.settled();
  await exchange.mine(1);
  const result = await monitor.look(EXAMPLE, false, never);
  await monitor.deliver(never);
  return result;
}
const said = (events: readonly AlertEvent[]) => events.map(({ type, rule }) => `${type} ${rule}`);
const point = ({ points }: CycleResult) => points[0] as CycleResult['points'][number];
const program = (...args: readonly string[]) => runProgram(args, { cwd: folder });

it('a list whose set changes much waits: the old set is used, one event asks, and approval puts the new one to use, which explains the move', async () => {
  await open();
  const first = sha256Hex(exchange.csv);
  const before = point(await tick());
  expect(before.list).toEqual({ report: first, setVersion: 1 });

  // 300,000 go to an address that the next list names; on the list in use they are missing.
  await exchange.pay(300_000n);
  expect(said((await tick()).events)).toEqual([]);
  expect(said((await tick()).events)).toEqual(['alert.fired coverage.below-100']);

  const row = exchange.csv.split('\r\n').find((line) => line.includes(',700000,')) as string;
  const fresh = row.replaceAll(exchange.hot, exchange.outsider).replace(',700000,', ',300001,');
  served = `${exchange.csv.trimEnd()}\r\n${fresh}\r\n`;
  const second = sha256Hex(served);
  const waiting = await tick();
  expect(said(waiting.events)).toEqual(['alert.fired report.approval']);
  expect(point(waiting)).toMatchObject({
    observed: { hi: 740_000n * USDX.unit },
    list: { report: first, setVersion: 1, waiting: second },
  });
  const asked = told.at(-1)?.data;
  expect(asked).toMatchObject({
    rule: 'report.approval',
    severity: 'warning',
    report: first,
    address_set_version: 1,
    report_waiting: second,
    next: `reservewatch report approve ${second} --entity example`,
    list: { sha256: second, set_version: 2, state: 'waiting', origin: `${place()}/por.csv` },
    set_change: {
      added: 1,
      vanished: 0,
      assets: [{ asset: 'USDX', held: '740000', vanished: '0', added: '300001', unknown: 0, share_ppm: '405406' }],
      cells: [{ change: 'added', address: exchange.outsider, amount: '300001', by: 'claimed' }],
      truncated: { assets: 0, cells: 0 },
    },
  });
  expect(String(asked?.['reason'])).toContain(`report approve ${second}`);

  // Nothing more is said while it waits, also not after a restart, and nothing resolves by a guess.
  expect((await tick()).events).toEqual([]);
  await restart();
  expect((await tick()).events).toEqual([]);
  expect(point(await tick()).list).toMatchObject({ report: first, waiting: second });
  expect(told.filter(({ data }) => data['rule'] === 'report.approval')).toHaveLength(1);
  const status = await program('status', '--json');
  expect(status.code).toBe(3);
  expect(JSON.parse(status.stdout).data.entities[0]).toMatchObject({
    report: { sha256: first, setVersion: 1 },
    waiting: { sha256: second, next: `reservewatch report approve ${second} --entity example` },
  });
  expect((await program('ratio')).stdout).toContain('a newer report waits for approval');
  expect((await program('report', 'list')).stdout).toMatch(/\twaiting\t/);

  // Before it is approved, the loss is what was read, and the newly listed amount is the list's claim.
  const moves = async () => {
    const { data } = JSON.parse((await program('report', 'diff', first, second, '--json')).stdout);
    // Gas was paid in ETH, which is a loss of its own.
    return data.moves.filter(({ asset }: { readonly asset: string }) => asset === 'USDX');
  };
  const usdx = {
    asset: 'USDX',
    lost: '300000',
    raised: '0',
    gained: '300001',
    explained: '300000',
    unexplained: '0',
    unknown: 0,
    lostBy: 'read',
    explainedBy: second,
  };
  expect(await moves()).toEqual([{ ...usdx, gainedBy: 'claimed' }]);
  expect((await program('report', 'approve', 'zz')).code).toBe(2);
  expect((await program('report', 'approve', 'ffffff')).code).toBe(2);
  const approved = await program('report', 'approve', second.slice(0, 10), '--note', 'they said so', '--json');
  expect([approved.code, JSON.parse(approved.stdout).data]).toEqual([
    0,
    { entity: 'example', report: second, state: 'approved', changed: true, inUse: second },
  ]);
  const again = await program('report', 'approve', second);
  expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('nothing was changed')]);

  const used = await tick();
  expect(said(used.events).sort()).toEqual(['alert.fired report.new', 'alert.resolved report.approval']);
  expect(point(used)).toMatchObject({
    observed: { hi: 1_040_001n * USDX.unit },
    list: { report: second, setVersion: 2 },
    explained: {
      by: second,
      former: first,
      lost: 300_000n * USDX.unit,
      raised: 0n,
      gained: 300_001n * USDX.unit,
      explained: 300_000n * USDX.unit,
      unexplained: 0n,
      unknown: 0,
    },
  });
  // The level alert resolves by looks at the new set, and says what explains it.
  const over = await tick();
  expect(said(over.events)).toEqual(['alert.resolved coverage.below-100', 'alert.resolved report.new']);
  expect(
    told.find(({ type, data }) => type === 'alert.resolved' && data['rule'] === 'coverage.below-100')?.data,
  ).toMatchObject({
    address_set_version: 2,
    report: second,
    explained_by: { report: second, explained: '300000000000', unexplained: '0' },
    reason: expect.stringMatching(
      new RegExp(
        `address set 1 \\(report ${first}\\) → 2 \\(report ${second}\\)\\. Explained by report ${second}: of the drop of 300000 USDX .* 300000 USDX are held at addresses that this report newly lists; 0 USDX are not explained`,
      ),
    ),
  });
  expect(await moves()).toEqual([{ ...usdx, gainedBy: 'read' }]);
  await restart();
  expect(point(await tick())).toMatchObject({ list: { report: second }, explained: { by: second } });

  // Rejecting it goes back to the approved list before it.
  expect((await program('report', 'reject', second)).stdout).toContain('is rejected');
  expect(point(await tick()).list).toEqual({ report: first, setVersion: 1 });
  expect(monitor.store.check().faults).toEqual([]);
}, 120_000);
