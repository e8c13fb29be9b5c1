import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Anvil, startAnvil } from '../demo/nodes/anvil.ts';
import type { EntityId } from '../src/domain/ids.ts';
import { systemClock } from '../src/lib/clock.ts';
import { openStore } from '../src/store/open-store.ts';
import { type FaultProxy, startFaultProxy } from './fakes/fault-proxy.ts';
import { writeTestConfig } from './fixtures/config.ts';
import { openTestExchange, type TestExchange } from './fixtures/exchange.ts';
import { startProgram } from './fixtures/program.ts';

const KILLS = 12;
const EXAMPLE = 'example' as EntityId;
const root = mkdtempSync(join(tmpdir(), 'reservewatch-kill-'));
let anvil: Anvil;
let proxy: FaultProxy;
let exchange: TestExchange;

beforeAll(async () => {
  anvil = await startAnvil();
  exchange = await openTestExchange(anvil);
  proxy = await startFaultProxy(anvil.url);
});
afterAll(async () => {
  await proxy?.close();
  await anvil?.stop();
  rmSync(root, { recursive: true, force: true });
});

interface Hit {
  readonly id: string;
  readonly body: string;
}

/** Acknowledges every message and keeps it, in order of arrival. */
async function startReceiver() {
  const hits: Hit[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    hits.push({ id: String(request.headers['webhook-id']), body });
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    hits,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Ids repeat only with identical bytes, and each alert's events come in order; only repeats may be left out for newer ones. */
function expectSound(hits: readonly Hit[]): void {
  const bodies = new Map<string, string>();
  const last = new Map<string, { episode: number; sequence: number }>();
  for (const { id, body } of hits) {
    if (bodies.has(id)) {
      expect(body).toBe(bodies.get(id));
      continue;
    }
    bodies.set(id, body);
    const { data } = JSON.parse(body) as { data: { fingerprint: string; episode: number; sequence: number } };
    const { fingerprint, episode, sequence } = data;
    const before = last.get(fingerprint);
    if (before?.episode === episode) expect(sequence, id).toBeGreaterThan(before.sequence);
    else expect([id, episode, sequence]).toEqual([id, (before?.episode ?? 0) + 1, 1]);
    last.set(fingerprint, { episode, sequence });
  }
}

describe('kill -9 of the daemon inside polls', () => {
  it(`${KILLS} times: nothing acknowledged is lost or out of order, and the database is clean`, async () => {
    const receiver = await startReceiver();
    const folder = join(root, 'watched');
    writeTestConfig(folder, exchange, {
      providers: [{ name: 'alpha-1', group: 'alpha', url: proxy.url }],
      minAssurance: 'A1',
      receiver: { url: receiver.url, secret: `whsec_${Buffer.alloc(32, 7).toString('base64')}` },
      levels: '{ below-100: { fire: 100 %, clear: 100.2 % } }',
      repeat: '1s',
      confirmations: 1,
      data: '{ staleAfter: 1h, incompleteAfter: 1h }',
    });
    const database = join(folder, 'data', 'test.db');
    let down = false;
    let inside = 0;
    let kept = 0;
    try {
      for (let kill = 0; kill < KILLS; kill += 1) {
        const daemon = startProgram(['watch', '--json'], { cwd: folder });
        // A world that moves, so that every poll has changes, and alerts fire, repeat and resolve.
        down = !down;
        await exchange.pay(down ? 43_000n : -43_000n);
        const begun = proxy.requests();
        while (proxy.requests() === begun) await new Promise((resolve) => setTimeout(resolve, 5));
        const polls = 1 + (kill % 3);
        await daemon.says(new RegExp(`("schema":"reservewatch.poll/1"[\\s\\S]*){${polls}}`));
        await exchange.mine(1);
        const before = proxy.requests();
        while (proxy.requests() === before) await new Promise((resolve) => setTimeout(resolve, 2));
        // The poll has begun: its reads and its commit take some milliseconds from here.
        await new Promise((resolve) => setTimeout(resolve, (kill * 11) % 60));
        daemon.child.kill('SIGKILL');
        const { signal, stdout } = await daemon.ended;
        expect(signal).toBe('SIGKILL');
        const said = [...stdout.matchAll(/"data":\{"poll":(\d+)/g)].map(([, poll]) => Number(poll));
        const opened = openStore(database, { clock: systemClock });
        if (!opened.ok) throw new Error(opened.error);
        const store = opened.value;
        expect(store.check().faults).toEqual([]);
        const newest = store.latestPoll(EXAMPLE)?.poll ?? 0;
        // What the daemon had said to be stored is there; at most one poll more, that it could not say any more.
        expect(newest).toBeGreaterThanOrEqual(Math.max(...said));
        expect(newest).toBeLessThanOrEqual(Math.max(...said) + 1);
        if (newest === Math.max(...said)) inside += 1;
        kept = newest;
        const known = new Set(
          (['sent', 'pending', 'superseded', 'dead'] as const).flatMap((state) =>
            store.deliveries(state, 10_000).map(({ eventId }) => eventId),
          ),
        );
        for (const { id } of receiver.hits) expect(known).toContain(id);
        store.close();
        expectSound(receiver.hits);
      }
      // The last life sends what was waiting, and every event of the store has arrived.
      const daemon = startProgram(['watch', '--json'], { cwd: folder });
      await daemon.says(/("schema":"reservewatch.poll\/1"[\s\S]*){3}/);
      daemon.child.kill('SIGINT');
      expect((await daemon.ended).code).toBe(0);
      const opened = openStore(database, { clock: systemClock });
      if (!opened.ok) throw new Error(opened.error);
      const arrived = new Set(receiver.hits.map(({ id }) => id));
      const sent = opened.value.deliveries('sent', 10_000).map(({ eventId }) => eventId);
      const waiting = opened.value.deliveries('pending', 10_000);
      opened.value.close();
      expect(sent.filter((id) => !arrived.has(id))).toEqual([]);
      expect(waiting.length).toBeLessThanOrEqual(2);
      expectSound(receiver.hits);
      expect(receiver.hits.length).toBeGreaterThan(0);
      expect(inside).toBeGreaterThan(0);
      console.log(
        `${KILLS} kills, ${inside} before the poll was stored; ${kept} polls, ${receiver.hits.length} webhooks`,
      );
    } finally {
      receiver.close();
    }
  }, 240_000);
});
