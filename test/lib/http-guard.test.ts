import type { LookupAddress } from 'node:dns';
import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpClient } from '../../src/lib/http.ts';
import { guardedDispatcher, isPublicAddress, type Resolve } from '../../src/lib/http-guard.ts';

let server: Server;
let port = 0;
let reached = 0;
const sockets = new Set<Socket>();
beforeAll(async () => {
  server = createServer((socket) => {
    reached += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.end('HTTP/1.1 200 OK\r\ncontent-length: 6\r\nconnection: close\r\n\r\nsecret');
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  port = (server.address() as { port: number }).port;
});
afterAll(async () => {
  const closed = new Promise((resolve) => server.close(resolve));
  for (const socket of sockets) socket.destroy();
  await closed;
});

async function visit(url: string, allowPrivateAddress: boolean, resolve?: Resolve) {
  const client = createHttpClient(guardedDispatcher({ allowPrivateAddress, ...(resolve ? { resolve } : {}) }));
  const before = reached;
  const answer = await client.request(
    { method: 'GET', url, maxBytes: 100, timeoutMs: 5_000 },
    new AbortController().signal,
  );
  await client.close();
  return { answer, reached: reached - before };
}

/** Hosts that lead to this machine, a private network or a metadata service, however they are spelled. */
const HOSTS = [
  ...[
    '127.0.0.1',
    '127.1',
    '127.0.1',
    '2130706433',
    '0x7f.1',
    '0x7f000001',
    '0177.0.0.1',
    '017700000001',
    '0',
    '0.0.0.0',
  ],
  ...['127.255.255.254', '[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::127.0.0.1]', '[::7f00:1]'],
  ...[
    '[64:ff9b::7f00:1]',
    '[64:ff9b:1::7f00:1]',
    '[2002:7f00:1::]',
    '[fe80::1]',
    '[fec0::1]',
    '[fc00::1]',
    '[fd00:ec2::254]',
  ],
  ...['[100::1]', '[2001:db8::1]', '[2001::1]', '[ff02::1]', '[4000::1]', '[::ffff:169.254.169.254]', '[3fff::1]'],
  ...['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1', '169.254.169.254', '198.18.0.1'],
  ...['192.0.2.1', '192.0.0.1', '198.51.100.1', '203.0.113.1', '224.0.0.1', '240.0.0.1', '255.255.255.255'],
  ...['localhost', 'LOCALHOST', '①②⑦.⓪.⓪.①', '%31%32%37.0.0.1'],
];

describe('the address guard', () => {
  it.each(HOSTS)('does not connect to https://%s', async (host) => {
    const { answer, reached: hits } = await visit(`https://${host}:${port}/`, false);
    expect(answer).toMatchObject({ ok: false, error: { code: 'blocked' } });
    expect(hits).toBe(0);
  });

  it('covers at least 26 spellings, and the same listener is reached without it', async () => {
    expect(HOSTS.length).toBeGreaterThanOrEqual(26);
    for (const host of ['127.0.0.1', '127.1', '2130706433', '0x7f.1', 'localhost']) {
      const { answer, reached: hits } = await visit(`http://${host}:${port}/`, true);
      expect(answer).toMatchObject({ ok: true, value: { body: 'secret' } });
      expect(hits).toBe(1);
    }
  });

  it('wants https', async () => {
    const { answer, reached: hits } = await visit(`http://127.0.0.1:${port}/`, false);
    expect([answer, hits]).toMatchObject([{ ok: false, error: { code: 'blocked' } }, 0]);
    expect((await visit('http://example.com/', false)).answer).toMatchObject({ ok: false, error: { code: 'blocked' } });
  });

  const names =
    (addresses: readonly string[]): Resolve =>
    (_host, _options, done) =>
      done(
        null,
        addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })),
      );

  it.each([
    ['one private address', ['127.0.0.1']],
    ['a private address among public ones', ['93.184.215.14', '10.0.0.8']],
    ['a private IPv6 address among public ones', ['93.184.215.14', '::1']],
    ['a mapped address', ['::ffff:127.0.0.1']],
    ['no address', []],
  ])('refuses a name that resolves to %s', async (_what, addresses) => {
    const { answer, reached: hits } = await visit(`https://example.com:${port}/`, false, names(addresses));
    expect([answer, hits]).toMatchObject([{ ok: false, error: { code: 'blocked' } }, 0]);
  });

  it('asks the resolver once a connection, so that a second, different answer has no use', async () => {
    let asked = 0;
    const rebinding: Resolve = (host, options, done) => {
      asked += 1;
      names(asked === 1 ? ['10.0.0.1'] : ['127.0.0.1'])(host, options, done);
    };
    await visit(`https://example.com:${port}/`, false, rebinding);
    expect(asked).toBe(1);
  });

  it('lets public addresses through', () => {
    for (const address of ['1.1.1.1', '93.184.215.14', '2606:4700::1111', '2a00:1450:4001::1']) {
      expect([address, isPublicAddress(address)]).toEqual([address, true]);
    }
    for (const text of ['', 'example.com', '127.1', '1.1.1.1.', '::g']) expect(isPublicAddress(text)).toBe(false);
  });
});
