import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, constants, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { hex } from '@scure/base';
import { scriptPubKey } from '../../chains/bitcoin/address.ts';
import { parseAmount } from '../../src/domain/amount.ts';
import { field, isArray, type Json, numberText, parseJson, smallInteger } from '../../src/lib/json.ts';
import { keyFromLabel, type Payment, p2wpkh, publicKey, type SpendableCoin, signTransaction } from '../sign-utxo.ts';
import { freePort } from './anvil.ts';

/** Fee of every transaction that these helpers send, in satoshis. */
const FEE = 10_000n;
/** A coinbase may be spent when it has 100 blocks on top (consensus). */
const COINBASE_MATURITY = 100;

/** A coin in the UTXO set. */
interface Coin {
  readonly txid: string;
  readonly vout: number;
  /** Satoshis. */
  readonly amount: bigint;
  readonly height: number;
}

/** A wallet of one script: what it pays from and how it signs. */
export interface Purse {
  readonly script: Uint8Array;
  readonly lock: SpendableCoin['lock'];
}

/** A running litecoind in regtest: Bitcoin Core's code and RPC, Litecoin's addresses (m/n, Q, rltc1). */
export interface Litecoind {
  /** With user and password, as a config would write it. */
  readonly url: string;
  readonly pid: number;
  /** One call; throws with the node's message on an error answer. Amounts in it are floats: ask `coinsOf` for money. */
  rpc<T = unknown>(method: string, params?: readonly unknown[]): Promise<T>;
  /** Mines so many blocks (transactions of the pool included) and returns their hashes. */
  mine(blocks: number): Promise<readonly string[]>;
  /** Confirmed coins of a script. */
  coinsOf(script: Uint8Array): Promise<readonly Coin[]>;
  /** Sends exactly this amount of coins ("12.5") from the miner to a script (hex); mined by the next `mine`. */
  fundScript(scriptHex: string, amountText: string): Promise<{ readonly txid: string; readonly vout: number }>;
  /** Sends payments from a purse's confirmed coins, change back to it; mined by the next `mine`. Returns the txid. */
  pay(from: Purse, payments: readonly Payment[]): Promise<string>;
  /** Ends the process and removes its folder; may be called twice. */
  stop(): Promise<void>;
}

/** The litecoind program on PATH, or null. */
export function findLitecoind(): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const program = join(folder, 'litecoind');
    try {
      accessSync(program, constants.X_OK);
      return program;
    } catch {}
  }
  return null;
}

/** Starts litecoind on a free port in a temporary folder with 120 blocks mined (20 coinbases mature, 1,000 LTC); throws saying what to do otherwise. */
export async function startLitecoind(): Promise<Litecoind> {
  const program = findLitecoind();
  if (program === null) throw new Error('no litecoind on PATH: apt-get install -y --no-install-recommends litecoind');
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'reservewatch-litecoind-'));
  const password = randomBytes(12).toString('hex');
  // It makes ~/.litecoin whatever -datadir says: its home is the temporary folder.
  const env = { ...process.env, HOME: folder };
  const child = spawn(program, flags(folder, port, password), { stdio: 'ignore', env });
  const atExit = (): void => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', atExit);
  const stop = async (): Promise<void> => {
    process.removeListener('exit', atExit);
    await ended(child);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  const call = caller(port, password);
  try {
    await untilReady(call, child);
    const node = withMiner(call);
    // A block's time must be above the median of eleven before it: a burst of blocks would run ahead of the clock.
    await node.rpc('setmocktime', [Math.floor(Date.now() / 1000) - 3600]);
    await node.mine(COINBASE_MATURITY + 20);
    await node.rpc('setmocktime', [0]);
    return { ...node, url: `http://user:${password}@127.0.0.1:${port}`, pid: child.pid as number, stop };
  } catch (error) {
    await stop();
    throw new Error(`litecoind did not start: ${(error as Error).message}`);
  }
}

/** Without the version bits of MWEB, mining would end at height 431, where its activation demands a peg-in. */
const flags = (folder: string, port: number, password: string): readonly string[] => [
  ...['-regtest', `-datadir=${folder}`, '-server=1', `-rpcport=${port}`, '-rpcuser=user', `-rpcpassword=${password}`],
  ...['-txindex=1', '-blockfilterindex=1', '-listen=0', '-dnsseed=0', '-fallbackfee=0.0001', '-rpcworkqueue=256'],
  ...['-rpcthreads=4', '-printtoconsole=0', '-vbparams=mweb:-2:0', '-disablewallet=1'],
];

