import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type LitesvmNode, startLitesvm } from '../../demo/nodes/litesvm.ts';
import { solanaSigner } from '../../demo/sign-solana.ts';
import type { Address, AssetId } from '../../src/domain/ids.ts';
import type { Network } from '../../src/domain/network.ts';
import type { BalanceQuery, BlockRef } from '../../src/domain/snapshot.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createHttpClient } from '../../src/lib/http.ts';
import { stringifyJson } from '../../src/lib/json.ts';
import type { ChainAdapter } from '../../src/seams.ts';
import { type FaultProxy, startFaultProxy } from '../../test/fakes/fault-proxy.ts';
import { errorAnswers, type Fault, html, mapResult, nullResults, resultOf, status } from '../../test/fakes/faults.ts';
import { solanaTestNetwork } from '../../test/fakes/solana-network.ts';
import { family } from './index.ts';

const http = createHttpClient();
const never = new AbortController().signal;
const signer = (n: number) => solanaSigner(new Uint8Array(32).fill(n));
const addressOf = (n: number): Address => solanaSigner(seed(n)).address as Address;
function seed(n: number): Uint8Array {
  const bytes = new Uint8Array(32).fill(77);
  bytes[0] = n & 255;
  bytes[1] = n >> 8;
  return bytes;
}

let node: LitesvmNode;
let proxy: FaultProxy;
let network: Network;

beforeAll(async () => {
  node = await startLitesvm();
  proxy = await startFaultProxy(node.url);
  network = solanaTestNetwork(node.genesisHash);
});
afterEach(() => proxy.setFault(null));
afterAll(async () => {
  await http.close();
  await proxy.close();
  await node.stop();
});

function connect(changes: { readonly network?: Network; readonly url?: string; readonly timeoutMs?: number } = {}) {
  const adapter = family.connect({
    network: changes.network ?? network,
    name: 'local',
    group: 'ours',
    url: changes.url ?? proxy.url,
    headers: {},
    http,
    clock: systemClock,
    timeoutMs: changes.timeoutMs ?? 10_000,
    maxBytes: 4_000_000,
  });
  if (!adapter.ok) throw new Error(adapter.error);
  return adapter.value;
}
const query = (address: Address): BalanceQuery => ({ address, asset: network.native });
async function tipOf(adapter: ChainAdapter): Promise<BlockRef> {
  const tip = await adapter.finalTip(never);
  if (!tip.ok) throw new Error(tip.error.message);
  return tip.value;
}

