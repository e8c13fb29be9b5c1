import { hex } from '@scure/base';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { encodeAddress } from '../chains/bitcoin/address.ts';
import { family as bitcoin } from '../chains/bitcoin/index.ts';
import { paramsSchema } from '../chains/bitcoin/params.ts';
import { testNetwork } from '../chains/evm/fixtures.ts';
import { family as evm } from '../chains/evm/index.ts';
import { family as solana } from '../chains/solana/index.ts';
import { type Anvil, startAnvil } from '../demo/nodes/anvil.ts';
import { findLitecoind, type Litecoind, startLitecoind } from '../demo/nodes/litecoind.ts';
import { type LitesvmNode, startLitesvm } from '../demo/nodes/litesvm.ts';
import type { Address, AssetId, ChainId } from '../src/domain/ids.ts';
import type { ChainAsset, Network } from '../src/domain/network.ts';
import type { BalanceQuery, Snapshot } from '../src/domain/snapshot.ts';
import { systemClock } from '../src/lib/clock.ts';
import { createHttpClient } from '../src/lib/http.ts';
import type { ChainAdapter, ChainFamily } from '../src/seams.ts';
import { type Admissions, createAdmissions } from '../src/snapshot/admissions.ts';
import type { ChainPlan, SnapshotTools } from '../src/snapshot/seat.ts';
import { takeSnapshot } from '../src/take-snapshot.ts';
import { type FaultProxy, startFaultProxy } from './fakes/fault-proxy.ts';
import {
  batchFaults,
  type Fault,
  frozen,
  html,
  ignoredPin,
  mapResult,
  nullResults,
  resultOf,
  status,
  zeroResults,
} from './fakes/faults.ts';
import { solanaTestNetwork } from './fakes/solana-network.ts';
import { utxoNetwork } from './fakes/utxo-networks.ts';
import { openTestExchange, type TestExchange, USDX } from './fixtures/exchange.ts';
import { oneMore, otherHash, staleHead } from './fixtures/lies.ts';

const ETHER = 10n ** 18n;
const http = createHttpClient();
let anvil: Anvil;
let exchange: TestExchange;
let proxies: FaultProxy[];
let network: Network;
let token: ChainAsset;
let queries: readonly BalanceQuery[];

beforeAll(async () => {
  anvil = await startAnvil();
  exchange = await openTestExchange(anvil);
  proxies = await Promise.all([0, 1, 2].map(() => startFaultProxy(anvil.url)));
  network = testNetwork(anvil.chainId, {}, exchange.genesis);
  token = {
    id: `eip155:${anvil.chainId}/erc20:${exchange.token}` as AssetId,
    chain: network.chainId,
    kind: 'token',
    reference: exchange.token,
    symbol: 'USDX',
    decimals: 6,
    countsAs: null,
  };
  const at = [exchange.hot, exchange.cold].map((one) => one as Address);
  queries = [network.native, token].flatMap((asset) => at.map((address) => ({ address, asset })));
});
afterEach(() => {
  for (const proxy of proxies) proxy.setFault(null);
});
afterAll(async () => {
  await Promise.all(proxies?.map((proxy) => proxy.close()) ?? []);
  await anvil?.stop();
  await http.close();
});

function connect(family: ChainFamily, on: Network, url: string, name: string, group: string): ChainAdapter {
  const adapter = family.connect({
    ...{ network: on, name, group, url, headers: {}, http, clock: systemClock, timeoutMs: 1_000, maxBytes: 16_777_216 },
  });
  if (!adapter.ok) throw new Error(adapter.error);
  return adapter.value;
}

const NAMES = ['alpha', 'beta', 'gamma'] as const;

/** One adapter a group, each behind its own proxy. */
const groups = (count: number): ChainAdapter[] =>
  proxies.slice(0, count).map(({ url }, index) => connect(evm, network, url, `${NAMES[index]}-1`, `${NAMES[index]}`));

const planOf = (adapters: readonly ChainAdapter[]): ChainPlan => ({ network, adapters, queries, supplies: [token] });

