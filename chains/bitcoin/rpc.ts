import { quote } from '../../src/domain/ids.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import type { ReadFailure, ReadFailureCode } from '../../src/domain/snapshot.ts';
import {
  field,
  integer,
  isArray,
  isObject,
  type Json,
  parseJson,
  smallInteger,
  stringifyJson,
} from '../../src/lib/json.ts';
import type { HttpFailure, HttpResponse, ProviderOptions } from '../../src/seams.ts';

/** One JSON-RPC call. */
export interface RpcCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** Why a call gave no result; `rpcCode` where the node itself answered with an error. */
export interface RpcFailure extends ReadFailure {
  readonly rpcCode: number | null;
}

/** Larger limits than an ordinary call's: for UTXO walks and whole blocks. */
export interface CallLimits {
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
}

/** A client of one Bitcoin Core-like node. */
export interface RpcClient {
  /** HTTP requests so far. */
  requestCount(): number;
  call(call: RpcCall, signal: AbortSignal, limits?: CallLimits): Promise<Result<Json, RpcFailure>>;
  /** One HTTP request for all calls; one result each, in order. An answer that is not exactly one per id fails them all. */
  batch(
    calls: readonly RpcCall[],
    signal: AbortSignal,
    limits?: CallLimits,
  ): Promise<Result<readonly Result<Json, RpcFailure>[], RpcFailure>>;
  failure(code: ReadFailureCode, message: string, rpcCode?: number | null): RpcFailure;
}

/** What a failed read may hope for when it is asked again. */
const RETRYABLE: ReadonlySet<ReadFailureCode> = new Set([
  ...([
    'timeout',
    'unreachable',
    'rate_limited',
    'bad_content',
    'bad_response',
    'lagging',
    'not_final',
    'block_unknown',
  ] as const),
]);

/** Makes the client; user and password in the URL become an Authorization header and never appear in messages. */
export function createRpcClient(options: ProviderOptions): Result<RpcClient> {
  const target = splitCredentials(options.url);
  if (!target.ok) return target;
  const { url, authorization } = target.value;
  const headers = {
    ...(authorization === null ? {} : { authorization }),
    ...options.headers,
    'content-type': 'application/json',
  };
  let requests = 0;
  let lastId = 0;

  const failure: RpcClient['failure'] = (code, message, rpcCode = null) => ({
    ...{ code, message, provider: options.name, retryable: RETRYABLE.has(code), rpcCode },
  });

  async function post(body: unknown, signal: AbortSignal, limits: CallLimits): Promise<Result<Json, RpcFailure>> {
    requests += 1;
    const response = await options.http.request(
      {
        ...{ method: 'POST', url, headers, body: stringifyJson(body) },
        timeoutMs: limits.timeoutMs ?? options.timeoutMs,
        maxBytes: limits.maxBytes ?? options.maxBytes,
      },
      signal,
    );
    if (!response.ok) return err(ofTransport(response.error, failure));
    return ofResponse(response.value, failure);
  }

  return ok({
    failure,
    requestCount: () => requests,
    async call(call, signal, limits = {}) {
      lastId += 1;
      const answer = await post({ jsonrpc: '1.0', id: lastId, ...call }, signal, limits);
      if (!answer.ok) return answer;
      return ofAnswer(answer.value, lastId, call, failure);
    },
    async batch(calls, signal, limits = {}) {
      if (calls.length === 0) return ok([]);
      const first = lastId + 1;
      lastId += calls.length;
      const body = calls.map((call, index) => ({ jsonrpc: '1.0', id: first + index, ...call }));
      const answer = await post(body, signal, limits);
      if (!answer.ok) return answer;
      return ofBatch(answer.value, first, calls, failure);
    },
  });
}

type Fail = RpcClient['failure'];