describe('readBalances on a real bank', () => {
  it('reads lamports above 2^53 exactly, and a missing account as a true zero', async () => {
    node.setLamports(addressOf(1), 9_007_199_254_740_993n);
    node.setLamports(addressOf(2), 18_446_744_073_709_551_615n);
    const adapter = connect();
    const tip = await tipOf(adapter);
    const queries = [1, 999, 2].map((n) => query(addressOf(n)));
    const readings = await adapter.readBalances(queries, tip, never);
    const evidence = { heightFrom: tip.height, heightTo: tip.height, hash: tip.hash };
    expect(readings).toEqual([
      { ok: true, value: { amount: 9_007_199_254_740_993n, ...evidence } },
      { ok: true, value: { amount: 0n, ...evidence } },
      { ok: true, value: { amount: 18_446_744_073_709_551_615n, ...evidence } },
    ]);
  });

  it('sees a transfer that the runtime executed, to the lamport', async () => {
    const from = signer(4);
    node.airdrop(from.address, 5_000_000_000n);
    const before = node.lamports(from.address);
    const rpc = async (method: string, params: unknown[]) => {
      const body = stringifyJson({ jsonrpc: '2.0', id: 1, method, params });
      const headers = { 'content-type': 'application/json' };
      const sent = { method: 'POST' as const, url: node.url, headers, body, maxBytes: 10_000, timeoutMs: 5000 };
      const answer = await http.request(sent, never);
      return answer.ok ? answer.value.body : answer.error.message;
    };
    const blockhash = /"blockhash":"(\w+)"/.exec(await rpc('getLatestBlockhash', []))?.[1] as string;
    const wire = from.signTransfer(addressOf(3), 1_234_567_890n, blockhash);
    const config = { encoding: 'base64' };
    expect(await rpc('sendTransaction', [wire, config])).toMatch(/"result":"\w{80,}"/);
    expect(await rpc('sendTransaction', [wire, config])).toMatch(/-32002/);
    const tampered = `${wire.slice(0, 20)}${wire[20] === 'A' ? 'B' : 'A'}${wire.slice(21)}`;
    expect(await rpc('sendTransaction', [tampered, config])).toMatch(/-3260|-32002/);
    const adapter = connect();
    const tip = await tipOf(adapter);
    const readings = await adapter.readBalances([query(addressOf(3)), query(from.address as Address)], tip, never);
    const amounts = readings.map((reading) => reading.ok && reading.value.amount);
    expect(amounts).toEqual([1_234_567_890n, before - 1_234_567_890n - 5_000n]);
  });

  it('asks 100 accounts a request, each once, and answers in the order asked', async () => {
    const numbers = [...Array.from({ length: 251 }, (_, i) => 1000 + i), 1003, 1001];
    for (const n of numbers) node.setLamports(addressOf(n), BigInt(n) * 1_000_003n);
    const adapter = connect();
    const tip = await tipOf(adapter);
    const before = proxy.requests();
    const counted = adapter.requestCount();
    const readings = await adapter.readBalances(
      numbers.map((n) => query(addressOf(n))),
      tip,
      never,
    );
    // Three chunks, and one request for the hash of the slot that they share.
    expect(proxy.requests() - before).toBe(4);
    expect(adapter.requestCount() - counted).toBe(4);
    expect(readings.map((reading) => reading.ok && reading.value.amount)).toEqual(
      numbers.map((n) => BigInt(n) * 1_000_003n),
    );
  });

  it('states the slot range and no hash where the chunks are of different slots', async () => {
    const adapter = connect();
    const tip = await tipOf(adapter);
    proxy.setFault(
      mapResult((method, _params, result) => {
        if (method === 'getMultipleAccounts') node.advanceSlots(1);
        return result;
      }),
    );
    const readings = await adapter.readBalances(
      Array.from({ length: 150 }, (_, i) => query(addressOf(i))),
      tip,
      never,
    );
    for (const reading of readings) {
      expect(reading).toMatchObject({ value: { heightFrom: tip.height, heightTo: tip.height + 1n, hash: null } });
    }
  });

  it('does not read tokens or supplies, and says so', async () => {
    const adapter = connect();
    const token = {
      ...network.native,
      id: `${network.chainId}/token:${addressOf(5)}` as AssetId,
      kind: 'token' as const,
      reference: addressOf(5) as string,
    };
    const tip = await tipOf(adapter);
    const [coin, other] = await adapter.readBalances(
      [query(addressOf(1)), { address: addressOf(1), asset: token }],
      tip,
      never,
    );
    expect(coin?.ok).toBe(true);
    expect(other).toMatchObject({ ok: false, error: { code: 'unsupported', retryable: false } });
    expect(await adapter.readSupply(token, tip, never)).toMatchObject({ error: { code: 'unsupported' } });
  });

  it('halves its chunks for an endpoint that takes fewer accounts, and keeps to it', async () => {
    const adapter = connect();
    const tip = await tipOf(adapter);
    const tooMany: Fault = errorAnswers(-32602, 'Too many inputs provided; max 30', ({ method, params }) => {
      const list = (params as unknown[])[0];
      return method === 'getMultipleAccounts' && Array.isArray(list) && list.length > 30;
    });
    proxy.setFault(tooMany);
    const queries = Array.from({ length: 100 }, (_, i) => query(addressOf(1000 + i)));
    const readings = await adapter.readBalances(queries, tip, never);
    expect(readings.every((reading) => reading.ok)).toBe(true);
    const before = proxy.requests();
    await adapter.readBalances(queries, tip, never);
    expect(proxy.requests() - before).toBe(5);
  });
});