function toolsWith(over: Partial<SnapshotTools> = {}): SnapshotTools {
  const pins = new Map<string, string>();
  return {
    clock: systemClock,
    signal: new AbortController().signal,
    admissions: createAdmissions(systemClock),
    pins: { get: (asset) => pins.get(asset) ?? null, pin: (asset, text) => void pins.set(asset, text) },
    floors: new Map(),
    ...over,
  };
}

const look = (adapters: readonly ChainAdapter[], tools = toolsWith()): Promise<Snapshot> =>
  takeSnapshot([planOf(adapters)], tools);

/** Amounts read, or the code of the failure. */
const amounts = ({ cells }: Snapshot): (bigint | string)[] =>
  cells.map(({ outcome }) => (outcome.kind === 'read' ? outcome.amount : outcome.failure.code));
const assurances = ({ cells }: Snapshot): string[] => [
  ...new Set(cells.map(({ outcome }) => (outcome.kind === 'read' ? outcome.assurance : 'unread'))),
];
const truth = async (): Promise<bigint[]> => {
  const final = await anvil.rpc<{ number: string }>('eth_getBlockByNumber', ['finalized', false]);
  const read = (method: string, params: readonly unknown[]) => anvil.rpc<string>(method, [...params, final.number]);
  return Promise.all(
    queries.map(async ({ address, asset }) =>
      BigInt(
        asset.reference === null
          ? await read('eth_getBalance', [address])
          : await read('eth_call', [{ to: asset.reference, data: `0x70a08231${address.slice(2).padStart(64, '0')}` }]),
      ),
    ),
  );
};
const USDX_TRUTH = [USDX.hot * USDX.unit, USDX.cold * USDX.unit];

