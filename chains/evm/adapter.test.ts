import { gzipSync } from 'node:zlib';
import { getCreateAddress, Interface } from 'ethers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Anvil, startAnvil } from '../../demo/nodes/anvil.ts';
import type { Address } from '../../src/domain/ids.ts';
import type { ChainAsset, Network } from '../../src/domain/network.ts';
import type { BalanceQuery, BlockRef } from '../../src/domain/snapshot.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createHttpClient } from '../../src/lib/http.ts';
import type { ChainAdapter } from '../../src/seams.ts';
import { type FaultProxy, startFaultProxy } from '../../test/fakes/fault-proxy.ts';
import {
  batchFaults,
  emptyBody,
  errorAnswers,
  type Fault,
  frozen,
  html,
  ignoredPin,
  mapResult,
  nullResults,
  resultOf,
  status,
  zeroResults,
} from '../../test/fakes/faults.ts';
import { readCells } from './balances.ts';
import { tokenArtifact } from './contracts/token-artifact.ts';
import { failuresOf } from './failures.ts';
import { testNetwork } from './fixtures.ts';
import { family } from './index.ts';
import type { PinnedBlock } from './pin.ts';
import { createRpcClient } from './rpc.ts';

const CHAIN_ID = 31_337;
const HOLDERS = 10_000;
const SENDER = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const http = createHttpClient();
const never = new AbortController().signal;
const token = new Interface(tokenArtifact.abi as never);

let anvil: Anvil;
let proxy: FaultProxy;
let network: Network;
let coin: ChainAsset;
let erc20: ChainAsset;
const holders: Address[] = Array.from(
  { length: HOLDERS },
  (_, index) => `0x${(0xabc000000000n + BigInt(index)).toString(16).padStart(40, '0')}` as Address,
);
const coinOf = (index: number): bigint => (index % 7 === 0 ? 0n : BigInt(index) * 10n ** 15n + 1n);
const tokensOf = (index: number): bigint => (index % 5 === 0 ? 0n : BigInt(index) ** 3n);

const tokenAt = (address: string): ChainAsset =>
  ({
    id: `eip155:${CHAIN_ID}/erc20:${address.toLowerCase()}`,
    chain: `eip155:${CHAIN_ID}`,
    kind: 'token',
    reference: address.toLowerCase(),
    symbol: 'TOK',
    decimals: 6,
    countsAs: null,
  }) as unknown as ChainAsset;

interface Overrides {
  readonly network?: Network;
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
}

const optionsOf = (url: string, over: Overrides = {}) => ({
  network: over.network ?? network,
  name: 'test-node',
  group: 'tester',
  url: `${url}/?key=SECRET`,
  headers: {},
  http,
  clock: systemClock,
  timeoutMs: over.timeoutMs ?? 10_000,
  maxBytes: over.maxBytes ?? 16_777_216,
});

function connect(url: string, over: Overrides = {}): ChainAdapter {
  const adapter = family.connect(optionsOf(url, over));
  if (!adapter.ok) throw new Error(adapter.error);
  return adapter.value;
}

async function tipOf(adapter: ChainAdapter): Promise<BlockRef> {
  const tip = await adapter.finalTip(never);
  if (!tip.ok) throw new Error(tip.error.message);
  return tip.value;
}

/** Sets native balances and balanceOf slots (mapping in slot 3 of Token.sol) without a transaction each. */
async function fund(): Promise<void> {
  const { keccak256 } = await import('../../src/lib/keccak.ts');
  const calls = holders.flatMap((holder, index) => {
    const slot = keccak256(Buffer.from(holder.slice(2).padStart(64, '0') + '3'.padStart(64, '0'), 'hex'));
    const word = `0x${tokensOf(index).toString(16).padStart(64, '0')}`;
    return [
      ['anvil_setBalance', [holder, `0x${coinOf(index).toString(16)}`]],
      ['anvil_setStorageAt', [erc20.reference, `0x${Buffer.from(slot).toString('hex')}`, word]],
    ] as const;
  });
  for (let from = 0; from < calls.length; from += 2000) {
    const body = calls.slice(from, from + 2000).map(([method, params], id) => ({ jsonrpc: '2.0', id, method, params }));
    // biome-ignore lint/style/noRestrictedGlobals: one batch, where the node's own client sends single calls
    const response = await fetch(anvil.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      // biome-ignore lint/style/noRestrictedGlobals: requests to the test node hold no JSON numbers
      body: JSON.stringify(body),
    });
    await response.text();
  }
}