type Account = { lamports: unknown; owner: unknown };
const accounts = (change: (value: readonly Account[]) => unknown): Fault =>
  mapResult((method, _params, result) =>
    method === 'getMultipleAccounts'
      ? { ...(result as object), value: change((result as { value: Account[] }).value) }
      : result,
  );
const first = (change: (account: Account) => unknown): Fault =>
  accounts((value) => value.map((account, i) => (i === 0 ? change(account) : account)));
const slot = (value: unknown): Fault =>
  mapResult((method, _params, result) =>
    method === 'getMultipleAccounts' ? { ...(result as object), context: { slot: value } } : result,
  );

describe('a faulty endpoint never gives a balance', () => {
  it.each<[string, Fault, string, boolean]>([
    ['null', nullResults, 'bad_response', true],
    ['zero instead of a result', resultOf('getMultipleAccounts', 0), 'bad_response', true],
    ['HTML', html, 'bad_content', true],
    ['an empty body', { kind: 'reply', status: 200, body: '' }, 'bad_content', true],
    ['a truncated body', { kind: 'truncated' }, 'bad_content', true],
    ['429', status(429, 5), 'rate_limited', true],
    ['503', status(503), 'http_error', true],
    ['403', status(403), 'http_error', false],
    ['a reset', { kind: 'reset' }, 'unreachable', true],
    ['a short array', accounts((value) => value.slice(1)), 'bad_response', true],
    ['a long array', accounts((value) => [...value, null]), 'bad_response', true],
    ['no array', accounts(() => null), 'bad_response', true],
    ['lamports as text', first((account) => ({ ...account, lamports: '5' })), 'bad_response', true],
    ['negative lamports', first((account) => ({ ...account, lamports: -5 })), 'bad_response', true],
    ['fractional lamports', first((account) => ({ ...account, lamports: 1.5 })), 'bad_response', true],
    [
      'lamports of 2^64',
      first((account) => ({ ...account, lamports: 18_446_744_073_709_551_616n })),
      'bad_response',
      true,
    ],
    ['an account without lamports', first(() => ({})), 'bad_response', true],
    ['false for an account', first(() => false), 'bad_response', true],
    ['an account without owner', first(({ lamports }) => ({ lamports })), 'bad_response', true],
    ['a stale slot', slot(17), 'pin_ignored', false],
    ['no slot', slot(null), 'bad_response', true],
    ['minimum slot not reached', errorAnswers(-32016, 'Minimum context slot has not been reached'), 'lagging', true],
    ['a node behind', errorAnswers(-32005, 'Node is behind by 42 slots'), 'lagging', true],
    ['an unknown method', errorAnswers(-32601, 'Method not found'), 'unsupported', false],
    ['a limit as JSON', errorAnswers(-32429, 'slow down'), 'rate_limited', true],
    ['another id', { kind: 'answer', change: (_call, answer) => ({ ...answer, id: 999_999 }) }, 'bad_response', true],
    [
      'a text id',
      { kind: 'answer', change: (_call, answer) => ({ ...answer, id: String(answer.id) }) },
      'bad_response',
      true,
    ],
    ['an array', { kind: 'body', change: (body) => [body] }, 'bad_response', true],
    [
      'both result and error',
      { kind: 'answer', change: (_c, a) => ({ ...a, error: { code: 1, message: 'x' } }) },
      'bad_response',
      true,
    ],
    [
      'another JSON-RPC',
      { kind: 'answer', change: (_call, answer) => ({ ...answer, jsonrpc: '1.0' }) },
      'bad_response',
      true,
    ],
  ])('%s', async (_name, fault, code, retryable) => {
    const adapter = connect();
    const tip = await tipOf(adapter);
    proxy.setFault(fault);
    const readings = await adapter.readBalances([query(addressOf(1)), query(addressOf(2))], tip, never);
    expect(readings).toHaveLength(2);
    for (const reading of readings)
      expect(reading).toMatchObject({ ok: false, error: { code, retryable, provider: 'local' } });
  });

  it('a hang ends by the deadline, and the rest is not asked', async () => {
    const adapter = connect({ timeoutMs: 300 });
    const tip = await tipOf(connect());
    proxy.setFault({ kind: 'hang' });
    const before = adapter.requestCount();
    const readings = await adapter.readBalances(
      Array.from({ length: 250 }, (_, i) => query(addressOf(i))),
      tip,
      never,
    );
    expect(readings.every((reading) => !reading.ok && reading.error.code === 'timeout')).toBe(true);
    expect(adapter.requestCount() - before).toBe(1);
  });

  it('keeps what was read before one chunk went wrong', async () => {
    const adapter = connect();
    const tip = await tipOf(adapter);
    proxy.setFault(
      accounts((value) => value.slice(1)),
      { times: 1 },
    );
    const readings = await adapter.readBalances(
      Array.from({ length: 150 }, (_, i) => query(addressOf(1000 + i))),
      tip,
      never,
    );
    expect(readings.map((reading) => reading.ok).indexOf(true)).toBe(100);
    expect(readings.slice(100).every((reading) => reading.ok)).toBe(true);
  });

  it('a final slot with two hashes is refused', async () => {
    const adapter = connect();
    const tip = await tipOf(adapter);
    const readings = await adapter.readBalances([query(addressOf(1))], { ...tip, hash: node.genesisHash }, never);
    expect(readings[0]).toMatchObject({ ok: false, error: { code: 'block_unknown' } });
  });

  it('never shows the path of its URL', async () => {
    const secret = 'k3y-0123456789abcdef';
    const adapter = connect({ url: `${proxy.url}/${secret}` });
    proxy.setFault(errorAnswers(-32005, `the key ${secret} is over its limit`));
    const tip = await adapter.finalTip(never);
    expect(stringifyJson(tip)).not.toContain(secret);
    expect(tip).toMatchObject({ ok: false, error: { code: 'lagging' } });
  });
});

