import { err, ok, type Result } from '../../src/domain/result.ts';
import type { ReadFailure } from '../../src/domain/snapshot.ts';
import { field, type Json, stringifyJson } from '../../src/lib/json.ts';
import type { ProviderOptions } from '../../src/seams.ts';
import { classifyNodeError, describeNodeError, type Fail, type NodeError } from './failures.ts';
import { createPost } from './post.ts';
import { matchAnswers, nodeErrorOf } from './rpc-answers.ts';

export interface RpcCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** What a node said to one call. A `null` result is a result here: only the caller knows what it means. */
type Answer = { readonly kind: 'result'; readonly value: Json } | { readonly kind: 'error'; readonly error: NodeError };

/** JSON-RPC 2.0 over HTTP with one provider. */
export interface RpcClient {
  readonly fail: Fail;
  /** The failure that an error of the node is. */
  failureOf(error: NodeError): ReadFailure;
  /** One call; an error of the node becomes the failure of its class. */
  call(method: string, params: readonly unknown[], signal: AbortSignal): Promise<Result<Json, ReadFailure>>;
  /** One call whose error answer is itself of interest. */
  ask(call: RpcCall, signal: AbortSignal): Promise<Result<Answer, ReadFailure>>;
  /** All calls in one HTTP request; one result a call in their order. The outer failure is of the request as a whole. */
  batch(
    calls: readonly RpcCall[],
    signal: AbortSignal,
  ): Promise<Result<readonly Result<Json, ReadFailure>[], ReadFailure>>;
  /** HTTP requests made so far, repeated ones included. */
  requestCount(): number;
}

/** Makes a client; ids never repeat in its life, so that an old answer cannot pass for a new one. */
export function createRpcClient(options: ProviderOptions, fail: Fail): RpcClient {
  const post = createPost(options, fail);
  let lastId = 0;

  const write = (calls: readonly RpcCall[], firstId: number): readonly unknown[] =>
    calls.map(({ method, params }, index) => ({ jsonrpc: '2.0', id: firstId + index, method, params }));

  async function ask(call: RpcCall, signal: AbortSignal): Promise<Result<Answer, ReadFailure>> {
    const id = lastId + 1;
    lastId = id;
    const reply = await post.send(stringifyJson(write([call], id)[0]), signal);
    if (!reply.ok) return reply;
    const refused = nodeErrorOf(reply.value);
    if (refused && field(reply.value, 'id') === null) return ok({ kind: 'error', error: refused });
    const matched = matchAnswers([reply.value], id, 1);
    if (!matched.ok) return err(fail('bad_response', matched.error));
    return readAnswer(matched.value[0], fail);
  }

  const failureOf = (error: NodeError): ReadFailure => fail(classifyNodeError(error), describeNodeError(error));

  const asResult = (answer: Result<Answer, ReadFailure>): Result<Json, ReadFailure> => {
    if (!answer.ok) return answer;
    if (answer.value.kind === 'result') return ok(answer.value.value);
    return err(failureOf(answer.value.error));
  };

  return {
    fail,
    failureOf,
    ask,
    call: async (method, params, signal) => asResult(await ask({ method, params }, signal)),
    async batch(calls, signal) {
      const firstId = lastId + 1;
      lastId += calls.length;
      const reply = await post.send(stringifyJson(write(calls, firstId)), signal);
      if (!reply.ok) return reply;
      const refused = nodeErrorOf(reply.value);
      if (refused) return err(failureOf(refused));
      const matched = matchAnswers(reply.value, firstId, calls.length);
      if (!matched.ok) return err(fail('bad_response', matched.error));
      return ok(matched.value.map((answer) => asResult(readAnswer(answer, fail))));
    },
    requestCount: post.requestCount,
  };
}

function readAnswer(answer: Json | undefined, fail: Fail): Result<Answer, ReadFailure> {
  if (answer === undefined) return err(fail('bad_response', 'the batch came back without an answer to this call'));
  const error = nodeErrorOf(answer);
  if (error) return ok({ kind: 'error', error });
  const value = field(answer, 'result');
  return value === undefined
    ? err(fail('bad_response', 'the answer has neither result nor error'))
    : ok({ kind: 'result', value });
}
