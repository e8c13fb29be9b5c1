import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import {
  batchFaults,
  emptyBody,
  type Fault,
  frozen,
  html,
  mapResult,
  nullResults,
  resultOf,
  status,
} from './faults.ts';

let counter = 0;
/** A node whose every answer is its own call, with a number above 2^53 that must survive. */
const node = createServer(async (incoming, outgoing) => {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const asked = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  counter += 1;
  const one = ({ id, method }: { id: number; method: string }) =>
    `{"jsonrpc":"2.0","id":${id},"result":${method === 'count' ? counter : method === 'big' ? '9007199254740993' : `"${method}"`}}`;
  const body = Array.isArray(asked) ? `[${asked.map(one).join(',')}]` : one(asked);
  outgoing.setHeader('x-path', incoming.url ?? '').end(body);
});
let proxy: FaultProxy;

beforeAll(async () => {
  await new Promise<void>((resolve) => node.listen(0, '127.0.0.1', resolve));
  proxy = await startFaultProxy(`http://127.0.0.1:${(node.address() as AddressInfo).port}`);
});
afterEach(() => proxy.setFault(null));
afterAll(async () => {
  await proxy.close();
  node.closeAllConnections();
  node.close();
});

const call = (id: number, method: string) => ({ jsonrpc: '2.0', id, method, params: [] });
const post = (body: unknown, path = '/', signal?: AbortSignal) =>
  fetch(`${proxy.url}${path}`, { method: 'POST', body: JSON.stringify(body), ...(signal ? { signal } : {}) });
const text = async (fault: Fault | null, body: unknown = call(1, 'a')): Promise<string> => {
  proxy.setFault(fault);
  return (await post(body)).text();
};
const batch = [call(1, 'a'), call(2, 'b'), call(3, 'c')];
const ids = async (fault: Fault) => JSON.parse(await text(fault, batch)).map(({ id }: { id: unknown }) => id);

describe('startFaultProxy', () => {
  it('passes requests through untouched and counts them', async () => {
    const before = proxy.requests();
    const response = await post(call(7, 'big'), '/wallet/a');
    expect(response.headers.get('x-path')).toBe('/wallet/a');
    expect(await response.text()).toBe('{"jsonrpc":"2.0","id":7,"result":9007199254740993}');
    await post(batch);
    expect(proxy.requests()).toBe(before + 2);
    expect(proxy.requestsByMethod().get('b')).toBe(1);
  });

  it('answers in the node’s place', async () => {
    proxy.setFault(status(429, 3));
    const refused = await post(call(1, 'a'));
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '3']);
    expect(await text(html)).toContain('<html>');
    expect(await text(emptyBody)).toBe('');
  });

  it('changes results, digits kept', async () => {
    expect(await text(nullResults)).toBe('{"jsonrpc":"2.0","id":1,"result":null}');
    expect(await text(resultOf('a', '0x0'))).toContain('"0x0"');
    expect(
      await text(
        mapResult((_method, _params, result) => result),
        call(1, 'big'),
      ),
    ).toContain('9007199254740993');
    const freeze = frozen(['count']);
    expect(await text(freeze, call(1, 'count'))).toBe(await text(freeze, call(1, 'count')));
    expect(await text(null, call(1, 'count'))).not.toBe(await text(null, call(1, 'count')));
  });

  it('changes batches', async () => {
    expect(await ids(batchFaults.reversed)).toEqual([3, 2, 1]);
    expect(await ids(batchFaults.swappedIds)).toEqual([2, 1, 3]);
    expect(await ids(batchFaults.missing)).toEqual([2, 3]);
    expect(await ids(batchFaults.duplicate)).toEqual([1, 2, 3, 1]);
    expect(await ids(batchFaults.stringIds)).toEqual(['1', '2', '3']);
    expect(await text(batchFaults.object, batch)).toMatch(/^\{/);
  });

  it('changes what is asked', async () => {
    const ask: Fault = { kind: 'ask', change: ({ params }) => ({ method: 'other', params }) };
    expect(await text(ask)).toContain('"other"');
  });

  it('breaks the line', async () => {
    expect(await text({ kind: 'truncated' })).toBe('{"jsonrpc":"2.0","');
    await expect(text({ kind: 'reset' })).rejects.toThrow();
    for (const fault of [{ kind: 'hang' }, { kind: 'drip', everyMs: 5 }, { kind: 'endless' }] as const) {
      proxy.setFault(fault);
      await expect(post(call(1, 'a'), '/', AbortSignal.timeout(100)).then((it) => it.text())).rejects.toThrow();
    }
  });

  it('limits a fault to some requests or methods', async () => {
    proxy.setFault(nullResults, { times: 1, methods: ['b'] });
    expect(await (await post(call(1, 'a'))).text()).toContain('"a"');
    expect(await (await post(call(1, 'b'))).text()).toContain('null');
    expect(await (await post(call(1, 'b'))).text()).toContain('"b"');
  });
});