function splitCredentials(text: string): Result<{ readonly url: string; readonly authorization: string | null }> {
  if (!URL.canParse(text)) return err('the provider has an unreadable URL');
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return err('the provider URL must be http or https');
  if (url.username === '' && url.password === '') return ok({ url: url.href, authorization: null });
  let pair: string;
  try {
    pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  } catch {
    return err('the user or password in the provider URL has a broken percent escape');
  }
  url.username = '';
  url.password = '';
  return ok({ url: url.href, authorization: `Basic ${Buffer.from(pair, 'utf8').toString('base64')}` });
}

function ofTransport({ code, message }: HttpFailure, failure: Fail): RpcFailure {
  return failure(code === 'blocked' ? 'unreachable' : code, message);
}

/** Core answers RPC errors with status 500 or 404 and a JSON body; a full work queue with 500 or 503 and plain text. */
function ofResponse({ status, body }: HttpResponse, failure: Fail): Result<Json, RpcFailure> {
  if (status === 401 || status === 403) {
    const remedy =
      status === 401 ? 'check the rpcuser and rpcpassword of the node' : 'allow this machine with rpcallowip';
    return err(failure('http_error', `HTTP ${status}: ${remedy}`));
  }
  if (status === 429 || status === 503 || /^\s*work queue/i.test(body)) {
    return err(failure('rate_limited', `HTTP ${status}: the node has too many requests waiting`));
  }
  const json = parseJson(body);
  if (status === 200 && !json.ok) return err(failure('bad_content', `the answer is ${json.error}`));
  if (json.ok && (status === 200 || isArray(json.value) || isObject(field(json.value, 'error')))) return json;
  return err({ ...failure('http_error', `HTTP ${status}`), retryable: status >= 500 });
}

function ofBatch(
  json: Json,
  first: number,
  calls: readonly RpcCall[],
  failure: Fail,
): Result<readonly Result<Json, RpcFailure>[], RpcFailure> {
  if (!isArray(json)) {
    const error = isObject(json) ? errorOf(json, 'batch', failure) : null;
    return err(error ?? failure('bad_response', 'a batch was answered with something else than a list'));
  }
  const byId = new Map<number, Json>();
  for (const answer of json) {
    const id = smallInteger(field(answer, 'id'));
    if (id === undefined || id < first || id >= first + calls.length || byId.has(id)) {
      return err(failure('bad_response', 'a batch was answered with a foreign or repeated id'));
    }
    byId.set(id, answer);
  }
  if (byId.size !== calls.length) {
    return err(failure('bad_response', `a batch of ${calls.length} calls got ${byId.size} answers`));
  }
  return ok(calls.map((call, index) => ofAnswer(byId.get(first + index) as Json, first + index, call, failure)));
}

function ofAnswer(json: Json, id: number, call: RpcCall, failure: Fail): Result<Json, RpcFailure> {
  if (!isObject(json))
    return err(failure('bad_response', `${call.method} was answered with something else than an object`));
  if (smallInteger(json['id']) !== id)
    return err(failure('bad_response', `${call.method} was answered with a foreign id`));
  const error = errorOf(json, call.method, failure);
  if (error !== null) return err(error);
  if (!Object.hasOwn(json, 'result'))
    return err(failure('bad_response', `${call.method} was answered without a result`));
  return ok(json['result'] as Json);
}

/** RPC_METHOD_NOT_FOUND, RPC_IN_WARMUP (Core's rpc/protocol.h). */
const METHOD_NOT_FOUND = -32601;
const IN_WARMUP = -28;

function errorOf(json: { readonly [key: string]: Json }, method: string, failure: Fail): RpcFailure | null {
  const error = Object.hasOwn(json, 'error') ? json['error'] : null;
  if (error === null || error === undefined) return null;
  const code = integer(field(error, 'code'));
  const message = field(error, 'message');
  const rpcCode = code === undefined ? null : Number(code);
  const said = `${method}: ${typeof message === 'string' ? quote(message) : 'an error without a message'}`;
  if (rpcCode === METHOD_NOT_FOUND) return failure('unsupported', said, rpcCode);
  const busy = rpcCode === IN_WARMUP || (typeof message === 'string' && /scan already in progress/i.test(message));
  return { ...failure('bad_response', said, rpcCode), retryable: busy };
}