const send = (data: string, to?: string) =>
  anvil.rpc('eth_sendTransaction', [{ from: SENDER, data, gas: '0x2dc6c0', ...(to ? { to } : {}) }]);

beforeAll(async () => {
  anvil = await startAnvil({ chainId: CHAIN_ID });
  proxy = await startFaultProxy(anvil.url);
  const genesis = await anvil.rpc<{ hash: string }>('eth_getBlockByNumber', ['0x0', false]);
  network = testNetwork(CHAIN_ID, { development: true }, genesis.hash);
  coin = network.native;
  const nonce = Number(await anvil.rpc<string>('eth_getTransactionCount', [SENDER, 'latest']));
  erc20 = tokenAt(getCreateAddress({ from: SENDER, nonce }));
  await send(tokenArtifact.bytecode + token.encodeDeploy(['Token', 'TOK', 6]).slice(2));
  await send(token.encodeFunctionData('mint', [SENDER, 10n ** 30n]), erc20.reference as string);
  // Uneven block times, while blocks are cheap to mine.
  await anvil.rpc('anvil_mine', ['0x96', '0x7']);
  await anvil.rpc('anvil_mine', ['0x32', '0x3c']);
  await fund();
  await anvil.rpc('anvil_mine', ['0x5', '0xc']);
});
afterEach(() => proxy.setFault(null));
afterAll(async () => {
  await proxy?.close();
  await anvil?.stop();
  await http.close();
});

const cellsOf = (count: number): BalanceQuery[] =>
  holders.slice(0, count).flatMap((address) => [
    { address, asset: coin },
    { address, asset: erc20 },
  ]);
const expectedOf = (count: number): bigint[] =>
  holders.slice(0, count).flatMap((_, index) => [coinOf(index), tokensOf(index)]);
const noOverride: Fault = {
  kind: 'ask',
  change: ({ method, params }) => ({
    method,
    params: method === 'eth_call' ? (params as unknown[]).slice(0, 2) : params,
  }),
};

/** Reads through the proxy and returns one text a cell: the amount, or the failure's code. */
async function outcomes(adapter: ChainAdapter, queries: readonly BalanceQuery[], at: BlockRef): Promise<string[]> {
  const results = await adapter.readBalances(queries, at, never);
  return results.map((result) => {
    if (result.ok) expect(result.value).toMatchObject({ heightFrom: at.height, heightTo: at.height, hash: at.hash });
    else expect(result.error.message).not.toMatch(/SECRET|127\.0\.0\.1/);
    return result.ok ? result.value.amount.toString() : result.error.code;
  });
}