describe('admission', () => {
  it('proves chain, health, client, freshness and that minContextSlot is heeded', async () => {
    node.advanceSlots(1);
    const admission = await connect().admit(never);
    expect(admission).toMatchObject({
      ok: true,
      value: { chainProof: `genesis ${node.genesisHash}`, finalHeight: node.slot(), reader: 'multiple-accounts' },
    });
  });
  it('takes a private chain by its id alone', async () => {
    node.advanceSlots(1);
    expect((await connect({ network: { ...network, genesisHash: null } }).admit(never)).ok).toBe(true);
  });
  it.each<[string, Fault, string]>([
    ['another genesis', resultOf('getGenesisHash', '5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d'), 'wrong_chain'],
    ['no genesis', resultOf('getGenesisHash', null), 'bad_response'],
    ['ill health', resultOf('getHealth', 'behind'), 'lagging'],
    ['an empty state', accounts((value) => value.map(() => null)), 'bad_response'],
    ['HTML', html, 'bad_content'],
    ['429', status(429), 'rate_limited'],
  ])('refuses %s', async (_name, fault, code) => {
    node.advanceSlots(1);
    proxy.setFault(fault);
    expect(await connect().admit(never)).toMatchObject({ ok: false, error: { code } });
  });
  it('refuses an endpoint that drops minContextSlot', async () => {
    node.advanceSlots(1);
    proxy.setFault({
      kind: 'ask',
      change: ({ method, params }) => ({
        method,
        params: method === 'getMultipleAccounts' ? [(params as unknown[])[0], { encoding: 'base64' }] : params,
      }),
    });
    expect(await connect().admit(never)).toMatchObject({ ok: false, error: { code: 'pin_ignored' } });
  });
  it('refuses an endpoint that claims to be at any slot it is asked for', async () => {
    node.advanceSlots(1);
    proxy.setFault({
      kind: 'answer',
      change: ({ method }, answer) =>
        method !== 'getMultipleAccounts'
          ? answer
          : {
              jsonrpc: '2.0',
              id: answer.id,
              result: {
                context: { slot: 4_000_000_000_000 },
                value: [{ lamports: 1, owner: node.genesisHash }],
              },
            },
    });
    expect(await connect().admit(never)).toMatchObject({ ok: false, error: { code: 'pin_ignored' } });
  });
  it('refuses a head that stands still', async () => {
    const old = await startLitesvm({ now: () => systemClock.now() - 3_600_000 });
    try {
      expect(await connect({ url: old.url }).admit(never)).toMatchObject({ ok: false, error: { code: 'lagging' } });
    } finally {
      await old.stop();
    }
  });
});

