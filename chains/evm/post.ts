import { err, ok, type Result } from '../../src/domain/result.ts';
import type { ReadFailure } from '../../src/domain/snapshot.ts';
import { type Json, parseJson } from '../../src/lib/json.ts';
import type { HttpResponse, ProviderOptions } from '../../src/seams.ts';
import type { Fail } from './failures.ts';
import { nodeErrorOf } from './rpc-answers.ts';

/** One question is sent at most so often; then it is the caller's turn to look elsewhere. */
const ATTEMPTS = 3;
const FIRST_BACKOFF_MS = 250;
/** A provider that asks for a longer rest is given up for this question. */
const LONGEST_REST_MS = 10_000;

/** What one attempt came to. */
type Attempt =
  | { readonly kind: 'done'; readonly result: Result<Json, ReadFailure> }
  | { readonly kind: 'again'; readonly failure: ReadFailure; readonly afterMs: number | null };

/** Sends JSON bodies to one endpoint. */
export interface Post {
  /** The parsed reply; busy and broken servers are asked again a few times, a rest that one asks for is kept by all requests. */
  send(body: string, signal: AbortSignal): Promise<Result<Json, ReadFailure>>;
  requestCount(): number;
}

/** Makes the sender; `random` gives the jitter (0 to 1) of the waits. */
export function createPost(options: ProviderOptions, fail: Fail, random: () => number = Math.random): Post {
  const { clock } = options;
  let requests = 0;
  let restUntil = 0;

  async function attempt(body: string, signal: AbortSignal): Promise<Attempt> {
    const headers = { 'content-type': 'application/json', ...options.headers };
    requests += 1;
    const { url, maxBytes, timeoutMs } = options;
    const response = await options.http.request({ method: 'POST', url, headers, body, maxBytes, timeoutMs }, signal);
    if (response.ok) return readResponse(response.value, fail);
    switch (response.error.code) {
      case 'aborted':
        return done(fail('aborted', 'stopped'));
      case 'timeout':
        return done(fail('timeout', `no complete answer within ${timeoutMs} ms`));
      case 'too_large':
        return done(fail('too_large', `the answer is larger than ${maxBytes} bytes`));
      case 'blocked':
        return done(fail('unreachable', 'the address is not allowed by the outgoing guard'));
      default:
        return { kind: 'again', failure: fail('unreachable', 'the connection failed'), afterMs: null };
    }
  }

  return {
    requestCount: () => requests,
    async send(body, signal) {
      for (let tries = 1; ; tries += 1) {
        if (!(await rest(restUntil - clock.monotonic(), options, signal))) return err(fail('aborted', 'stopped'));
        const outcome = await attempt(body, signal);
        if (outcome.kind === 'done') return outcome.result;
        const wait = outcome.afterMs ?? FIRST_BACKOFF_MS * 2 ** (tries - 1) * random();
        if (tries >= ATTEMPTS || wait > LONGEST_REST_MS) return err(outcome.failure);
        if (outcome.failure.code === 'rate_limited') restUntil = Math.max(restUntil, clock.monotonic() + wait);
        else if (!(await rest(wait, options, signal))) return err(fail('aborted', 'stopped'));
      }
    },
  };
}

/** Waits; false when the signal ended the wait. */
async function rest(ms: number, { clock }: ProviderOptions, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false;
  if (ms <= 0) return true;
  try {
    await clock.sleep(ms, signal);
    return true;
  } catch {
    return false;
  }
}

const done = (failure: ReadFailure): Attempt => ({ kind: 'done', result: err(failure) });

function readResponse({ status, headers, body }: HttpResponse, fail: Fail): Attempt {
  if (status === 429) {
    return { kind: 'again', failure: fail('rate_limited', 'HTTP 429, too many requests'), afterMs: restAsked(headers) };
  }
  if (status === 413) return done(fail('too_large', 'HTTP 413, the request is too large'));
  const json = parseJson(body);
  // Some servers say what is wrong in a JSON-RPC error under a status of 400 or 500.
  if (status !== 200 && !(json.ok && nodeErrorOf(json.value))) {
    const failure = fail('http_error', `HTTP ${status}`);
    return status >= 500
      ? { kind: 'again', failure, afterMs: restAsked(headers) }
      : done({ ...failure, retryable: false });
  }
  if (json.ok) return { kind: 'done', result: ok(json.value) };
  const what = body.trim() === '' ? 'an empty body' : /^\s*</.test(body) ? 'a web page' : 'no valid JSON';
  return done(fail('bad_content', `HTTP ${status} with ${what} instead of a JSON-RPC answer`));
}

/** Retry-After in whole seconds (RFC 9110 section 10.2.3) as ms; null for its date form, too, which needs two equal clocks. */
function restAsked(headers: HttpResponse['headers']): number | null {
  const text = headers['retry-after']?.trim() ?? '';
  return /^\d{1,9}$/.test(text) ? Number.parseInt(text, 10) * 1000 : null;
}