type Call = (method: string, params: readonly unknown[]) => Promise<Json>;

/** One call over HTTP: the result with its numbers still text. */
function caller(port: number, password: string): Call {
  const authorization = `Basic ${Buffer.from(`user:${password}`).toString('base64')}`;
  return async (method, params) => {
    const response = await fetch(`http://127.0.0.1:${port}`, {
      method: 'POST',
      headers: { authorization },
      body: JSON.stringify({ jsonrpc: '1.0', id: 1, method, params }),
    });
    const answer = parseJson(await response.text());
    if (!answer.ok) throw new Error(`${method}: ${answer.error}`);
    const message = field(field(answer.value, 'error'), 'message');
    if (message !== undefined) throw new Error(`${method}: ${String(message)}`);
    return field(answer.value, 'result') as Json;
  };
}

function withMiner(call: Call): Omit<Litecoind, 'url' | 'pid' | 'stop'> {
  const privateKey = keyFromLabel('miner');
  const miner: Purse = { script: scriptPubKey(p2wpkh(publicKey(privateKey))), lock: { kind: 'p2wpkh', privateKey } };
  const spent = new Set<string>();

  const coinsOf = async (script: Uint8Array): Promise<readonly Coin[]> => {
    const found = await call('scantxoutset', ['start', [`raw(${hex.encode(script)})`]]);
    const unspents = field(found, 'unspents');
    return isArray(unspents) ? unspents.map(readCoin) : [];
  };

  const pay = async (from: Purse, payments: readonly Payment[]): Promise<string> => {
    const height = Number(String(await call('getblockcount', [])));
    const needed = payments.reduce((sum, { amount }) => sum + amount, FEE);
    const chosen: Coin[] = [];
    let sum = 0n;
    for (const coin of await coinsOf(from.script)) {
      const isMature = from !== miner || coin.height <= height - COINBASE_MATURITY;
      if (sum >= needed || !isMature || spent.has(`${coin.txid}:${coin.vout}`)) continue;
      chosen.push(coin);
      sum += coin.amount;
    }
    if (sum < needed) throw new Error(`only ${sum} of ${needed} satoshis are confirmed and unspent: mine blocks first`);
    const change = sum > needed ? [{ script: from.script, amount: sum - needed }] : [];
    const signed = signTransaction(
      chosen.map((coin) => ({ ...coin, lock: from.lock })),
      [...payments, ...change],
    );
    const txid = await call('sendrawtransaction', [signed]);
    for (const { txid: id, vout } of chosen) spent.add(`${id}:${vout}`);
    return String(txid);
  };

  return {
    coinsOf,
    pay,
    rpc: async <T>(method: string, params: readonly unknown[] = []) =>
      JSON.parse(JSON.stringify(await call(method, params), (_key, item: unknown) => numberOf(item))) as T,
    mine: async (blocks) =>
      (await call('generatetodescriptor', [blocks, `raw(${hex.encode(miner.script)})`])) as readonly string[],
    async fundScript(scriptHex, amountText) {
      const amount = parseAmount(amountText, 8);
      if (!amount.ok) throw new Error(amount.error);
      return { txid: await pay(miner, [{ script: hex.decode(scriptHex), amount: amount.value }]), vout: 0 };
    },
  };
}

const numberOf = (item: unknown): unknown => {
  const text = numberText(item as Json);
  return text === undefined ? item : Number(text);
};

function readCoin(json: Json): Coin {
  const amount = parseAmount(numberText(field(json, 'amount')) ?? '', 8);
  if (!amount.ok) throw new Error(amount.error);
  return {
    txid: String(field(json, 'txid')),
    vout: smallInteger(field(json, 'vout')) ?? -1,
    amount: amount.value,
    height: smallInteger(field(json, 'height')) ?? -1,
  };
}

async function untilReady(call: Call, child: ChildProcess): Promise<void> {
  let failure = 'no answer within 30 s';
  let spawnError: Error | null = null;
  child.once('error', (error) => {
    spawnError = error;
  });
  for (let attempt = 0; attempt < 600; attempt += 1) {
    if (spawnError !== null || child.exitCode !== null || child.signalCode !== null) break;
    try {
      await call('getblockcount', []);
      return;
    } catch (error) {
      failure = (error as Error).message;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw spawnError ?? new Error(child.exitCode === null ? failure : `it ended with code ${child.exitCode}`);
}

/** Kills the child if it lives and waits for its end; the folder is thrown away, so nothing needs saving. */
function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}
