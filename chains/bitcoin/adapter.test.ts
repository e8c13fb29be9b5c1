import { hex } from '@scure/base';
import { LosslessNumber } from 'lossless-json';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findLitecoind, type Litecoind, type Purse, startLitecoind } from '../../demo/nodes/litecoind.ts';
import * as sign from '../../demo/sign-utxo.ts';
import type { Address } from '../../src/domain/ids.ts';
import type { Network } from '../../src/domain/network.ts';
import type { BlockRef } from '../../src/domain/snapshot.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createHttpClient } from '../../src/lib/http.ts';
import { stringifyJson } from '../../src/lib/json.ts';
import type { ChainAdapter, Clock } from '../../src/seams.ts';
import { type FaultProxy, startFaultProxy } from '../../test/fakes/fault-proxy.ts';
import {
  type Answer,
  batchFaults,
  emptyBody,
  errorAnswers,
  html,
  mapResult,
  resultOf,
  status,
} from '../../test/fakes/faults.ts';
import { utxoNetwork } from '../../test/fakes/utxo-networks.ts';
import { type Destination, encodeAddress, scriptPubKey } from './address.ts';
import { family } from './index.ts';
import { bitcoinParams } from './params.ts';

const installed = findLitecoind() !== null;
if (!installed) console.log('SKIPPED: no litecoind on PATH (apt-get install -y --no-install-recommends litecoind)');

const K = 6;
const signal = new AbortController().signal;
const http = createHttpClient();
const network = utxoNetwork('litecoin-regtest', K);
const [first, second, third] = ['one', 'two', 'three'].map(sign.keyFromLabel) as [Uint8Array, Uint8Array, Uint8Array];
const multisig = sign.multisigScript(
  2,
  [first, second, third].map((key) => sign.publicKey(key)),
);

const purse = (destination: Destination, lock: Purse['lock']): Purse => ({ script: scriptPubKey(destination), lock });
const destinations = {
  p2pkh: sign.p2pkh(sign.publicKey(first)),
  p2wpkh: sign.p2wpkh(sign.publicKey(second)),
  p2wsh: sign.p2wsh(multisig),
  empty: sign.p2pkh(sign.publicKey(sign.keyFromLabel('never paid'))),
};
const purses = {
  p2pkh: purse(destinations.p2pkh, { kind: 'p2pkh', privateKey: first }),
  p2wpkh: purse(destinations.p2wpkh, { kind: 'p2wpkh', privateKey: second }),
  p2wsh: purse(destinations.p2wsh, { kind: 'p2wsh', script: multisig, privateKeys: [first, third] }),
};

const queriesFor = (list: readonly Destination[]) => {
  const params = bitcoinParams(network);
  if (!params.ok) throw new Error(params.error);
  return list.map((one) => ({ address: encodeAddress(one, params.value) as Address, asset: network.native }));
};
const queries = queriesFor(Object.values(destinations));

