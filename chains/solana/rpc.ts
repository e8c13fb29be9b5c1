import { quote } from '../../src/domain/ids.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import type { ReadFailure, ReadFailureCode } from '../../src/domain/snapshot.ts';
import { field, integer, isObject, type Json, parseJson, stringifyJson } from '../../src/lib/json.ts';
import { createScrubber, secretsOfUrl } from '../../src/lib/scrub.ts';
import type { HttpFailure, HttpResponse, ProviderOptions } from '../../src/seams.ts';

/** A failed call: a read failure, with the node's own error number where the node answered with one. */
export interface RpcFailure extends ReadFailure {
  readonly rpcCode: bigint | null;
}

/** A JSON-RPC 2.0 client of one endpoint: one call a request, every answer checked before it is believed. */
export interface SolanaRpc {
  call(method: string, params: readonly unknown[], signal: AbortSignal): Promise<Result<Json, RpcFailure>>;
  fail(code: ReadFailureCode, message: string): RpcFailure;
  requestCount(): number;
}

/** What a later try may cure without anybody's doing. */
const RETRYABLE: ReadonlySet<ReadFailureCode> = new Set([
  'timeout',
  'unreachable',
  'rate_limited',
  'bad_content',
  'bad_response',
  'lagging',
  'block_unknown',
]);

/** Agave rpc-client-api/src/custom_error.rs, and what the large providers use for their limits. */
const RPC_CODES: ReadonlyMap<bigint, ReadFailureCode> = new Map([
  [-32001n, 'state_gone'], // block cleaned up
  [-32004n, 'block_unknown'], // block not available
  [-32005n, 'lagging'], // node unhealthy, behind
  [-32007n, 'block_unknown'], // slot skipped, or missing after a snapshot jump
  [-32009n, 'block_unknown'], // slot skipped, or missing in long-term storage
  [-32011n, 'unsupported'], // no transaction history on this node
  [-32014n, 'block_unknown'], // block status not available yet
  [-32016n, 'lagging'], // minContextSlot not reached
  [-32429n, 'rate_limited'],
  [-32601n, 'unsupported'], // no such method
]);

/** Makes the client; counts every HTTP request. Failures name the provider and the host, never the URL. */
export function createSolanaRpc(options: ProviderOptions): SolanaRpc {
  const scrub = createScrubber(secretsOfUrl(options.url));
  let requests = 0;

  function fail(code: ReadFailureCode, message: string, rpcCode: bigint | null = null): RpcFailure {
    const retryable = RETRYABLE.has(code);
    return { code, message: scrub(message), provider: options.name, retryable, rpcCode };
  }

  function checkAnswer(response: HttpResponse, id: number): Result<Json, RpcFailure> {
    if (response.status === 429) return err(fail('rate_limited', 'HTTP 429: too many requests'));
    const parsed = parseJson(response.body);
    const good = response.status >= 200 && response.status < 300;
    if (!parsed.ok)
      return err(good ? fail('bad_content', `the answer is ${parsed.error}`) : httpError(response.status));
    const answer = parsed.value;
    const rightId = field(answer, 'jsonrpc') === '2.0' && integer(field(answer, 'id')) === BigInt(id);
    if (!isObject(answer) || !rightId) {
      return err(
        good ? fail('bad_response', 'not the JSON-RPC 2.0 answer to this request') : httpError(response.status),
      );
    }
    const error = field(answer, 'error');
    const result = field(answer, 'result');
    if (error !== undefined && error !== null) {
      return err(
        result === undefined || result === null ? rpcError(error) : fail('bad_response', 'both result and error'),
      );
    }
    if (!good) return err(httpError(response.status));
    return result === undefined ? err(fail('bad_response', 'neither result nor error')) : ok(result);
  }

  function httpError(status: number): RpcFailure {
    if (status === 413) return fail('too_large', 'HTTP 413: the request is too large');
    return { ...fail('http_error', `HTTP ${status}`), retryable: status >= 500 || status === 408 };
  }

  function rpcError(error: Json): RpcFailure {
    const code = integer(field(error, 'code'));
    const message = field(error, 'message');
    if (code === undefined || typeof message !== 'string')
      return fail('bad_response', 'an error without code or message');
    return fail(RPC_CODES.get(code) ?? 'bad_response', `error ${code}: ${quote(message)}`, code);
  }

  return {
    fail,
    requestCount: () => requests,
    async call(method, params, signal) {
      requests += 1;
      const id = requests;
      const response = await options.http.request(
        {
          method: 'POST',
          url: options.url,
          headers: { ...options.headers, 'content-type': 'application/json' },
          body: stringifyJson({ jsonrpc: '2.0', id, method, params }),
          maxBytes: options.maxBytes,
          timeoutMs: options.timeoutMs,
        },
        signal,
      );
      if (!response.ok) return err(fail(codeOf(response.error), `${method}: ${response.error.message}`));
      const answer = checkAnswer(response.value, id);
      return answer.ok ? answer : err({ ...answer.error, message: `${method}: ${answer.error.message}` });
    },
  };
}

const codeOf = (failure: HttpFailure): ReadFailureCode => (failure.code === 'blocked' ? 'unreachable' : failure.code);

/** A failure as the seams know it. */
export const withoutRpcCode = ({ code, message, provider, retryable }: RpcFailure): ReadFailure => ({
  code,
  message,
  provider,
  retryable,
});
