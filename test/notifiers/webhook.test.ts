import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it } from 'vitest';
import { startReceiver } from '../../demo/receiver.ts';
import type { Delivery } from '../../src/domain/alert.ts';
import { createHttpClient } from '../../src/lib/http.ts';
import { guardedDispatcher } from '../../src/lib/http-guard.ts';
import { retryAfterMs } from '../../src/lib/retry-after.ts';
import { Secret } from '../../src/lib/secret.ts';
import { createNotifier } from '../../src/notifiers/webhook.ts';
import type { HttpClient } from '../../src/seams.ts';
import { type Answer, scriptedReceiver, status } from '../fakes/scripted-receiver.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const OLDER = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;
const body = '{"type":"alert.fired","data":{"text":"102 % – ünï"}}';
const delivery = {
  eventId: '0123456789abcdef0123456789abcdef-3-1',
  body,
} as Delivery;

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function notifierTo(
  url: string,
  options: { secrets?: string[]; now?: () => number; http?: HttpClient; allow?: boolean } = {},
) {
  const client = createHttpClient(guardedDispatcher({ allowPrivateAddress: options.allow ?? true }));
  closers.push(() => client.close());
  const clock = { now: options.now ?? Date.now, monotonic: () => 0, sleep: async () => {} };
  return createNotifier(
    {
      name: 'pager',
      url: new Secret(url),
      secrets: (options.secrets ?? [SECRET]).map((one) => new Secret(one)),
      allowPrivateAddress: options.allow ?? true,
    },
    { http: options.http ?? client, clock },
  );
}

async function send(plan: Answer[], options: Parameters<typeof notifierTo>[1] = {}) {
  const receiver = await scriptedReceiver(plan);
  closers.push(receiver.close);
  const notifier = notifierTo(receiver.url, options);
  if (!notifier.ok) throw new Error(notifier.error);
  const outcome = await notifier.value.send(delivery, new AbortController().signal);
  return { outcome, hits: receiver.hits };
}

