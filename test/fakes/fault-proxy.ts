import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { parse, stringify } from 'lossless-json';
import type { Answer, Call, Fault } from './faults.ts';

/** A real HTTP proxy in front of a real JSON-RPC node: counts what passes and breaks what it is told to break. */
export interface FaultProxy {
  readonly url: string;
  /** HTTP requests received so far. */
  requests(): number;
  /** JSON-RPC calls received so far by method; each item of a batch counts. */
  requestsByMethod(): Map<string, number>;
  /** Sets the fault, or heals the line with null. `times`: only for so many requests; `methods`: only for requests that call one. */
  setFault(fault: Fault | null, options?: { readonly times?: number; readonly methods?: readonly string[] }): void;
  close(): Promise<void>;
}

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface ActiveFault {
  readonly fault: Fault;
  readonly methods: readonly string[] | null;
  left: number;
}

/** Starts a proxy on a free port of 127.0.0.1 in front of the node; path and headers (so credentials too) pass through. */
export async function startFaultProxy(targetUrl: string): Promise<FaultProxy> {
  let requests = 0;
  const byMethod = new Map<string, number>();
  let active: ActiveFault | null = null;
  const closing = new AbortController();

  const server = createServer(async (incoming, outgoing) => {
    outgoing.on('error', () => {});
    try {
      const body = await readAll(incoming);
      requests += 1;
      const calls = callsOf(body);
      for (const { method } of calls) byMethod.set(method, (byMethod.get(method) ?? 0) + 1);
      const fault = pick(calls);
      await serve(fault, targetUrl, incoming, body, calls, outgoing, closing.signal);
    } catch {
      outgoing.destroy();
    }
  });

  function pick(calls: readonly Call[]): Fault | null {
    const current = active;
    if (!current || current.left <= 0) return null;
    if (current.methods && !calls.some(({ method }) => current.methods?.includes(method))) return null;
    current.left -= 1;
    return current.fault;
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    requestsByMethod: () => new Map(byMethod),
    setFault(fault, options = {}) {
      active = fault && { fault, methods: options.methods ?? null, left: options.times ?? Number.POSITIVE_INFINITY };
    },
    close() {
      closing.abort();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function serve(
  fault: Fault | null,
  targetUrl: string,
  incoming: IncomingMessage,
  body: Buffer,
  calls: readonly Call[],
  outgoing: ServerResponse,
  closing: AbortSignal,
): Promise<void> {
  const passOn = (sent: Buffer): Promise<Reply> => forward(targetUrl, incoming, sent);
  switch (fault?.kind) {
    case 'hang':
      return;
    case 'reset':
      incoming.socket.resetAndDestroy();
      return;
    case 'reply':
      outgoing.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers }).end(fault.body);
      return;
    case 'drip':
      return pour(outgoing, ' ', fault.everyMs, closing);
    case 'endless':
      return pour(outgoing, ' '.repeat(65_536), 0, closing);
    case 'latency':
      await wait(fault.ms, closing);
      return send(outgoing, await passOn(body));
    case 'truncated': {
      const reply = await passOn(body);
      return send(outgoing, { ...reply, body: reply.body.subarray(0, reply.body.length >> 1) });
    }
    case 'ask':
      return send(outgoing, await passOn(rewriteAsk(body, fault.change)));
    case 'answer':
      return send(
        outgoing,
        rewriteReply(await passOn(body), (reply) => eachAnswer(reply, body, fault.change)),
      );
    case 'body':
      return send(
        outgoing,
        rewriteReply(await passOn(body), (reply) => fault.change(reply, calls)),
      );
    default:
      return send(outgoing, await passOn(body));
  }
}

async function readAll(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function callsOf(body: Buffer): (Call & { id?: unknown })[] {
  try {
    const asked = parse(body.toString('utf8')) as (Call & { id?: unknown })[] | (Call & { id?: unknown });
    return Array.isArray(asked) ? asked : [asked];
  } catch {
    return [];
  }
}

function rewriteAsk(body: Buffer, change: (call: Call) => Call): Buffer {
  const asked = parse(body.toString('utf8')) as Call | Call[];
  const one = (call: Call): Call => ({ ...call, ...change(call) });
  return Buffer.from(stringify(Array.isArray(asked) ? asked.map(one) : one(asked)) as string);
}

const rewriteReply = (reply: Reply, change: (body: unknown) => unknown): Reply => ({
  ...reply,
  body: Buffer.from(stringify(change(parse(reply.body.toString('utf8')))) ?? ''),
});

function eachAnswer(
  reply: unknown,
  asked: Buffer,
  change: (call: Call, answer: Answer) => Answer | undefined,
): unknown {
  const calls = new Map(callsOf(asked).map((call) => [String(call.id), call]));
  const one = (answer: Answer) => change(calls.get(String(answer.id)) ?? { method: '', params: [] }, answer);
  return Array.isArray(reply) ? reply.map(one).filter((answer) => answer !== undefined) : one(reply as Answer);
}

function forward(targetUrl: string, incoming: IncomingMessage, body: Buffer): Promise<Reply> {
  const target = new URL(targetUrl);
  const path = incoming.url && incoming.url !== '/' ? incoming.url : `${target.pathname}${target.search}`;
  const { host: _host, 'content-length': _length, 'transfer-encoding': _encoding, ...headers } = incoming.headers;
  const auth = target.username === '' ? {} : { auth: `${target.username}:${target.password}` };
  return new Promise((resolve, reject) => {
    const options = {
      host: target.hostname,
      port: target.port,
      path,
      method: incoming.method,
      headers: { ...headers, 'content-length': body.length },
    };
    request({ ...options, ...auth }, async (response) => {
      try {
        const received = await readAll(response);
        resolve({ status: response.statusCode ?? 502, headers: response.headers, body: received });
      } catch (error) {
        reject(error);
      }
    })
      .on('error', reject)
      .end(body);
  });
}

function send(outgoing: ServerResponse, reply: Reply): void {
  const {
    'content-length': _length,
    'transfer-encoding': _encoding,
    connection: _connection,
    ...headers
  } = reply.headers;
  outgoing.writeHead(reply.status, { ...headers, 'content-length': reply.body.length }).end(reply.body);
}

async function pour(outgoing: ServerResponse, piece: string, everyMs: number, closing: AbortSignal): Promise<void> {
  outgoing.writeHead(200, { 'content-type': 'application/json' });
  while (!closing.aborted && !outgoing.destroyed) {
    if (!outgoing.write(piece)) {
      await new Promise<void>((resolve) => {
        const go = (): void => {
          outgoing.off('drain', go).off('close', go);
          resolve();
        };
        outgoing.once('drain', go).once('close', go);
      });
    }
    await wait(everyMs, closing);
  }
}

/** Waits, or ends early when the proxy closes. */
const wait = (ms: number, closing: AbortSignal): Promise<void> =>
  delay(ms, undefined, { signal: closing }).catch(() => undefined);