describe('two groups', () => {
  it('that are equal give A2 at one block hash, with requests counted', async () => {
    const adapters = groups(2);
    const before = proxies.map((proxy) => proxy.requests());
    const snapshot = await look(adapters);
    expect(amounts(snapshot)).toEqual(await truth());
    expect(amounts(snapshot)).toEqual([10_000n * ETHER, 10_000n * ETHER, ...USDX_TRUTH]);
    expect(assurances(snapshot)).toEqual(['A2']);
    const final = await anvil.rpc<{ number: string; hash: string }>('eth_getBlockByNumber', ['finalized', false]);
    expect(snapshot.sources).toMatchObject([
      { groups: ['alpha', 'beta'], assurance: 'A2', asked: 4, read: 4, failed: 0, skewSeconds: 0 },
    ]);
    expect(snapshot.sources[0]?.block).toMatchObject({ hash: final.hash, height: BigInt(final.number) });
    const made = proxies.reduce((sum, proxy, index) => sum + proxy.requests() - (before[index] as number), 0);
    expect(snapshot.sources[0]?.requests).toBe(made);
    expect(snapshot.supplies).toMatchObject([
      { asset: token.id, outcome: { kind: 'read', amount: (USDX.hot + USDX.cold + 1n) * USDX.unit } },
    ]);
    expect(snapshot.providerFaults).toEqual([]);
  });

  const LIES: readonly (readonly [string, Fault, readonly string[]])[] = [
    ['zero', zeroResults, ['disagree', 'bad_response']],
    ['another amount', oneMore, ['disagree']],
    ['a stale head', staleHead, ['lagging']],
    ['an ignored pin', ignoredPin, ['pin_ignored']],
    ['another chain', resultOf('eth_chainId', '0x1'), ['wrong_chain']],
    ['a web page', html, ['bad_content']],
    ['HTTP 429', status(429), ['rate_limited']],
    ['null', nullResults, ['bad_response']],
    ['silence', { kind: 'hang' }, ['timeout']],
    ['another block hash', otherHash, ['block_unknown', 'disagree']],
  ];

  it.each(LIES)('of which one answers with %s from the start: every cell is unread', async (_what, fault, codes) => {
    proxies[1]?.setFault(fault);
    const snapshot = await look(groups(2));
    for (const code of amounts(snapshot)) expect(codes).toContain(code);
    expect(snapshot.sources[0]).toMatchObject({ read: 0, failed: 4, assurance: 'A0' });
    for (const { outcome } of snapshot.supplies) {
      // A fault made for balances leaves the supply as it is.
      if (fault !== oneMore) expect(outcome.kind).toBe('unread');
    }
    const named = [
      ...snapshot.providerFaults.map(({ provider }) => provider),
      ...snapshot.cells.flatMap(({ outcome }) => (outcome.kind === 'unread' ? [outcome.failure.provider] : [])),
    ].join(' ');
    expect(named).toContain('beta-1');
  });

  const LATER: readonly (readonly [string, Fault, readonly string[]])[] = [
    ['zero', zeroResults, ['disagree', 'bad_response', 'metadata_changed']],
    ['another amount', oneMore, ['disagree']],
    ['a web page', html, ['bad_content']],
    ['HTTP 429', status(429), ['rate_limited']],
    ['null', nullResults, ['bad_response', 'block_unknown']],
    ['silence', { kind: 'hang' }, ['timeout']],
    ['another block hash', otherHash, ['disagree']],
  ];

  it.each(LATER)('of which one turns to %s after its probes: every cell is unread', async (_what, fault, codes) => {
    const tools = toolsWith();
    const adapters = groups(2);
    expect(assurances(await look(adapters, tools))).toEqual(['A2']);
    proxies[1]?.setFault(fault);
    await exchange.mine(1);
    const snapshot = await look(adapters, tools);
    for (const code of amounts(snapshot)) expect(codes).toContain(code);
    proxies[1]?.setFault(null);
    expect(assurances(await look(adapters, tools))).toEqual(['A2']);
  });

  it('of which one answers at its newest block after its probes: what moved since is unread, both are named', async () => {
    const tools = toolsWith();
    const adapters = groups(2);
    await look(adapters, tools);
    proxies[1]?.setFault(ignoredPin);
    await exchange.pay(5n);
    await exchange.pay(-5n);
    // Final now: the state before the last payment of ether for gas.
    await anvil.rpc('anvil_setBalance', [exchange.hot, '0x1']);
    const snapshot = await look(adapters, tools);
    proxies[1]?.setFault(null);
    expect(amounts(snapshot)[0]).toBe('disagree');
    expect(snapshot.cells[0]?.outcome).toMatchObject({ failure: { provider: 'alpha-1,beta-1' } });
    await anvil.rpc('anvil_setBalance', [exchange.hot, `0x${(10_000n * ETHER).toString(16)}`]);
    await exchange.mine(3);
  });

  it('names both where they disagree, and counts it as a fault of the data', async () => {
    proxies[0]?.setFault(oneMore);
    const snapshot = await look(groups(2));
    expect(snapshot.cells[0]?.outcome).toMatchObject({
      kind: 'unread',
      failure: { code: 'disagree', provider: 'alpha-1,beta-1' },
    });
  });

  it('read at the block that both have, where one stands still', async () => {
    const tools = toolsWith();
    const adapters = groups(2);
    proxies[1]?.setFault(frozen(['eth_getBlockByNumber']));
    const first = await look(adapters, tools);
    await exchange.pay(7n);
    const second = await look(adapters, tools);
    expect(second.sources[0]?.block).toEqual(first.sources[0]?.block);
    expect(amounts(second)).toEqual(amounts(first));
    proxies[1]?.setFault(null);
    const third = await look(adapters, tools);
    expect(amounts(third)).toEqual(await truth());
    expect(amounts(third)).not.toEqual(amounts(first));
    await exchange.pay(-7n);
  });

  it('go by id: a shuffled batch changes nothing, exchanged ids are unread', async () => {
    proxies[1]?.setFault(batchFaults.reversed);
    expect(assurances(await look(groups(2)))).toEqual(['A2']);
    // Without state override the balances themselves come in a batch.
    const noOverride: Fault = {
      kind: 'answer',
      change: ({ method, params }, answer) =>
        method === 'eth_call' && (params as unknown[]).length > 2
          ? { jsonrpc: '2.0', id: answer.id, error: { code: -32602, message: 'too many arguments' } }
          : answer,
    };
    proxies[1]?.setFault(noOverride);
    const outer = await startFaultProxy(proxies[1]?.url as string);
    outer.setFault(batchFaults.swappedIds, { methods: ['eth_getBalance'] });
    await anvil.rpc('anvil_setBalance', [exchange.cold, `0x${(77n * ETHER).toString(16)}`]);
    await exchange.mine(3);
    const adapters = [groups(1)[0] as ChainAdapter, connect(evm, network, outer.url, 'beta-1', 'beta')];
    const snapshot = await look(adapters);
    await outer.close();
    expect(amounts(snapshot)).toEqual(['disagree', 'disagree', ...USDX_TRUTH]);
    await anvil.rpc('anvil_setBalance', [exchange.cold, `0x${(10_000n * ETHER).toString(16)}`]);
    await exchange.mine(3);
  });
});