describe('the signed webhook', () => {
  it('is accepted by the reference library, with every secret of a rotation', async () => {
    const { hits, outcome } = await send([], { secrets: [SECRET, OLDER] });
    expect(outcome).toEqual({ kind: 'delivered', status: 204 });
    const { headers, body: got } = hits[0] as NonNullable<(typeof hits)[0]>;
    expect(got).toBe(body);
    expect(headers['webhook-id']).toBe(delivery.eventId);
    expect(String(headers['webhook-signature']).split(' ')).toHaveLength(2);
    const signed = headers as Record<string, string>;
    for (const secret of [SECRET, OLDER]) expect(new Webhook(secret).verify(got, signed)).toBeTruthy();
    const other = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
    expect(() => new Webhook(other).verify(got, signed)).toThrow();
    expect(() => new Webhook(SECRET).verify(`${got} `, signed)).toThrow();
  });

  it('carries the time of the attempt: five minutes off is accepted, more is not', async () => {
    for (const [seconds, fine] of [
      [0, true],
      [-299, true],
      [299, true],
      [-302, false],
      [302, false],
    ] as const) {
      const { hits } = await send([], { now: () => Date.now() + seconds * 1000 });
      const signed = hits[0]?.headers as Record<string, string>;
      const verify = () => new Webhook(SECRET).verify(body, signed);
      if (fine) expect(verify()).toBeTruthy();
      else expect(verify).toThrow();
    }
  });

  it('is verified by the demo’s receiver, which refuses another secret', async () => {
    for (const [secret, verified, kind] of [
      [SECRET, true, 'delivered'],
      [OLDER, false, 'retry'],
    ] as const) {
      const receiver = await startReceiver({ secret });
      closers.push(receiver.close);
      const notifier = notifierTo(receiver.url);
      const text = JSON.stringify({
        type: 'alert.fired',
        data: {
          fingerprint: 'f',
          episode: 1,
          sequence: 1,
          rule: 'r',
          severity: 'critical',
          state: 'firing',
          test: true,
        },
      });
      const sent = { ...delivery, body: text };
      for (let repeat = 0; repeat < 2; repeat += 1)
        expect(notifier.ok && (await notifier.value.send(sent, new AbortController().signal))).toMatchObject({ kind });
      const got = receiver.received();
      expect(got[0]).toMatchObject({ id: delivery.eventId, verified, inOrder: true, test: true, severity: 'critical' });
      if (verified) expect(got).toHaveLength(1);
    }
  });

  it('says of every answer what it means', async () => {
    const of = async (...plan: Answer[]) => (await send(plan)).outcome;
    expect(await of(status(200))).toEqual({ kind: 'delivered', status: 200 });
    expect(await of(status(299))).toEqual({ kind: 'delivered', status: 299 });
    expect(await of(status(410))).toMatchObject({ kind: 'rejected', disable: true });
    for (const code of [400, 401, 404, 429, 500, 502, 503])
      expect(await of(status(code))).toMatchObject({ kind: 'retry', afterMs: null });
    expect(await of(status(429, { 'retry-after': '7' }))).toMatchObject({ kind: 'retry', afterMs: 7000 });
    expect(await of('reset')).toMatchObject({ kind: 'retry' });
  });

  it('does not follow a redirect', async () => {
    const { outcome, hits } = await send([status(302, { location: '/elsewhere' }), status(200)]);
    expect(outcome).toMatchObject({ kind: 'retry', reason: 'HTTP 302: redirects are not followed' });
    expect(hits).toHaveLength(1);
  });

  it('is delivered whatever the body of a good answer is: long, endless or encoded', async () => {
    const long = await send([status(200, {}, 'x'.repeat(1_000_000))]);
    expect(long.outcome).toEqual({ kind: 'delivered', status: 200 });
    const endless = await send([
      (response) => {
        response.writeHead(200);
        const pour = () => {
          while (response.write('x'.repeat(4_096)));
          response.once('drain', pour);
        };
        pour();
      },
    ]);
    expect(endless.outcome).toEqual({ kind: 'delivered', status: 200 });
    const encoded = await send([status(200, { 'content-encoding': 'gzip' }, 'not gzip')]);
    expect(encoded.outcome).toEqual({ kind: 'delivered', status: 200 });
  });

  it('ends by its deadline of 15 s and asks for no more than 2 KiB', async () => {
    const asked: unknown[] = [];
    const http: HttpClient = {
      request: async ({ timeoutMs, maxBytes, cutAtCap }) => {
        asked.push({ timeoutMs, maxBytes, cutAtCap });
        return { ok: false, error: { code: 'timeout', message: 'host did not answer' } };
      },
    };
    expect((await send([], { http })).outcome).toMatchObject({ kind: 'retry', reason: 'timeout: host did not answer' });
    expect(asked).toEqual([{ timeoutMs: 15_000, maxBytes: 2_048, cutAtCap: true }]);
  });

  it('is rejected at once where the guard blocks the address, and never leaves', async () => {
    const receiver = await scriptedReceiver();
    closers.push(receiver.close);
    const notifier = notifierTo(receiver.url.replace('http:', 'https:'), { allow: false });
    const outcome = notifier.ok && (await notifier.value.send(delivery, new AbortController().signal));
    expect(outcome).toMatchObject({ kind: 'rejected', disable: false });
    expect(receiver.hits).toHaveLength(0);
  });

  it('refuses a config that cannot work, without showing url or secret', () => {
    const bad = (url: string, secrets = [SECRET], allow = false) => {
      const made = notifierTo(url, { secrets, allow });
      return made.ok ? '' : made.error;
    };
    expect(bad('http://example.com/x')).toContain('must be https');
    expect(bad('https://user:hunter2@example.com/x')).not.toContain('hunter2');
    expect(bad('https://user:hunter2@example.com/x')).toContain('user name');
    expect(bad('nonsense')).toContain('not a URL');
    expect(bad('https://example.com', [])).toContain('no signing secret');
    for (const secret of [
      'hunter2hunter2',
      'whsec_short',
      `whsec_${Buffer.alloc(23).toString('base64')}`,
      `whsec_${Buffer.alloc(65).toString('base64')}`,
      `${SECRET}!`,
    ]) {
      expect(bad('https://example.com', [secret])).toContain('24 to 64 bytes');
      expect(bad('https://example.com', [secret])).not.toContain(secret);
    }
    expect(bad('https://example.com/x')).toBe('');
  });
});

describe('Retry-After', () => {
  it('is seconds or an HTTP date; anything else is as if absent', () => {
    const now = Date.parse('2026-11-22T00:00:00Z');
    expect(retryAfterMs('120', now)).toBe(120_000);
    expect(retryAfterMs('Sun, 22 Nov 2026 00:01:00 GMT', now)).toBe(60_000);
    expect(retryAfterMs('Sat, 21 Nov 2026 00:01:00 GMT', now)).toBe(0);
    for (const text of [undefined, '', '-1', '1.5', 'soon', '2026-11-22', '99999999999'])
      expect(retryAfterMs(text, now)).toBeNull();
  });
});