describe.skipIf(!installed)('over a real litecoind', () => {
  let node: Litecoind;
  let proxy: FaultProxy;
  /** Balances of the four destinations after each block, asked of the node's own UTXO set as it grew. */
  const truth = new Map<number, readonly bigint[]>();

  beforeAll(async () => {
    node = await startLitecoind();
    proxy = await startFaultProxy(node.url);
    await fund('p2pkh', '12.5');
    await fund('p2wpkh', '40.00000001');
    await fund('p2wsh', '100.12345678');
    await mine(1);
  });
  afterAll(async () => {
    await proxy?.close();
    await node?.stop();
    await http.close();
  });

  const fund = (name: keyof typeof purses, amount: string) => node.fundScript(hex.encode(purses[name].script), amount);
  const height = async (): Promise<number> => node.rpc<number>('getblockcount');
  const record = async (): Promise<void> => {
    const sums: bigint[] = [];
    for (const destination of Object.values(destinations)) {
      const coins = await node.coinsOf(scriptPubKey(destination));
      sums.push(coins.reduce((sum, { amount }) => sum + amount, 0n));
    }
    truth.set(await height(), sums);
  };
  async function mine(blocks: number): Promise<void> {
    for (let count = 0; count < blocks; count += 1) {
      await node.mine(1);
      await record();
    }
  }
  /** A block without transactions of the pool. */
  async function mineEmpty(): Promise<void> {
    await node.rpc('generateblock', ['raw(51)', []]);
    await record();
  }
  const connect = (
    over: Partial<{ network: Network; clock: Clock; timeoutMs: number; url: string }> = {},
  ): ChainAdapter => {
    const url = new URL(node.url);
    const viaProxy = proxy.url.replace('http://', `http://${url.username}:${url.password}@`);
    const adapter = family.connect({
      ...{ network, name: 'local', group: 'local', url: viaProxy, headers: {}, http, clock: systemClock },
      ...{ timeoutMs: 5_000, maxBytes: 1_000_000, ...over },
    });
    if (!adapter.ok) throw new Error(adapter.error);
    return adapter.value;
  };
  const walks = (): number => proxy.requestsByMethod().get('scantxoutset') ?? 0;
  const finalOf = async (adapter: ChainAdapter): Promise<BlockRef> => {
    const final = await adapter.finalTip(signal);
    if (!final.ok) throw new Error(final.error.message);
    return final.value;
  };
  const read = async (adapter: ChainAdapter, at: BlockRef) =>
    (await adapter.readBalances(queries, at, signal)).map((result) =>
      result.ok ? result.value.amount : result.error.code,
    );

  it('admits the node and says what it is', async () => {
    const admission = await connect().admit(signal);
    expect(admission).toMatchObject({
      ...{ ok: true },
      value: {
        client: expect.stringContaining('LitecoinCore'),
        reader: 'utxo-walk',
        headHeight: BigInt(await height()),
      },
    });
  });

  it('walks once, then follows blocks; every balance is that of the final block', async () => {
    const adapter = connect();
    const before = walks();
    await mine(K);
    await expectFinal(adapter);
    await node.pay(purses.p2wsh, [{ script: purses.p2pkh.script, amount: 5_000_000_001n }]);
    await node.pay(purses.p2pkh, [{ script: purses.p2wpkh.script, amount: 700_000_000n }]);
    for (let block = 0; block < K + 2; block += 1) {
      await mine(1);
      await expectFinal(adapter);
    }
    await fund('p2wpkh', '3');
    await mine(3);
    await expectFinal(adapter);
    expect(walks() - before).toBe(1);
    expect(truth.get((await height()) - K + 1)?.[0]).not.toBe(truth.get((await height()) - 2 * K)?.[0]);
  });

  async function expectFinal(adapter: ChainAdapter): Promise<void> {
    const at = await finalOf(adapter);
    expect(Number(at.height)).toBe((await height()) - K + 1);
    expect(at.finality).toBe('final');
    const results = await adapter.readBalances(queries, at, signal);
    expect(results.map((result) => (result.ok ? result.value.amount : result.error))).toEqual(
      truth.get(Number(at.height)),
    );
    for (const result of results) {
      expect(result).toMatchObject({ value: { heightFrom: at.height, heightTo: at.height, hash: at.hash } });
    }
  }

  it('reads a final block below its first walk from the blocks since, spends included', async () => {
    await fund('p2pkh', '9');
    await mine(1);
    await node.pay(purses.p2pkh, [{ script: purses.p2wsh.script, amount: 1_000_001n }]);
    await mine(1);
    const adapter = connect();
    await expectFinal(adapter);
    const older = await adapter.blockAt((await finalOf(adapter)).height - 5n, signal);
    if (!older.ok) throw new Error(older.error.message);
    expect(await read(adapter, older.value)).toEqual(truth.get(Number(older.value.height)));
  });

  it('says not_final, never a number, where the node cannot tell what the blocks since the walk spent', async () => {
    const adapter = connect();
    proxy.setFault(
      errorAnswers(-5, 'No such mempool transaction. Use -txindex', ({ method }) => method === 'getrawtransaction'),
    );
    await node.pay(purses.p2wpkh, [{ script: purses.p2wsh.script, amount: 1_000_001n }]);
    await mine(1);
    expect(await read(adapter, await finalOf(adapter))).toEqual(Array(4).fill('not_final'));
    await mine(K - 1);
    await expectFinal(adapter);
    proxy.setFault(null);
  });

  it('reads spends from the blocks themselves where the node names what they spent (Core 23 and newer)', async () => {
    await node.pay(purses.p2wsh, [{ script: purses.p2pkh.script, amount: 2_000_000n }]);
    await mine(1);
    const names = new Map<string, unknown>();
    for (let block = await height(); block > (await height()) - K; block -= 1) {
      const { tx } = await node.rpc<{ tx: { vin: { txid?: string; vout?: number }[] }[] }>('getblock', [
        ...[await node.rpc('getblockhash', [block]), 2],
      ]);
      for (const { txid, vout } of tx.flatMap(({ vin }) => vin)) {
        if (txid === undefined || vout === undefined) continue;
        const made = await node.rpc<{ vout: { value: number; scriptPubKey: unknown }[] }>('getrawtransaction', [
          txid,
          true,
        ]);
        const { value, scriptPubKey } = made.vout[vout] as { value: number; scriptPubKey: unknown };
        names.set(`${txid}:${vout}`, { value: new LosslessNumber(value.toFixed(8)), scriptPubKey });
      }
    }
    const adapter = connect();
    const before = proxy.requestsByMethod().get('getrawtransaction') ?? 0;
    proxy.setFault({
      kind: 'answer',
      change: (call, answer) => (call.method === 'getblock' ? withPrevouts(answer, names) : answer),
    });
    await expectFinal(adapter);
    proxy.setFault(null);
    expect(names.size).toBeGreaterThan(0);
    expect(proxy.requestsByMethod().get('getrawtransaction') ?? 0).toBe(before);
  });

  it('takes one more walk for new addresses, for them alone', async () => {
    const adapter = connect();
    const before = walks();
    const some = queriesFor([destinations.p2pkh, destinations.p2wsh]);
    const asked: string[] = [];
    proxy.setFault({
      kind: 'ask',
      change: (call) => {
        if (call.method === 'scantxoutset') asked.push(stringifyJson(call.params));
        return call;
      },
    });
    await adapter.readBalances(some, await finalOf(adapter), signal);
    await mine(2);
    await expectFinal(adapter);
    proxy.setFault(null);
    expect(walks() - before).toBe(2);
    expect(asked[1]).toContain(hex.encode(purses.p2wpkh.script));
    expect(asked[1]).not.toContain(hex.encode(purses.p2wsh.script));
  });

  it('follows a reorg back and forth, and knows no orphaned block', async () => {
    const adapter = connect();
    await expectFinal(adapter);
    await fund('p2pkh', '1.5');
    await node.pay(purses.p2wsh, [{ script: purses.p2wpkh.script, amount: 123_456_789n }]);
    await mine(2);
    const tip = await adapter.blockAt(BigInt(await height()), signal);
    if (!tip.ok) throw new Error(tip.error.message);
    expect(tip.value.finality).toBe('not_final');
    expect(await read(adapter, tip.value)).toEqual(truth.get(await height()));
    const orphaned = truth.get(await height());
    const before = walks();

    await node.rpc('invalidateblock', [await node.rpc('getblockhash', [(await height()) - 1])]);
    for (let block = 0; block < 3; block += 1) await mineEmpty();
    expect(await read(adapter, tip.value)).toEqual(Array(4).fill('block_unknown'));
    const other = await adapter.blockAt(BigInt(await height()), signal);
    if (!other.ok) throw new Error(other.error.message);
    expect(await read(adapter, other.value)).toEqual(truth.get(await height()));
    expect(truth.get(await height())).not.toEqual(orphaned);
    await mine(K);
    await expectFinal(adapter);
    expect(walks() - before).toBe(0);
  });

  it('walks again when the block of its only walk is gone', async () => {
    const adapter = connect();
    await mine(1);
    const tip = await adapter.blockAt(BigInt(await height()), signal);
    if (!tip.ok) throw new Error(tip.error.message);
    expect(await read(adapter, tip.value)).toEqual(truth.get(await height()));
    await node.rpc('invalidateblock', [tip.value.hash]);
    await mineEmpty();
    await mineEmpty();
    const before = walks();
    await expectFinal(adapter);
    expect(walks() - before).toBe(1);
  });

  it('takes no walk whose block has left the main chain', async () => {
    await fund('p2wsh', '2');
    const [orphan] = await node.mine(1);
    await node.rpc('invalidateblock', [orphan]);
    await mineEmpty();
    const adapter = connect();
    const at = await finalOf(adapter);
    const walkAtOrphan = mapResult((method, _params, result) =>
      method === 'scantxoutset' ? { ...(result as object), bestblock: orphan } : result,
    );
    proxy.setFault(walkAtOrphan, { methods: ['scantxoutset'] });
    expect(await read(adapter, at)).toEqual(Array(4).fill('block_unknown'));
    proxy.setFault(null);
    expect(await read(adapter, at)).toEqual(truth.get(Number(at.height)));
  });

  it('finds the last final block at or before a time', async () => {
    const adapter = connect();
    const final = await finalOf(adapter);
    const lower = await adapter.blockAt(final.height - 20n, signal);
    if (!lower.ok) throw new Error(lower.error.message);
    const found = await adapter.blockAtTime(lower.value.timeMs, signal);
    if (!found.ok) throw new Error(found.error.message);
    const next = await adapter.blockAt(found.value.height + 1n, signal);
    expect(found.value.timeMs).toBeLessThanOrEqual(lower.value.timeMs);
    expect(next.ok && next.value.timeMs).toBeGreaterThan(lower.value.timeMs);
    expect(await adapter.blockAtTime(final.timeMs + 1, signal)).toEqual({ ok: true, value: final });
    expect(await adapter.blockAtTime(0, signal)).toMatchObject({ ok: false, error: { code: 'state_gone' } });
    expect(await adapter.blockAt(9_999_999n, signal)).toMatchObject({ ok: false, error: { code: 'block_unknown' } });
  });

  it('marks the newest block not_final while none is', async () => {
    const adapter = connect({ network: utxoNetwork('litecoin-regtest', 100_000) });
    expect(await finalOf(adapter)).toMatchObject({ height: 0n, finality: 'not_final' });
  });

  it('reads no tokens, no supply and no foreign address', async () => {
    const adapter = connect();
    const at = await finalOf(adapter);
    const token = { ...network.native, kind: 'token' as const, reference: 'x' };
    const [good] = queries;
    const results = await adapter.readBalances(
      [
        { address: '1BpEi6DfDAUFd7GtittLSdBeYJvcoaVggu' as Address, asset: network.native },
        { ...good!, asset: token },
        good!,
      ],
      ...([at, signal] as const),
    );
    expect(results.map((result) => (result.ok ? 'read' : result.error.code))).toEqual([
      'unsupported',
      'unsupported',
      'read',
    ]);
    expect(await adapter.readSupply(network.native, at, signal)).toMatchObject({ ok: false });
  });

  const scanWith = (change: object) =>
    mapResult((method, _params, result) => (method === 'scantxoutset' ? { ...(result as object), ...change } : result));
  const workQueue = { kind: 'reply', status: 500, body: 'Work queue depth exceeded' } as const;

  it.each([
    ['a web page', html, 'bad_content'],
    ['nothing', emptyBody, 'bad_content'],
    ['HTTP 429', status(429), 'rate_limited'],
    ['a full work queue', workQueue, 'rate_limited'],
    ['HTTP 500', status(500), 'http_error'],
    ['HTTP 401', status(401), 'http_error'],
    ['half an answer', { kind: 'truncated' }, 'bad_content'],
    ['a cut connection', { kind: 'reset' }, 'unreachable'],
    ['silence', { kind: 'hang' }, 'timeout'],
    ['an endless answer', { kind: 'endless' }, 'too_large'],
    ['null', resultOf('scantxoutset', null), 'bad_response'],
    ['zero', resultOf('scantxoutset', 0), 'bad_response'],
    ['success: false', scanWith({ success: false }), 'bad_response'],
    ['coins left out', scanWith({ unspents: [] }), 'bad_response'],
    ['another total', scanWith({ total_amount: 0 }), 'bad_response'],
    ['a block that does not exist', scanWith({ bestblock: '11'.repeat(32) }), 'block_unknown'],
    ['another height', scanWith({ height: 3 }), 'bad_response'],
    ['a walk under way', errorAnswers(-8, 'Scan already in progress, use action "abort" or "status"'), 'bad_response'],
    [
      'a foreign id',
      { kind: 'answer', change: (_call: unknown, answer: object) => ({ ...answer, id: 77 }) },
      'bad_response',
    ],
  ] as const)('%s instead of a walk is no balance, and the next read is right', async (_what, fault, code) => {
    const adapter = connect({
      timeoutMs: 400,
      network: utxoNetwork('litecoin-regtest', K, { scanTimeoutMs: 1_000, bulkMaxBytes: 4_000_000 }),
    });
    const at = await finalOf(adapter);
    proxy.setFault(fault as Parameters<FaultProxy['setFault']>[0], { methods: ['scantxoutset'] });
    expect(await read(adapter, at)).toEqual(Array(4).fill(code));
    proxy.setFault(null);
    expect(await read(adapter, at)).toEqual(truth.get(Number(at.height)));
  });

  it.each(Object.entries(batchFaults).filter(([name]) => name !== 'reversed'))(
    'a batch with %s answers moves the view nowhere wrong',
    async (_name, fault) => {
      const adapter = connect();
      await read(adapter, await finalOf(adapter));
      await mine(3);
      const at = await finalOf(adapter);
      proxy.setFault(fault, { methods: ['getblockhash'] });
      for (const result of await read(adapter, at)) expect(['bad_response', 'block_unknown']).toContain(result);
      proxy.setFault(null);
      expect(await read(adapter, at)).toEqual(truth.get(Number(at.height)));
    },
  );

  it.each([
    [
      'another block',
      mapResult((method, _params, result) =>
        method === 'getblock' ? { ...(result as object), hash: '22'.repeat(32) } : result,
      ),
    ],
    [
      'a block without transactions',
      mapResult((method, _params, result) => (method === 'getblock' ? { ...(result as object), tx: [] } : result)),
    ],
    ['a web page', html],
  ] as const)('%s instead of a block is no balance', async (_what, fault) => {
    const adapter = connect();
    await read(adapter, await finalOf(adapter));
    await mine(1);
    const at = await finalOf(adapter);
    proxy.setFault(fault, { methods: ['getblock'] });
    for (const result of await read(adapter, at)) expect(['bad_response', 'bad_content']).toContain(result);
    proxy.setFault(null);
    expect(await read(adapter, at)).toEqual(truth.get(Number(at.height)));
  });

  const later = (ms: number): Clock => ({ ...systemClock, now: () => systemClock.now() + ms });
  const withGenesis = (hash: string): Network => ({ ...network, genesisHash: hash });

  it.each([
    ['another genesis', { network: withGenesis('00'.repeat(32)) }, null, 'wrong_chain'],
    ...([
      [
        'another checkpoint',
        { network: utxoNetwork('litecoin-regtest', K, { checkpoints: [{ height: 1, hash: '33'.repeat(32) }] }) },
        null,
        'wrong_chain',
      ],
    ] as const),
    ['a main chain under a private network', {}, resultOf('getblockchaininfo', { chain: 'main' }), 'wrong_chain'],
    ['an old newest block', { clock: later(86_400_000) }, null, 'lagging'],
    [
      'initial block download',
      {},
      mapResult((method, _params, result) =>
        method === 'getblockchaininfo' ? { ...(result as object), initialblockdownload: true } : result,
      ),
      'lagging',
    ],
    [
      'headers far ahead',
      {},
      mapResult((method, _params, result) =>
        method === 'getblockchaininfo' ? { ...(result as object), headers: 99_999 } : result,
      ),
      'lagging',
    ],
    [
      'an answer for an unknown hash',
      {},
      {
        kind: 'answer',
        change: (call: { method: string }, answer: object) =>
          call.method === 'getblockheader' ? { id: (answer as { id: number }).id, result: {}, error: null } : answer,
      },
      'bad_response',
    ],
    [
      'no walks on offer',
      {},
      errorAnswers(-32601, 'Method not found', ({ method }) => method === 'scantxoutset'),
      'unsupported',
    ],
    ['wrong credentials', {}, status(401), 'http_error'],
    ['a web page', {}, html, 'bad_content'],
    ['a missing answer', {}, batchFaults.missing, 'bad_response'],
  ] as const)('does not admit %s', async (_what, over, fault, code) => {
    proxy.setFault(fault as Parameters<FaultProxy['setFault']>[0]);
    const admission = await connect(over).admit(signal);
    proxy.setFault(null);
    expect(admission).toMatchObject({ ok: false, error: { code, provider: 'local' } });
  });

  it('keeps the password out of every message', async () => {
    const password = new URL(node.url).password;
    proxy.setFault({ kind: 'reset' });
    const failed = await connect().admit(signal);
    proxy.setFault(null);
    const refused = await connect().admit(AbortSignal.abort());
    expect(failed.ok || refused.ok).toBe(false);
    expect(stringifyJson([failed, refused])).not.toContain(password);
  });
});

