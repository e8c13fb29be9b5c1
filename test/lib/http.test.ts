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

  it("sends a URL's user and password as Basic credentials, unless a header says otherwise", async () => {
    const server = await scriptedReceiver([status(200), status(200)]);
    const client = createHttpClient();
    closers.push(() => client.close(), server.close);
    const url = server.url.replace('http://', 'http://us%40er:p%C3%A4ss@');
    const request = { method: 'GET', url, maxBytes: 1_000, timeoutMs: 5_000 } as const;
    const signal = new AbortController().signal;
    await client.request(request, signal);
    await client.request({ ...request, headers: { Authorization: 'Bearer mine' } }, signal);
    expect(server.hits.map(({ headers }) => headers.authorization)).toEqual([
      `Basic ${Buffer.from('us@er:päss', 'utf8').toString('base64')}`,
      'Bearer mine',
    ]);
  });
});
