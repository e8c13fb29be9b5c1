import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Attempt, type DeliverInput, deliverDue, RETRY_AFTER_MS } from '../src/deliver-alerts.ts';
import type { AlertEventType, Delivery } from '../src/domain/alert.ts';
import { createHttpClient } from '../src/lib/http.ts';
import { Secret } from '../src/lib/secret.ts';
import { createNotifier } from '../src/notifiers/webhook.ts';
import type { Clock, Notifier, SendOutcome, Store } from '../src/seams.ts';
import { openStore } from '../src/store/open-store.ts';
import { type Answer, scriptedReceiver, status } from './fakes/scripted-receiver.ts';

const START = Date.parse('2026-11-22T00:00:00Z');
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

let folder: string;
let store: Store;
let now: number;
const clock: Clock = { now: () => now, monotonic: () => now, sleep: async () => {} };
const closers: (() => Promise<void>)[] = [];

const open = (): Store => {
  const opened = openStore(join(folder, 'test.db'), { clock });
  if (!opened.ok) throw new Error(opened.error);
  return opened.value;
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reservewatch-deliver-'));
  now = START;
  store = open();
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Puts an event for a receiver into the outbox. */
function enqueue(
  receiver: string,
  fingerprint: string,
  sequence: number,
  type: AlertEventType = 'alert.fired',
  severity = 'critical',
) {
  const eventId = `${fingerprint}-1-${sequence}`;
  const data = { severity, rule: 'coverage.critical', reason: `${fingerprint} fell`, test: true };
  const delivery: Delivery = {
    id: `${eventId}:${receiver}`,
    eventId,
    receiver,
    fingerprint,
    episode: 1,
    sequence,
    type,
    body: JSON.stringify({ type, data }),
    state: 'pending',
    attempts: 0,
    notBeforeMs: now,
    createdAtMs: now,
    lastError: null,
  };
  store.enqueueDelivery(delivery);
  return delivery;
}

async function receiver(name: string, plan: Answer[] = []) {
  const server = await scriptedReceiver(plan);
  const http = createHttpClient();
  closers.push(() => http.close(), server.close);
  const config = { name, url: new Secret(server.url), secrets: [new Secret(SECRET)], allowPrivateAddress: true };
  const notifier = createNotifier(config, { http, clock });
  if (!notifier.ok) throw new Error(notifier.error);
  return { ...server, notifier: notifier.value };
}

function deliver(notifiers: readonly Notifier[], change: Partial<DeliverInput> = {}) {
  const attempts: Attempt[] = [];
  const done = deliverDue({
    store,
    notifiers: new Map(notifiers.map((one) => [one.name, one])),
    fallbackOf: () => null,
    disabled: new Set(),
    clock,
    random: () => 0.5,
    signal: new AbortController().signal,
    onAttempt: (attempt) => attempts.push(attempt),
    ...change,
  });
  return done.then(() => attempts);
}

const ids = (hits: readonly { headers: Record<string, unknown> }[]) => hits.map(({ headers }) => headers['webhook-id']);

describe('delivering', () => {
  it('tries at 5 s, 30 s, 2 m, 10 m, 30 m, 1 h, 2 h, 4 h, 8 h, then gives up: ten attempts, one id, same bytes, a new time and signature each', async () => {
    const pager = await receiver('pager', [
      ...[status(500), status(302, { location: '/x' }), 'reset' as const, status(404), status(429), status(503)],
      ...[status(400), status(502), status(500), status(500)],
    ]);
    enqueue('pager', 'a', 1);
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 10; attempt += 1) {
      const [made, ...more] = await deliver([pager.notifier]);
      expect(more).toEqual([]);
      expect(made?.state).toBe(attempt === 10 ? 'dead' : 'pending');
      if (attempt === 10) break;
      waits.push((made as Attempt).notBeforeMs - now);
      now = (made as Attempt).notBeforeMs - 1;
      expect(await deliver([pager.notifier])).toEqual([]);
      now += 1;
    }
    expect(waits).toEqual(RETRY_AFTER_MS);
    expect(pager.hits).toHaveLength(10);
    expect(new Set(ids(pager.hits)).size).toBe(1);
    expect(new Set(pager.hits.map(({ body }) => body)).size).toBe(1);
    expect(new Set(pager.hits.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(10);
    expect(new Set(pager.hits.map(({ headers }) => headers['webhook-signature'])).size).toBe(10);
    const [dead] = store.deliveries('dead', 10);
    expect([dead?.attempts, dead?.lastError]).toEqual([10, 'HTTP 500']);
    now += 10 ** 9;
    expect(await deliver([pager.notifier])).toEqual([]);
  });

  it('spreads each wait over 0.8 to 1.2 of itself', async () => {
    for (const [random, wait] of [
      [0, 4_000],
      [0.999999, 6_000],
    ] as const) {
      const pager = await receiver(`pager${random}`, [status(500)]);
      enqueue(`pager${random}`, 'a', 1);
      const [made] = await deliver([pager.notifier], { random: () => random });
      expect((made as Attempt).notBeforeMs - now).toBe(wait);
    }
  });

  it('does as Retry-After says, for an hour at most, for all that is due to that receiver', async () => {
    const pager = await receiver('pager', [
      status(429, { 'retry-after': '90' }),
      status(204),
      status(503, { 'retry-after': '86400' }),
    ]);
    enqueue('pager', 'a', 1);
    enqueue('pager', 'b', 1);
    await deliver([pager.notifier]);
    expect(ids(pager.hits)).toEqual(['a-1-1']);
    now += 89_999;
    expect(await deliver([pager.notifier])).toEqual([]);
    now += 1;
    await deliver([pager.notifier]);
    expect(ids(pager.hits)).toEqual(['a-1-1', 'a-1-1', 'b-1-1']);
    expect(store.deliveries('pending', 9).map(({ notBeforeMs }) => notBeforeMs - now)).toEqual([3_600_000]);
  });

  it('is not talked out of a message by a receiver that always wants it at once', async () => {
    const pager = await receiver(
      'pager',
      Array.from({ length: 60 }, () => status(503, { 'retry-after': '1' })),
    );
    enqueue('pager', 'a', 1);
    let attempts = 0;
    while (store.deliveries('pending', 1).length > 0) {
      attempts += (await deliver([pager.notifier])).length;
      now = store.deliveries('pending', 1)[0]?.notBeforeMs ?? now;
    }
    expect(now - START).toBeGreaterThanOrEqual(12 * 3_600_000);
    expect(attempts).toBeLessThan(30);
  });

  it('keeps the order of an alert through failures: nothing overtakes, and other alerts go on', async () => {
    const pager = await receiver('pager', [status(500)]);
    enqueue('pager', 'a', 1, 'alert.fired');
    enqueue('pager', 'a', 2, 'alert.escalated');
    enqueue('pager', 'a', 3, 'alert.resolved');
    enqueue('pager', 'b', 1);
    await deliver([pager.notifier]);
    await deliver([pager.notifier]);
    expect(ids(pager.hits)).toEqual(['a-1-1', 'b-1-1']);
    now += 5_000;
    await deliver([pager.notifier]);
    expect(ids(pager.hits)).toEqual(['a-1-1', 'b-1-1', 'a-1-1', 'a-1-2', 'a-1-3']);
    expect(store.deliveries('pending', 9)).toEqual([]);
  });

  it('has one message in flight for a receiver, and does not let one receiver wait for another', async () => {
    let flying = 0;
    let most = 0;
    let release: () => void = () => {};
    const slow: Notifier = {
      name: 'slow',
      send: () => new Promise((resolve) => (release = () => resolve({ kind: 'delivered', status: 200 }))),
    };
    const fast: Notifier = {
      name: 'fast',
      async send(): Promise<SendOutcome> {
        flying += 1;
        most = Math.max(most, flying);
        await new Promise((resolve) => setImmediate(resolve));
        flying -= 1;
        return { kind: 'delivered', status: 200 };
      },
    };
    enqueue('slow', 'a', 1);
    for (const alert of ['b', 'c', 'd']) enqueue('fast', alert, 1);
    const done = deliver([slow, fast]);
    while (store.deliveries('sent', 9).length < 3) await new Promise((resolve) => setImmediate(resolve));
    release();
    await done;
    expect([most, store.deliveries('sent', 9).length]).toEqual([1, 4]);
  });

  it('looks behind a dead receiver’s queue, however long it is', async () => {
    const down: Notifier = { name: 'down', send: async () => ({ kind: 'retry', reason: 'no', afterMs: null }) };
    const fine: Notifier = { name: 'fine', send: async () => ({ kind: 'delivered', status: 200 }) };
    for (let index = 0; index < 250; index += 1) enqueue('down', `d${index}`, 1);
    enqueue('fine', 'a', 1);
    const attempts = await deliver([down, fine]);
    expect(attempts.map(({ delivery }) => delivery.receiver)).toEqual(['down', 'fine']);
  });
});

describe('giving up', () => {
  it('a 410 disables the receiver: it is asked no more, and the fallback hears of each critical event once', async () => {
    const gone = await receiver('gone', [status(410)]);
    const other = await receiver('other');
    enqueue('gone', 'a', 1);
    enqueue('gone', 'b', 1);
    enqueue('gone', 'c', 1, 'alert.fired', 'warning');
    const disabled = new Set<string>();
    const fallbackOf = (name: string) => (name === 'gone' ? 'other' : null);
    await deliver([gone.notifier, other.notifier], { disabled, fallbackOf });
    expect([[...disabled], gone.hits.length, store.deliveries('dead', 9).length]).toEqual([['gone'], 1, 3]);
    const letters = other.hits.map(({ body }) => JSON.parse(body));
    expect(letters.map(({ type, data }) => [type, data.receiver, data.lost.event_id, data.test])).toEqual([
      ['delivery.dead', 'gone', 'a-1-1', true],
      ['delivery.dead', 'gone', 'b-1-1', true],
    ]);
    expect(letters[0].data.lost.reason).toBe('a fell');
    for (const { headers } of other.hits) expect(headers['webhook-id']).not.toContain('.');
  });

  it('a blocked address and a receiver that left the config are dead at once', async () => {
    const blocked: Notifier = {
      name: 'blocked',
      send: async () => ({ kind: 'rejected', reason: 'not public', disable: false }),
    };
    enqueue('blocked', 'a', 1);
    enqueue('forgotten', 'a', 1);
    await deliver([blocked]);
    expect(
      store
        .deliveries('dead', 9)
        .map(({ lastError }) => lastError)
        .sort(),
    ).toEqual(['not public', 'the receiver is no longer in the config']);
  });

  it('a fallback that is dead itself, or the same receiver, gets no letter about it', async () => {
    const nobody: Notifier = { name: 'nobody', send: async () => ({ kind: 'rejected', reason: 'no', disable: false }) };
    const also: Notifier = { name: 'also', send: async () => ({ kind: 'rejected', reason: 'no', disable: false }) };
    enqueue('nobody', 'a', 1);
    await deliver([nobody, also], { fallbackOf: (name) => (name === 'nobody' ? 'also' : 'nobody') });
    expect(
      store
        .deliveries('dead', 9)
        .map(({ type }) => type)
        .sort(),
    ).toEqual(['alert.fired', 'delivery.dead']);
    enqueue('nobody', 'b', 1);
    await deliver([nobody], { fallbackOf: () => 'nobody' });
    expect(store.deliveries('dead', 9)).toHaveLength(3);
  });

  it('a resolution does not go out where its fired event is dead', async () => {
    const picky: Notifier = {
      name: 'picky',
      send: async ({ type }) =>
        type === 'alert.fired'
          ? { kind: 'rejected', reason: 'no', disable: false }
          : { kind: 'delivered', status: 200 },
    };
    enqueue('picky', 'a', 1, 'alert.fired');
    enqueue('picky', 'a', 2, 'alert.resolved');
    const attempts = await deliver([picky]);
    expect(attempts.map(({ delivery }) => delivery.type)).toEqual(['alert.fired']);
    expect(store.deliveries('superseded', 9).map(({ type }) => type)).toEqual(['alert.resolved']);
  });
});

describe('crashes and stops', () => {
  it('a crash between the POST and its record sends the same id and bytes again after the restart, and then no more', async () => {
    const pager = await receiver('pager');
    enqueue('pager', 'a', 1);
    const crashing = {
      ...store,
      recordDelivery: () => {
        throw new Error('kill -9');
      },
    };
    await expect(
      deliver([pager.notifier], {
        store: { ...crashing, dueDeliveries: (at, limit) => store.dueDeliveries(at, limit), enqueueDelivery: () => {} },
      }),
    ).rejects.toThrow('kill -9');
    store.close();
    store = open();
    now += 1_000;
    await deliver([pager.notifier]);
    await deliver([pager.notifier]);
    expect(ids(pager.hits)).toEqual(['a-1-1', 'a-1-1']);
    expect(pager.hits[0]?.body).toBe(pager.hits[1]?.body);
    expect(pager.hits[0]?.headers['webhook-timestamp']).not.toBe(pager.hits[1]?.headers['webhook-timestamp']);
    expect(store.deliveries('sent', 9)).toHaveLength(1);
  });

  it('a stop in the middle of an attempt counts for nothing', async () => {
    const pager = await receiver('pager', ['hang']);
    enqueue('pager', 'a', 1);
    const stop = new AbortController();
    const done = deliver([pager.notifier], { signal: stop.signal });
    while (pager.hits.length === 0) await new Promise((resolve) => setImmediate(resolve));
    stop.abort(new Error('stopping'));
    expect(await done).toEqual([]);
    expect(store.deliveries('pending', 9).map(({ attempts }) => attempts)).toEqual([0]);
  });

  it('a notifier that throws is a failed attempt, and its message is not shown', async () => {
    const broken: Notifier = {
      name: 'broken',
      send: async () => {
        throw new TypeError('https://secret.example');
      },
    };
    enqueue('broken', 'a', 1);
    const [made] = await deliver([broken]);
    expect([made?.state, made?.delivery.lastError]).toEqual(['pending', 'notifier failed: TypeError']);
  });
});