/** A `getblock` answer as newer nodes give it: each input with the output that it spends. */
function withPrevouts(answer: Answer, names: ReadonlyMap<string, unknown>): Answer {
  const block = answer.result as { tx: { vin: { txid?: string; vout?: unknown }[] }[] };
  const named = (input: { txid?: string; vout?: unknown }) => ({
    ...input,
    prevout: names.get(`${input.txid}:${input.vout}`),
  });
  const tx = block.tx.map((one) => ({
    ...one,
    vin: one.vin.map((input) => (input.txid === undefined ? input : named(input))),
  }));
  return { ...answer, result: { ...block, tx } };
}

describe('connect', () => {
  const options = { name: 'x', group: 'x', headers: {}, http, clock: systemClock, timeoutMs: 1, maxBytes: 1 };
  it('checks params, finality and URL before anything is sent', () => {
    const finalized: Network = { ...network, finality: { kind: 'finalized' } };
    expect(family.connect({ ...options, network: finalized, url: 'http://x' })).toMatchObject({ ok: false });
    expect(
      family.connect({ ...options, network: utxoNetwork('bitcoin', 6, { p2sh: [] }), url: 'http://x' }),
    ).toMatchObject({ ok: false });
    expect(family.connect({ ...options, network, url: 'ftp://x' })).toMatchObject({ ok: false });
    expect(family.connect({ ...options, network, url: 'http://x' })).toMatchObject({ ok: true });
  });
});