describe('reading', () => {
  it('10,000 addresses × 2 assets take at most 12 requests, all at one block hash', async () => {
    const adapter = connect(proxy.url);
    const admission = await adapter.admit(never);
    expect(admission).toMatchObject({ ok: true, value: { reader: 'state-override' } });
    const hashes = new Set<string>();
    const seen: Fault = {
      kind: 'ask',
      change: (call) => {
        for (const item of call.params as unknown[]) {
          if (typeof item === 'object' && item !== null && 'blockHash' in item) hashes.add(String(item.blockHash));
        }
        return call;
      },
    };
    proxy.setFault(seen);
    const before = proxy.requests();
    const counted = adapter.requestCount();
    const tip = await tipOf(adapter);
    const read = await outcomes(adapter, cellsOf(HOLDERS), tip);
    expect(read).toEqual(expectedOf(HOLDERS).map(String));
    expect(proxy.requests() - before).toBeLessThanOrEqual(12);
    expect(adapter.requestCount() - counted).toBe(proxy.requests() - before);
    expect([...hashes]).toEqual([tip.hash]);
  });

  it('batches give the same result cell by cell where the override is refused', async () => {
    const adapter = connect(proxy.url);
    proxy.setFault(noOverride);
    expect(await adapter.admit(never)).toMatchObject({ ok: true, value: { reader: 'batch' } });
    const before = proxy.requests();
    expect(await outcomes(adapter, cellsOf(500), await tipOf(adapter))).toEqual(expectedOf(500).map(String));
    // 1 tip, 1 code of the token, 10 batches of 100.
    expect(proxy.requests() - before).toBe(12);
  });

  it('halves what is too large, and remembers the size', async () => {
    const adapter = connect(proxy.url);
    await adapter.admit(never);
    const tip = await tipOf(adapter);
    const limited: Fault = {
      kind: 'answer',
      change: ({ method, params }, answer) => {
        const data = method === 'eth_call' ? ((params as { data: string }[])[0]?.data ?? '') : '';
        if (data.length < 44 * 1000 + 100) return answer;
        return { jsonrpc: '2.0', id: answer.id, error: { code: -32000, message: 'out of gas' } };
      },
    };
    proxy.setFault(limited);
    expect(await outcomes(adapter, cellsOf(2000), tip)).toEqual(expectedOf(2000).map(String));
    const before = proxy.requests();
    expect(await outcomes(adapter, cellsOf(2000), tip)).toEqual(expectedOf(2000).map(String));
    expect(proxy.requests() - before).toBe(Math.ceil(4000 / 750));
  });

  it('halves a call that runs out of gas: no cell looks failed because its turn came late', async () => {
    const tip = await tipOf(connect(proxy.url));
    const options = { ...optionsOf(proxy.url), timeoutMs: 30_000 };
    const rpc = createRpcClient(options, failuresOf('test-node'));
    const queries = cellsOf(HOLDERS);
    const { results, size } = await readCells(
      rpc,
      'state-override',
      queries.length,
      queries,
      tip as PinnedBlock,
      never,
    );
    expect(results.map((result) => (result.ok ? result.value.amount : result.error.code))).toEqual(expectedOf(HOLDERS));
    expect(size).toBeLessThan(queries.length);
  });

  it('halves when the answer is over the byte cap', async () => {
    const adapter = connect(proxy.url, { maxBytes: 30_000 });
    await adapter.admit(never);
    expect(await outcomes(adapter, cellsOf(1000), await tipOf(adapter))).toEqual(expectedOf(1000).map(String));
  });

  it('a token that reverts, returns short or has no code is a failure of its own cells, on both paths', async () => {
    const [reverting, short, codeless] = [1, 2, 3].map((n) => tokenAt(`0x${'e'.repeat(39)}${n}`)) as [
      ChainAsset,
      ChainAsset,
      ChainAsset,
    ];
    await anvil.rpc('anvil_setCode', [reverting.reference, '0x60006000fd']);
    await anvil.rpc('anvil_setCode', [short.reference, '0x601f6000f3']);
    await anvil.rpc('anvil_mine', ['0x4', '0xc']);
    const holder = holders[11] as Address;
    const queries = [coin, reverting, short, codeless, erc20].map((asset) => ({ address: holder, asset }));
    const expected = [coinOf(11).toString(), 'bad_response', 'bad_response', 'no_code', tokensOf(11).toString()];
    for (const fault of [null, noOverride]) {
      proxy.setFault(fault);
      const adapter = connect(proxy.url);
      const admission = await adapter.admit(never);
      expect(admission).toMatchObject({ value: { reader: fault ? 'batch' : 'state-override' } });
      expect(await outcomes(adapter, queries, await tipOf(adapter))).toEqual(expected);
    }
  });

  it('supply and metadata come from the pinned block', async () => {
    const adapter = connect(proxy.url);
    const tip = await tipOf(adapter);
    expect(await adapter.readSupply(erc20, tip, never)).toMatchObject({
      ok: true,
      value: { amount: 10n ** 30n, hash: tip.hash },
    });
    const before = proxy.requests();
    const codeless = tokenAt(`0x${'d'.repeat(40)}`);
    const metadata = await adapter.readMetadata?.([erc20, codeless], tip, never);
    expect(proxy.requests() - before).toBe(1);
    expect(metadata?.[0]).toMatchObject({
      ok: true,
      value: { decimals: 6, codeHash: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(metadata?.[1]).toMatchObject({ ok: false, error: { code: 'no_code' } });
    expect(await adapter.readSupply(codeless, tip, never)).toMatchObject({ ok: false, error: { code: 'no_code' } });
    expect(await adapter.readSupply(coin, tip, never)).toMatchObject({ ok: false, error: { code: 'unsupported' } });
  });

  it('reads a block of the past, not the present', async () => {
    const adapter = connect(proxy.url);
    const tip = await tipOf(adapter);
    const address = `0x${'7'.repeat(40)}` as Address;
    await anvil.rpc('anvil_setBalance', [address, '0x64']);
    await anvil.rpc('anvil_mine', ['0x4', '0xc']);
    expect(await outcomes(adapter, [{ address, asset: coin }], tip)).toEqual(['0']);
    expect(await outcomes(adapter, [{ address, asset: coin }], await tipOf(adapter))).toEqual(['100']);
  });
});

describe('blocks', () => {
  it('finds the last final block at or before a time', async () => {
    const adapter = connect(proxy.url);
    const tip = await tipOf(adapter);
    const times: bigint[] = [];
    for (let height = 0n; height <= tip.height; height += 1n) {
      const block = await anvil.rpc<{ timestamp: string }>('eth_getBlockByNumber', [`0x${height.toString(16)}`, false]);
      times.push(BigInt(block.timestamp) * 1000n);
    }
    const lastAt = (timeMs: number) => BigInt(times.filter((time) => time <= BigInt(timeMs)).length - 1);
    for (const height of [0n, 1n, 2n, tip.height / 2n, tip.height - 1n, tip.height]) {
      const block = await adapter.blockAt(height, never);
      if (!block.ok) throw new Error(block.error.message);
      for (const timeMs of [block.value.timeMs, block.value.timeMs + 500]) {
        const before = adapter.requestCount();
        const found = await adapter.blockAtTime(timeMs, never);
        expect(found).toMatchObject({ ok: true, value: { height: lastAt(timeMs), finality: 'final' } });
        expect(adapter.requestCount() - before).toBeLessThanOrEqual(20);
      }
    }
    expect(await adapter.blockAtTime(1000, never)).toMatchObject({ ok: false, error: { code: 'block_unknown' } });
    expect(await adapter.blockAt(10n ** 9n, never)).toMatchObject({ ok: false, error: { code: 'block_unknown' } });
  });

  it('counts confirmations where the network says so', async () => {
    const confirmed = { ...network, finality: { kind: 'confirmations', blocks: 4 } } as const;
    const adapter = connect(proxy.url, { network: confirmed });
    const head = BigInt(await anvil.rpc<string>('eth_blockNumber'));
    expect(await tipOf(adapter)).toMatchObject({ height: head - 4n, finality: 'final' });
    const young = { ...network, finality: { kind: 'confirmations', blocks: 1_000_000 } } as const;
    expect(await tipOf(connect(proxy.url, { network: young }))).toMatchObject({ height: head, finality: 'not_final' });
  });

  it('says not_final while the chain has no finalized block', async () => {
    const adapter = connect(proxy.url);
    proxy.setFault(mapResult((_method, params, result) => ((params as unknown[])[0] === 'finalized' ? null : result)));
    expect(await tipOf(adapter)).toMatchObject({ finality: 'not_final' });
  });

  it('an orphaned pin is block_unknown, never a balance', async () => {
    const adapter = connect(proxy.url);
    await adapter.admit(never);
    await anvil.rpc('anvil_mine', ['0x3', '0xc']);
    const head = BigInt(await anvil.rpc<string>('eth_blockNumber'));
    const doomed = await adapter.blockAt(head - 1n, never);
    if (!doomed.ok) throw new Error(doomed.error.message);
    await anvil.rpc('anvil_reorg', [3, []]);
    const replaced = await adapter.blockAt(head - 1n, never);
    expect(replaced).toMatchObject({ ok: true });
    expect(replaced.ok && replaced.value.hash).not.toBe(doomed.value.hash);
    expect(await outcomes(adapter, cellsOf(2), doomed.value)).toEqual(Array(4).fill('block_unknown'));
  });
});

describe('faults never become balances', () => {
  const cells = () => cellsOf(3);

  /** An admitted adapter of each kind, then the fault, then a read. */
  async function readUnder(fault: Fault, over: { timeoutMs?: number } = {}, batches = false): Promise<string[]> {
    const adapter = connect(proxy.url, over);
    proxy.setFault(batches ? noOverride : null);
    const admission = await adapter.admit(never);
    expect(admission).toMatchObject({ ok: true, value: { reader: batches ? 'batch' : 'state-override' } });
    const tip = await tipOf(adapter);
    proxy.setFault(fault);
    return outcomes(adapter, cells(), tip);
  }
  const all = (code: string) => Array(6).fill(code);
  const error = (message: string, code = -32000) => errorAnswers(code, message);

  it.each<[string, Fault, string, { timeoutMs?: number }?]>([
    ['null results', nullResults, 'bad_response'],
    ['"0x"', mapResult(() => '0x'), 'bad_response'],
    ['empty text', mapResult(() => ''), 'bad_response'],
    ['0x0', mapResult(() => '0x0'), 'bad_response'],
    ['short zeros', mapResult(() => `0x${'0'.repeat(64)}`), 'bad_response'],
    ['all zeros of the right length', zeroResults, 'bad_response'],
    ['a number', mapResult(() => 12), 'bad_response'],
    ['no result at all', { kind: 'answer', change: (_call, { id }) => ({ jsonrpc: '2.0', id }) }, 'bad_response'],
    [
      'an id as text',
      { kind: 'answer', change: (_call, answer) => ({ ...answer, id: String(answer.id) }) },
      'bad_response',
    ],
    ['another id', { kind: 'answer', change: (_call, answer) => ({ ...answer, id: 1 }) }, 'bad_response'],
    ['an array', { kind: 'body', change: (body) => [body] }, 'bad_response'],
    ['HTTP 404', status(404), 'http_error'],
    ['HTTP 413', status(413), 'too_large'],
    ['HTML', html, 'bad_content'],
    ['an empty body', emptyBody, 'bad_content'],
    [
      'a body compressed without being asked',
      { kind: 'reply', status: 200, body: gzipSync('{}'), headers: { 'content-encoding': 'gzip' } },
      'unreachable',
    ],
    ['half the JSON', { kind: 'truncated' }, 'bad_content'],
    ['a hang', { kind: 'hang' }, 'timeout', { timeoutMs: 300 }],
    ['a drip', { kind: 'drip', everyMs: 20 }, 'timeout', { timeoutMs: 300 }],
    ['an endless body', { kind: 'endless' }, 'too_large'],
    ['geth pruned', error('missing trie node 2d12… (path ) state 0x2d12 is not available'), 'state_gone'],
    ['geth pruned, path scheme', error('historical state 2d12 is not available'), 'state_gone'],
    ['Nethermind pruned', error('No state available for block 0x12', -32002), 'state_gone'],
    ['Erigon pruned', error('old data not available due to pruning'), 'state_gone'],
    [
      'Parity pruned',
      error('This request is not supported because your node is running with state pruning'),
      'state_gone',
    ],
    ['side-chain block', error('hash 0x12 is not currently canonical'), 'block_unknown'],
    ['unknown block', error('header not found'), 'block_unknown'],
    ['-32001', error('Resource not found', -32001), 'block_unknown'],
    ['a limit told in JSON', error('daily request count exceeded, request rate limited', -32005), 'rate_limited'],
    ['a URL in the error', error('bad upstream https://user:SECRET@127.0.0.1/v1'), 'bad_response'],
  ])('reader: %s', async (_what, fault, code, over = {}) => {
    expect(await readUnder(fault, over)).toEqual(all(code));
  });

  it.each<[string, Fault, string]>([
    ['null results', nullResults, 'bad_response'],
    ['a quantity with leading zeros', resultOf('eth_getBalance', '0x00ff'), 'bad_response'],
    ['duplicate ids', batchFaults.duplicate, 'bad_response'],
    ['extra ids', batchFaults.extra, 'bad_response'],
    ['ids as text', batchFaults.stringIds, 'bad_response'],
    ['one object', batchFaults.object, 'bad_response'],
    [
      'a refused batch',
      { kind: 'body', change: () => ({ jsonrpc: '2.0', id: null, error: { code: -32600, message: 'nope' } }) },
      'bad_response',
    ],
    ['HTML', html, 'bad_content'],
    ['pruned state', error('missing trie node'), 'state_gone'],
  ])('batch: %s', async (_what, fault, code) => {
    const read = await readUnder(fault, {}, true);
    const coins = read.filter((_, index) => index % 2 === 0);
    expect(coins).toEqual(Array(3).fill(code));
    expect(read.filter((outcome) => /^\d+$/.test(outcome) && !expectedOf(3).map(String).includes(outcome))).toEqual([]);
  });

  it('batch: zero from one provider alone cannot be told from a real zero: that is what quorums are for', async () => {
    expect(await readUnder(zeroResults, {}, true)).toEqual(Array(6).fill('0'));
  });

  it('a slow answer is an answer', async () => {
    expect(await readUnder({ kind: 'latency', ms: 300 })).toEqual(expectedOf(3).map(String));
  });

  it('batch: any order is right, because ids decide', async () => {
    expect(await readUnder(batchFaults.reversed, {}, true)).toEqual(expectedOf(3).map(String));
  });

  it('batch: a missing answer is asked again once, then it is that cell’s failure', async () => {
    const missing: Fault = {
      kind: 'answer',
      change: ({ params }, answer) => ((params as unknown[])[0] === holders[1] ? undefined : answer),
    };
    const expected = expectedOf(3).map(String);
    expected[2] = 'bad_response';
    expect(await readUnder(missing, {}, true)).toEqual(expected);
    let dropped = false;
    const once: Fault = {
      kind: 'answer',
      change: ({ params }, answer) => {
        if (dropped || (params as unknown[])[0] !== holders[1]) return answer;
        dropped = true;
        return undefined;
      },
    };
    expect(await readUnder(once, {}, true)).toEqual(expectedOf(3).map(String));
  });

  it('HTTP 429: waits as told, asks three times at most, and spares the rest', async () => {
    const adapter = connect(proxy.url);
    await adapter.admit(never);
    const tip = await tipOf(adapter);
    proxy.setFault(status(429, 0));
    const before = proxy.requests();
    const read = await outcomes(adapter, cellsOf(HOLDERS), tip);
    expect(new Set(read)).toEqual(new Set(['rate_limited']));
    expect(proxy.requests() - before).toBeLessThanOrEqual(12);
    proxy.setFault(status(429, 3600));
    const once = proxy.requests();
    expect(await outcomes(adapter, cells(), tip)).toEqual(all('rate_limited'));
    expect(proxy.requests() - once).toBe(1);
    proxy.setFault(status(429, 1), { times: 1 });
    expect(await outcomes(adapter, cells(), tip)).toEqual(expectedOf(3).map(String));
  });

  it('HTTP 503 and a cut connection are tried again', async () => {
    for (const fault of [status(503), { kind: 'reset' } as const]) {
      const adapter = connect(proxy.url);
      await adapter.admit(never);
      const tip = await tipOf(adapter);
      proxy.setFault(fault, { times: 2 });
      expect(await outcomes(adapter, cells(), tip)).toEqual(expectedOf(3).map(String));
    }
  });

  it('stops when told, in the middle of a hang', async () => {
    const adapter = connect(proxy.url);
    await adapter.admit(never);
    const tip = await tipOf(adapter);
    proxy.setFault({ kind: 'hang' });
    const results = await adapter.readBalances(cells(), tip, AbortSignal.timeout(100));
    expect(results.map((result) => !result.ok && result.error.code)).toEqual(all('aborted'));
  });
});

describe('admission', () => {
  const admitted = async (fault: Fault | null, over: { network?: Network } = {}) => {
    proxy.setFault(fault);
    const admission = await connect(proxy.url, over).admit(never);
    return admission.ok ? admission.value : `${admission.error.code}: ${admission.error.message}`;
  };

  it('says what it found', async () => {
    expect(await admitted(null)).toMatchObject({
      client: expect.stringMatching(/anvil/i),
      chainProof: `eth_chainId ${CHAIN_ID}, block 0 ${network.genesisHash}`,
      reader: 'state-override',
      finalHeight: expect.any(BigInt),
    });
  });

  it('refuses the wrong chain, by id and by genesis', async () => {
    expect(await admitted(resultOf('eth_chainId', '0x89'))).toMatch(/^wrong_chain: .*eip155:137/);
    const elsewhere = testNetwork(CHAIN_ID, { development: true }, `0x${'1'.repeat(64)}`);
    expect(await admitted(null, { network: elsewhere })).toMatch(/^wrong_chain: block 0/);
    expect(await admitted(resultOf('eth_chainId', null))).toMatch(/^bad_response/);
  });

  it('refuses an endpoint that ignores the pin', async () => {
    expect(await admitted(ignoredPin)).toMatch(/^pin_ignored: .*balance at a random block hash/);
    const future: Fault = {
      kind: 'ask',
      change: ({ method, params }) => ({
        method,
        params:
          method === 'eth_getBalance' && typeof (params as unknown[])[1] === 'string'
            ? [(params as unknown[])[0], 'latest']
            : params,
      }),
    };
    const calls: Fault = {
      kind: 'ask',
      change: ({ method, params }) => ({
        method,
        params: method === 'eth_call' ? (params as unknown[]).with(1, 'latest') : params,
      }),
    };
    expect(await admitted(calls)).toMatch(/^pin_ignored: .*call at a random block hash/);
    expect(await admitted(future)).toMatch(/^pin_ignored: .*balance at a height far in the future/);
  });

  it('refuses a node that is syncing or stands still', async () => {
    expect(await admitted(resultOf('eth_syncing', { currentBlock: '0x1' }))).toMatch(/^lagging: .*syncing/);
    const strict = testNetwork(CHAIN_ID, { maxLagSeconds: 60 }, network.genesisHash);
    const setHead = (offset: number) =>
      mapResult((method, params, result) =>
        method === 'eth_getBlockByNumber' && (params as unknown[])[0] === 'latest'
          ? { ...(result as object), timestamp: `0x${(Math.floor(systemClock.now() / 1000) + offset).toString(16)}` }
          : result,
      );
    expect(await admitted(setHead(-3600), { network: strict })).toMatch(/^lagging: .*old/);
    expect(await admitted(setHead(3600), { network: strict })).toMatch(/^lagging: .*future/);
    expect(await admitted(setHead(-5), { network: strict })).toMatchObject({ reader: 'state-override' });
  });

  it('gives the same tip while the head is frozen', async () => {
    proxy.setFault(frozen(['eth_getBlockByNumber']));
    const adapter = connect(proxy.url);
    const first = await tipOf(adapter);
    await anvil.rpc('anvil_mine', ['0x5', '0xc']);
    expect(await tipOf(adapter)).toEqual(first);
  });

  it('passes on what the line does', async () => {
    expect(await admitted(html)).toMatch(/^bad_content/);
    expect(await admitted(status(403))).toMatch(/^http_error/);
    expect(await admitted(errorAnswers(-32005, 'rate limit', ({ method }) => method === 'eth_getBalance'))).toMatch(
      /^rate_limited/,
    );
  });
});
