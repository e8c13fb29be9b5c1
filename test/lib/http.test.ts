import { afterEach, describe, expect, it } from 'vitest';
import { createHttpClient } from '../../src/lib/http.ts';
import { scriptedReceiver, status } from '../fakes/scripted-receiver.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function ask(answer: Parameters<typeof scriptedReceiver>[0], cutAtCap: boolean) {
  const server = await scriptedReceiver(answer);
  const client = createHttpClient();
  closers.push(() => client.close(), server.close);
  const request = { method: 'GET', url: server.url, maxBytes: 1_000, timeoutMs: 5_000, cutAtCap } as const;
  return client.request(request, new AbortController().signal);
}

describe('the HTTP client', () => {
  it('refuses an encoded body, and survives throwing it away', async () => {
    const gzip = () => [status(200, { 'content-encoding': 'gzip' }, 'x'.repeat(100_000))];
    expect(await ask(gzip(), false)).toMatchObject({ ok: false, error: { code: 'unreachable' } });
    expect(await ask(gzip(), true)).toMatchObject({ ok: true, value: { status: 200, body: '' } });
  });

  it('stops at the byte cap: an error, or where only the status counts the status', async () => {
    const long = () => [status(503, {}, 'x'.repeat(500_000))];
    expect(await ask(long(), false)).toMatchObject({ ok: false, error: { code: 'too_large' } });
    expect(await ask(long(), true)).toMatchObject({ ok: true, value: { status: 503 } });
  });
});
