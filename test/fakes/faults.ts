import { isLosslessNumber } from 'lossless-json';

/** One JSON-RPC call as the proxy saw it; numbers are lossless-json's LosslessNumber. */
export interface Call {
  readonly method: string;
  readonly params: unknown;
}

/** One JSON-RPC answer object, mutable on the way back. */
export interface Answer {
  jsonrpc?: unknown;
  id?: unknown;
  result?: unknown;
  error?: unknown;
}

/** What can go wrong between a client and a node that speaks JSON-RPC over HTTP. */
export type Fault =
  /** Answers rightly, but late. */
  | { readonly kind: 'latency'; readonly ms: number }
  /** Accepts the request and never sends headers. */
  | { readonly kind: 'hang' }
  /** Sends headers and then one byte every `everyMs`, without end. */
  | { readonly kind: 'drip'; readonly everyMs: number }
  /** Cuts the connection. */
  | { readonly kind: 'reset' }
  /** Answers with this instead of asking the node. */
  | {
      readonly kind: 'reply';
      readonly status: number;
      readonly body: string | Uint8Array;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Sends spaces as fast as they are taken, without end. */
  | { readonly kind: 'endless' }
  /** The node's answer, cut in half. */
  | { readonly kind: 'truncated' }
  /** Changes what the node is asked. */
  | { readonly kind: 'ask'; readonly change: (call: Call) => Call }
  /** Changes each answer; return undefined to leave it out. */
  | { readonly kind: 'answer'; readonly change: (call: Call, answer: Answer) => Answer | undefined }
  /** Changes the whole body (an array for a batch). */
  | { readonly kind: 'body'; readonly change: (body: unknown, calls: readonly Call[]) => unknown };

/** HTTP 429 with a Retry-After in seconds, or any other status with an empty body. */
export const status = (code: number, retryAfterSeconds?: number): Fault => ({
  kind: 'reply',
  status: code,
  body: '',
  ...(retryAfterSeconds === undefined ? {} : { headers: { 'retry-after': String(retryAfterSeconds) } }),
});

/** HTTP 200 with a web page, as a captive portal or a provider's login page sends it. */
export const html: Fault = {
  kind: 'reply',
  status: 200,
  body: '<!DOCTYPE html><html><body>Please sign in</body></html>',
  headers: { 'content-type': 'text/html' },
};

/** HTTP 200 without a body. */
export const emptyBody: Fault = { kind: 'reply', status: 200, body: '' };

/** Replaces each result by `change(method, params, result)`; answers that are errors stay. */
export const mapResult = (change: (method: string, params: unknown, result: unknown) => unknown): Fault => ({
  kind: 'answer',
  change: (call, answer) =>
    'result' in answer ? { ...answer, result: change(call.method, call.params, answer.result) } : answer,
});

/** Replaces the result of one method. */
export const resultOf = (method: string, result: unknown): Fault =>
  mapResult((asked, _params, real) => (asked === method ? result : real));

/** Every result is null. */
export const nullResults: Fault = mapResult(() => null);

/** Every balance is zero, as an unsynced node would say: hex quantities and data, and plain numbers. */
export const zeroResults: Fault = mapResult((method, _params, result) => {
  if (method === 'eth_getBalance') return '0x0';
  if (method === 'eth_call' && typeof result === 'string') return `0x${'0'.repeat(result.length - 2)}`;
  return isLosslessNumber(result) && /balance/i.test(method) ? 0 : result;
});

/** Each answer is an error object. */
export const errorAnswers = (code: number, message: string, only?: (call: Call) => boolean): Fault => ({
  kind: 'answer',
  change: (call, answer) =>
    !only || only(call) ? { jsonrpc: '2.0', id: answer.id, error: { code, message } } : answer,
});

/** The first answer to each (method, params) of these methods is given for ever: a node that stands still. */
export function frozen(methods: readonly string[]): Fault {
  const first = new Map<string, unknown>();
  return mapResult((method, params, result) => {
    if (!methods.includes(method)) return result;
    const key = `${method} ${JSON.stringify(params)}`;
    if (!first.has(key)) first.set(key, result);
    return first.get(key);
  });
}

/** An EVM node that answers every pinned call at its newest block. */
export const ignoredPin: Fault = {
  kind: 'ask',
  change: ({ method, params }) => ({
    method,
    params: Array.isArray(params) ? params.map((item) => (isPin(item) ? 'latest' : item)) : params,
  }),
};

const isPin = (item: unknown): boolean => typeof item === 'object' && item !== null && 'blockHash' in item;

type Batch = Answer[];
const onBatch = (change: (batch: Batch) => unknown): Fault => ({
  kind: 'body',
  change: (body) => (Array.isArray(body) && body.length > 1 ? change(body as Batch) : body),
});

/** What a provider may do to the answers of one batch of at least two. */
export const batchFaults = {
  /** Right answers in another order: harmless to a client that goes by id. */
  reversed: onBatch((batch) => [...batch].reverse()),
  /** The first two answers exchange their ids: undetectable alone, hence a quorum. */
  swappedIds: onBatch(([first, second, ...rest]) => [
    { ...first, id: second?.id },
    { ...second, id: first?.id },
    ...rest,
  ]),
  missing: onBatch((batch) => batch.slice(1)),
  duplicate: onBatch((batch) => [...batch, batch[0]]),
  extra: onBatch((batch) => [...batch, { ...batch[0], id: 999_999_999 }]),
  stringIds: onBatch((batch) => batch.map((answer) => ({ ...answer, id: String(answer.id) }))),
  object: onBatch((batch) => batch[0]),
} as const;