describe('three groups', () => {
  it('outvote a liar: A2 with the right amounts, the dissenter named and not counted as agreeing', async () => {
    proxies[2]?.setFault(oneMore);
    const snapshot = await look(groups(3));
    expect(amounts(snapshot)).toEqual(await truth());
    expect(assurances(snapshot)).toEqual(['A2']);
    expect(snapshot.providerFaults).toMatchObject([{ code: 'disagree', provider: 'gamma-1', group: 'gamma' }]);
    expect(snapshot.sources[0]?.groups).toEqual(['alpha', 'beta']);
  });

  it('outvote another block hash, and one that is down', async () => {
    const tools = toolsWith();
    const adapters = groups(3);
    await look(adapters, tools);
    proxies[0]?.setFault(otherHash);
    await exchange.mine(1);
    const lied = await look(adapters, tools);
    expect([assurances(lied), lied.sources[0]?.groups]).toEqual([['A2'], ['beta', 'gamma']]);
    expect(lied.providerFaults).toMatchObject([{ code: 'disagree', provider: 'alpha-1' }]);
    proxies[0]?.setFault({ kind: 'reset' });
    const down = await look(adapters, tools);
    expect([assurances(down), down.sources[0]?.groups]).toEqual([['A2'], ['beta', 'gamma']]);
    expect(down.providerFaults).toMatchObject([{ code: 'unreachable', provider: 'alpha-1' }]);
  });

  it('of which two are down are no majority', async () => {
    proxies[0]?.setFault(html);
    proxies[1]?.setFault(status(429));
    const snapshot = await look(groups(3));
    expect(new Set(amounts(snapshot))).toEqual(new Set(['bad_content']));
    expect(snapshot.providerFaults.map(({ provider, code }) => [provider, code])).toEqual([
      ['alpha-1', 'bad_content'],
      ['beta-1', 'rate_limited'],
    ]);
  });
});

describe('one group', () => {
  it('gives A1 at most, and two of its endpoints are still one group', async () => {
    const [a, b] = proxies as [FaultProxy, FaultProxy];
    const pair = [connect(evm, network, a.url, 'alpha-1', 'alpha'), connect(evm, network, b.url, 'alpha-2', 'alpha')];
    expect(assurances(await look(pair))).toEqual(['A1']);
  });

  it('falls over to its next endpoint, and says which one failed', async () => {
    const [a, b, c] = proxies as [FaultProxy, FaultProxy, FaultProxy];
    const adapters = [
      connect(evm, network, a.url, 'alpha-1', 'alpha'),
      connect(evm, network, b.url, 'alpha-2', 'alpha'),
      connect(evm, network, c.url, 'beta-1', 'beta'),
    ];
    a.setFault(html);
    const snapshot = await look(adapters);
    expect(assurances(snapshot)).toEqual(['A2']);
    expect(amounts(snapshot)).toEqual(await truth());
    expect(snapshot.providerFaults).toMatchObject([{ code: 'bad_content', provider: 'alpha-1', group: 'alpha' }]);
  });

  it('that is switched to another chain between looks is never read from', async () => {
    const other = await startAnvil({ chainId: anvil.chainId });
    const elsewhere = await openTestExchange(other);
    await elsewhere.mine(200);
    let target = anvil.url;
    const { createServer } = await import('node:http');
    const balancer = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(target, { method: 'POST', headers, body: Buffer.concat(chunks) });
      response.writeHead(answer.status, headers).end(await answer.text());
    });
    await new Promise<void>((resolve) => balancer.listen(0, '127.0.0.1', resolve));
    const { port } = balancer.address() as { port: number };
    try {
      const tools = toolsWith();
      const adapters = [connect(evm, network, `http://127.0.0.1:${port}`, 'alpha-1', 'alpha')];
      const here = await look(adapters, tools);
      expect(amounts(here)).toEqual(await truth());
      target = other.url;
      const there = await look(adapters, tools);
      expect(new Set(amounts(there))).toEqual(new Set(['wrong_chain']));
      expect(there.providerFaults).toMatchObject([{ provider: 'alpha-1', code: 'wrong_chain' }]);
      target = anvil.url;
      expect(amounts(await look(adapters, tools))).toEqual(await truth());
    } finally {
      balancer.closeAllConnections();
      balancer.close();
      await other.stop();
    }
  });
});

