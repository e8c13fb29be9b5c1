import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One webhook as it arrived. */
export interface ReceivedEvent {
  readonly id: string;
  readonly type: string;
  readonly rule: string;
  readonly severity: string;
  readonly state: string;
  readonly sequence: number;
  readonly test: boolean;
  /** The signature fits one of the secrets and its time is within five minutes. */
  readonly verified: boolean;
  /** False where an event of this alert came out of order: not one more than the last, nor the first of a newer episode. */
  readonly inOrder: boolean;
  readonly atMs: number;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Receiver {
  readonly url: string;
  /** Every event once, in order of arrival: a repetition with a known id is acknowledged and not listed again. */
  received(): readonly ReceivedEvent[];
  onEvent(listener: (event: ReceivedEvent) => void): void;
  close(): Promise<void>;
}

const TOLERANCE_SECONDS = 300;
const MAX_BODY_BYTES = 64 * 1024;

/** A local webhook receiver on a free port: checks signature and order of each event and keeps what it got; 401 for a bad signature. */
export async function startReceiver(options: { readonly secret: string; readonly port?: number }): Promise<Receiver> {
  const key = Buffer.from(options.secret.replace(/^whsec_/, ''), 'base64');
  const events: ReceivedEvent[] = [];
  const seen = new Set<string>();
  const last = new Map<string, { episode: number; sequence: number }>();
  const listeners: ((event: ReceivedEvent) => void)[] = [];
  const server = createServer((request, response) => {
    void accept(request, response).catch(() => response.destroy());
  });

  async function accept(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const id = header(request, 'webhook-id');
    const verified = body !== null && isSigned(request, id, body, key);
    const event = body === null ? null : parseEvent(id, body, verified, last);
    response.statusCode = body === null ? 413 : event === null ? 400 : verified ? 204 : 401;
    if (event && !seen.has(id)) {
      if (verified) seen.add(id);
      events.push(event);
      for (const listener of listeners) listener(event);
    }
    response.end();
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received: () => [...events],
    onEvent: (listener) => void listeners.push(listener),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const header = (request: IncomingMessage, name: string): string => String(request.headers[name] ?? '');

/** Standard Webhooks: one of the space-separated `v1,` signatures is the HMAC-SHA256 of `id.timestamp.body`. */
function isSigned(request: IncomingMessage, id: string, body: string, key: Buffer): boolean {
  const seconds = header(request, 'webhook-timestamp');
  if (!/^\d{1,12}$/.test(seconds) || id === '') return false;
  if (Math.abs(Date.now() / 1000 - Number.parseInt(seconds, 10)) > TOLERANCE_SECONDS) return false;
  const expected = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest();
  return header(request, 'webhook-signature')
    .split(' ')
    .filter((one) => one.startsWith('v1,'))
    .map((one) => Buffer.from(one.slice(3), 'base64'))
    .some((given) => given.length === expected.length && timingSafeEqual(given, expected));
}

function parseEvent(
  id: string,
  body: string,
  verified: boolean,
  last: Map<string, { episode: number; sequence: number }>,
): ReceivedEvent | null {
  try {
    const { type, data } = JSON.parse(body) as { type: string; data: Record<string, unknown> };
    const alert = String(data['fingerprint']);
    const now = { episode: Number(data['episode']), sequence: Number(data['sequence']) };
    const before = last.get(alert);
    const inOrder =
      before && before.episode === now.episode
        ? now.sequence === before.sequence + 1
        : now.sequence === 1 && now.episode > (before?.episode ?? 0);
    if (verified) last.set(alert, now);
    return {
      id,
      type,
      rule: String(data['rule']),
      severity: String(data['severity']),
      state: String(data['state']),
      sequence: now.sequence,
      test: data['test'] === true,
      verified,
      inOrder,
      atMs: Date.now(),
      data,
    };
  } catch {
    return null;
  }
}
