import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parse, stringify } from 'lossless-json';
import { LitesvmBank } from './litesvm-bank.ts';
import { METHODS, RpcError } from './litesvm-methods.ts';

/** Agave's own limit on a request. */
const MAX_REQUEST_BYTES = 50 * 1024;

/** A running node. All amounts are lamports. */
export interface LitesvmNode {
  readonly url: string;
  readonly genesisHash: string;
  /** The newest slot. */
  slot(): bigint;
  lamports(address: string): bigint;
  /** Throws where the runtime refuses. */
  airdrop(address: string, lamports: bigint): void;
  setLamports(address: string, lamports: bigint): void;
  /** Closes so many slots, each with a block. */
  advanceSlots(count: number): void;
  /** Lets so many slots pass without a block, then closes one with a block. */
  skipSlots(count: number): void;
  stop(): Promise<void>;
}

export interface LitesvmOptions {
  /** 0 (as by default): a free port. */
  readonly port?: number;
  /** Closes a slot every so many ms; absent: only changes and `advanceSlots` do. */
  readonly slotMs?: number;
  /** Wall clock of the block times, ms. */
  readonly now?: () => number;
  /** Seed of the genesis hash: one seed, one chain. */
  readonly genesis?: string;
}

/**
 * Starts a Solana node for demo and tests on 127.0.0.1: a real bank (litesvm executes the very programs of a validator)
 * under OUR JSON-RPC envelope. What it cannot show: forks, votes, real finality, gossip, rate limits. Errors, limits and
 * slot rules follow Agave's, and what is not served is refused, never made up.
 */
export async function startLitesvm(options: LitesvmOptions = {}): Promise<LitesvmNode> {
  const genesis = options.genesis ?? 'reservewatch local solana';
  const bank = new LitesvmBank({ genesis, now: options.now ?? Date.now });
  const server = createServer((request, response) => void serve(bank, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const timer = options.slotMs === undefined ? null : setInterval(() => bank.advanceSlots(1), options.slotMs);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    genesisHash: bank.genesisHash,
    slot: () => bank.head().slot,
    lamports: (address) => bank.account(address)?.lamports ?? 0n,
    airdrop(address, lamports) {
      const outcome = bank.airdrop(address, lamports);
      if (!outcome.ok) throw new Error(`airdrop refused: ${outcome.reason}`);
    },
    setLamports: (address, lamports) => bank.setLamports(address, lamports),
    advanceSlots: (count) => bank.advanceSlots(count),
    skipSlots: (count) => bank.skipSlots(count),
    stop() {
      if (timer !== null) clearInterval(timer);
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function serve(bank: LitesvmBank, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.on('error', () => {});
  const refuse = (status: number): unknown => response.writeHead(status, { connection: 'close' }).end();
  if (request.method !== 'POST') return void refuse(405);
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) return void refuse(415);
  const body = await readBody(request).catch(() => null);
  if (body === null) return void refuse(413);
  const text = stringify(answerBody(bank, body));
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(text);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_REQUEST_BYTES) throw new Error('too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function answerBody(bank: LitesvmBank, body: string): unknown {
  let parsed: unknown;
  try {
    parsed = parse(body);
  } catch {
    return failure(null, new RpcError(-32700, 'Parse error'));
  }
  if (!Array.isArray(parsed)) return answer(bank, parsed);
  return parsed.length === 0 ? answer(bank, null) : parsed.map((call) => answer(bank, call));
}

function answer(bank: LitesvmBank, call: unknown): unknown {
  const { jsonrpc, id, method, params } = (call ?? {}) as Record<string, unknown>;
  if (jsonrpc !== '2.0' || typeof method !== 'string' || id === undefined) {
    return failure(id ?? null, new RpcError(-32600, 'Invalid request'));
  }
  const run = Object.hasOwn(METHODS, method) ? METHODS[method] : undefined;
  try {
    if (run === undefined) throw new RpcError(-32601, 'Method not found');
    if (params !== undefined && !Array.isArray(params))
      throw new RpcError(-32602, 'Invalid params: an array is expected');
    return { jsonrpc: '2.0', result: run(bank, params ?? []), id };
  } catch (error) {
    return failure(id, error instanceof RpcError ? error : new RpcError(-32603, `Internal error: ${String(error)}`));
  }
}

const failure = (id: unknown, { code, message, data }: RpcError): unknown => ({
  jsonrpc: '2.0',
  error: data === undefined ? { code, message } : { code, message, data },
  id,
});