describe('what a token says of itself', () => {
  it('is pinned at first contact; another code or other decimals withhold its cells and supply, and only those', async () => {
    const pins = new Map<string, string>();
    const tools = (): SnapshotTools =>
      toolsWith({ pins: { get: (id) => pins.get(id) ?? null, pin: (id, text) => void pins.set(id, text) } });
    await look(groups(2), tools());
    expect(pins.get(token.id)).toMatch(/^decimals=6 code=[0-9a-f]{64}$/);
    const code = await anvil.rpc<string>('eth_getCode', [exchange.token, 'latest']);
    await anvil.rpc('anvil_setCode', [exchange.token, `${code}00`]);
    await exchange.mine(3);
    const changed = await look(groups(2), tools());
    expect(amounts(changed)).toEqual([...(await truth()).slice(0, 2), 'metadata_changed', 'metadata_changed']);
    expect(changed.supplies).toMatchObject([{ outcome: { failure: { code: 'metadata_changed' } } }]);
    await anvil.rpc('anvil_setCode', [exchange.token, code]);
    await exchange.mine(3);
    expect(amounts(await look(groups(2), tools()))).toEqual(await truth());
    const mistaken = { ...token, decimals: 8 };
    const plan = { ...planOf(groups(2)), queries: [{ address: exchange.hot as Address, asset: mistaken }] };
    const wrong = await takeSnapshot([{ ...plan, supplies: [] }], toolsWith());
    expect(wrong.cells[0]?.outcome).toMatchObject({ failure: { code: 'metadata_changed' } });
  });
});

describe('floors', () => {
  it('keep a look from going back behind what was read, and a failed look does not raise them', async () => {
    const floors: SnapshotTools['floors'] = new Map();
    const adapters = groups(2);
    const first = await look(adapters, toolsWith({ floors }));
    expect(floors.get(network.chainId)?.height).toBe(first.sources[0]?.block?.height);
    const behind: Fault = {
      kind: 'ask',
      change: ({ method, params }) =>
        method === 'eth_getBlockByNumber' && (params as string[])[0] === 'finalized'
          ? { method, params: ['0x1', false] }
          : { method, params },
    };
    proxies[0]?.setFault(behind);
    const back = await look(adapters, toolsWith({ floors }));
    expect(new Set(amounts(back))).toEqual(new Set(['lagging']));
    expect(floors.get(network.chainId)?.height).toBe(first.sources[0]?.block?.height);
    proxies[0]?.setFault(null);
    expect(assurances(await look(adapters, toolsWith({ floors })))).toEqual(['A2']);
  });

  it('are not raised by a height that one endpoint made up', async () => {
    const floors: SnapshotTools['floors'] = new Map();
    const tools = toolsWith({ floors });
    const adapters = groups(1);
    await look(adapters, tools);
    proxies[0]?.setFault(
      mapResult((method, params, result) =>
        method === 'eth_getBlockByNumber' && (params as string[])[0] === 'finalized'
          ? { ...(result as object), number: '0xffffffff', hash: `0x${'ab'.repeat(32)}` }
          : result,
      ),
    );
    const lied = await look(adapters, tools);
    expect(amounts(lied).every((one) => typeof one === 'string')).toBe(true);
    proxies[0]?.setFault(null);
    expect(amounts(await look(adapters, tools))).toEqual(await truth());
  });
});

describe('an abort', () => {
  it('in the middle ends the look soon: every cell has an outcome, none a number that was not read', async () => {
    const stop = new AbortController();
    const adapters = groups(2);
    const admissions: Admissions = createAdmissions(systemClock);
    await look(adapters, toolsWith({ admissions }));
    proxies[1]?.setFault({ kind: 'hang' }, { methods: ['eth_call'] });
    const running = look(adapters, toolsWith({ admissions, signal: stop.signal }));
    setTimeout(() => stop.abort(new Error('stopped')), 100);
    const snapshot = await running;
    expect(snapshot.cells).toHaveLength(queries.length);
    expect(new Set(amounts(snapshot))).toEqual(new Set(['aborted']));
  });
});