describe('blocks', () => {
  it('a skipped slot has no block, and the tip steps over slots that are not served', async () => {
    node.skipSlots(5);
    const adapter = connect();
    const tip = await tipOf(adapter);
    expect(await adapter.blockAt(tip.height - 2n, never)).toMatchObject({
      ok: false,
      error: { code: 'block_unknown' },
    });
    expect(await adapter.blockAt(tip.height + 9n, never)).toMatchObject({
      ok: false,
      error: { code: 'block_unknown' },
    });
    expect(await adapter.blockAt(tip.height, never)).toEqual({ ok: true, value: tip });
    const notYet = errorAnswers(-32004, 'Block not available', ({ method }) => method === 'getBlock');
    proxy.setFault(notYet, { times: 1, methods: ['getBlock'] });
    expect(await adapter.finalTip(never)).toEqual({ ok: true, value: tip });
  });

  it('a node without blocks still has a slot and a time, but no hash', async () => {
    const adapter = connect();
    const tip = await tipOf(adapter);
    proxy.setFault(errorAnswers(-32011, 'Transaction history is not available', ({ method }) => method === 'getBlock'));
    expect(await adapter.finalTip(never)).toEqual({ ok: true, value: { ...tip, hash: null } });
    const readings = await adapter.readBalances([query(addressOf(1))], tip, never);
    expect(readings[0]).toMatchObject({ ok: true, value: { hash: null, heightFrom: tip.height } });
  });

  it('blockAtTime is the last block at or before the time, whatever slots were skipped', async () => {
    let now = 1_790_000_000_000;
    const timed = await startLitesvm({ now: () => now });
    try {
      const adapter = connect({ url: timed.url });
      const made: { slot: bigint; timeMs: number }[] = [];
      await fc.assert(
        fc.asyncProperty(fc.array(fc.tuple(fc.nat(3), fc.nat(5)), { maxLength: 8 }), async (steps) => {
          for (const [seconds, skipped] of steps) {
            now += seconds * 1000;
            timed.skipSlots(skipped);
            made.push({ slot: timed.slot(), timeMs: now });
          }
          for (const { timeMs } of made.slice(-4)) {
            const expected = made.filter((block) => block.timeMs <= timeMs + 500).at(-1);
            const found = await adapter.blockAtTime(timeMs + 500, never);
            expect(found).toMatchObject({ ok: true, value: { height: expected?.slot, timeMs: expected?.timeMs } });
          }
        }),
        { numRuns: 12 },
      );
      expect(await adapter.blockAtTime(1_000_000_000_000, never)).toMatchObject({
        ok: false,
        error: { code: 'block_unknown' },
      });
    } finally {
      await timed.stop();
    }
  });
});

describe('connect', () => {
  it.each<[string, Partial<Network>, RegExp]>([
    ['confirmations', { finality: { kind: 'confirmations', blocks: 6 } }, /finality/],
    ['a chain id of another genesis', { genesisHash: '5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d' }, /genesis/],
    ['an unknown param', { params: { maxLag: 5 } }, /maxLagSeconds/],
    ['a param that is no number', { params: { maxLagSeconds: '5' } }, /maxLagSeconds/],
  ])('refuses %s', (_name, change, why) => {
    expect(() => connect({ network: { ...network, ...change } })).toThrow(why);
  });
});