const litecoin = findLitecoind() !== null;
if (!litecoin) console.log('skipped: the moment over three chains, because litecoind is not on PATH');

describe.skipIf(!litecoin)('three chains', () => {
  let ltc: Litecoind;
  let sol: LitesvmNode;
  const SOL_ADDRESS = '7Np41oeYqPefeNQEHSv1UDhYrehxin3NStELsSKCT4K2' as Address;

  beforeAll(async () => {
    [ltc, sol] = await Promise.all([startLitecoind(), startLitesvm()]);
    sol.setLamports(SOL_ADDRESS, 2n ** 53n + 1n);
    sol.advanceSlots(60);
  });
  afterAll(async () => {
    await ltc?.stop();
    await sol?.stop();
  });

  it('are read at the oldest final time where their state reaches; the others state their skew', async () => {
    const solNetwork = solanaTestNetwork(sol.genesisHash);
    const hash = await ltc.rpc<string>('getblockhash', [0]);
    const ltcNetwork = {
      ...utxoNetwork('litecoin-regtest', 2),
      genesisHash: hash,
      chainId: `bip122:${hash.slice(0, 32)}` as ChainId,
    };
    const native = { ...ltcNetwork.native, chain: ltcNetwork.chainId, id: `${ltcNetwork.chainId}/slip44:2` as AssetId };
    const script = '0014751e76e8199196d454941c45d1b3a323f1433bd6'; // BIP-173's example key hash
    const params = paramsSchema.parse(ltcNetwork.params);
    const address = encodeAddress({ kind: 'p2wpkh', hash: hex.decode(script.slice(4)) }, params);
    await ltc.fundScript(script, '12.5');
    await ltc.mine(3);
    // Slots after Litecoin's final block: on a slow machine the earlier ones are older than it, and it would be read before.
    sol.advanceSlots(60);
    // Ethereum runs ahead of the others: it is read at the moment, not at its newest final block.
    await anvil.rpc('anvil_mine', ['0x6', '0x1e']);
    const plans: ChainPlan[] = [
      { ...planOf(groups(2)), supplies: [] },
      {
        network: { ...ltcNetwork, native },
        adapters: [connect(bitcoin, { ...ltcNetwork, native }, ltc.url, 'litecoind', 'ltc')],
        queries: [{ address, asset: native }],
        supplies: [],
      },
      {
        network: solNetwork,
        adapters: [connect(solana, solNetwork, sol.url, 'litesvm', 'sol')],
        queries: [{ address: SOL_ADDRESS, asset: solNetwork.native }],
        supplies: [],
      },
    ];
    const done: string[] = [];
    const snapshot = await takeSnapshot(plans, toolsWith({ onProgress: (n, of) => done.push(`${n}/${of}`) }));
    const [ethereum, litecoinRead] = snapshot.sources;
    expect(snapshot.sources.map(({ failed }) => failed)).toEqual([0, 0, 0]);
    expect(litecoinRead?.skewSeconds).toBe(0);
    expect(snapshot.momentMs).toBe(Math.min(...snapshot.sources.slice(1).map(({ block }) => block?.timeMs as number)));
    const after = await anvil.rpc<{ timestamp: string }>('eth_getBlockByNumber', [
      `0x${((ethereum?.block?.height as bigint) + 1n).toString(16)}`,
      false,
    ]);
    expect(ethereum?.block?.timeMs).toBeLessThanOrEqual(snapshot.momentMs as number);
    expect(Number.parseInt(after.timestamp, 16) * 1000).toBeGreaterThan(snapshot.momentMs as number);
    for (const { block, skewSeconds } of snapshot.sources) {
      expect(skewSeconds).toBe(Math.round(((block?.timeMs as number) - (snapshot.momentMs as number)) / 1000));
    }
    expect(amounts(snapshot).slice(4)).toEqual([1_250_000_000n, 2n ** 53n + 1n]);
    expect(done).toEqual(['1/3', '2/3', '3/3']);
  });
});
