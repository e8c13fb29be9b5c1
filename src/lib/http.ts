import { Agent, type Dispatcher, request as send } from 'undici';
import { err, ok, type Result } from '../domain/result.ts';
import type { HttpClient, HttpFailure, HttpRequest, HttpResponse } from '../seams.ts';
import { hostOf } from './host-of.ts';

/** An HTTP client that follows no redirect, accepts no compressed body, stops at the byte cap and ends by the deadline. */
export function createHttpClient(dispatcher: Dispatcher = new Agent({ connect: { timeout: 5_000 } })): HttpClient & {
  close(): Promise<void>;
} {
  return {
    request: (request, signal) => requestOnce(dispatcher, request, signal),
    close: () => dispatcher.close(),
  };
}

async function requestOnce(
  dispatcher: Dispatcher,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<Result<HttpResponse, HttpFailure>> {
  const deadline = AbortSignal.timeout(request.timeoutMs);
  const either = AbortSignal.any([signal, deadline]);
  const host = hostOf(request.url);
  try {
    const response = await send(request.url, {
      dispatcher,
      method: request.method,
      headers: { 'accept-encoding': 'identity', ...credentialsOf(request), ...request.headers },
      ...(request.body === undefined ? {} : { body: request.body }),
      signal: either,
    });
    // A destroyed body emits an error that, unheard, would end the process.
    response.body.on('error', () => {});
    const headers = Object.fromEntries(Object.entries(response.headers).map(([key, value]) => [key, String(value)]));
    const encoding = response.headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') {
      response.body.destroy();
      if (request.cutAtCap) return ok({ status: response.statusCode, headers, body: '' });
      return err({ code: 'unreachable', message: `${host} answered with a compressed body that was not asked for` });
    }
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of response.body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > request.maxBytes) {
        if (request.cutAtCap) break;
        response.body.destroy();
        return err({ code: 'too_large', message: `${host} sent more than ${request.maxBytes} bytes` });
      }
      chunks.push(chunk);
    }
    return ok({
      status: response.statusCode,
      headers,
      body: Buffer.concat(chunks).toString(request.binary ? 'latin1' : 'utf8'),
    });
  } catch (error) {
    if (signal.aborted) return err({ code: 'aborted', message: 'stopped' });
    if (deadline.aborted)
      return err({ code: 'timeout', message: `${host} did not answer within ${request.timeoutMs} ms` });
    return err(failureOf(error, host));
  }
}

/** A URL's user and password as Basic credentials (RFC 7617), which undici leaves out; a header that is given wins. */
function credentialsOf({ url, headers = {} }: HttpRequest): Record<string, string> {
  if (!URL.canParse(url) || Object.keys(headers).some((name) => name.toLowerCase() === 'authorization')) return {};
  const { username, password } = new URL(url);
  if (username === '' && password === '') return {};
  try {
    const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return { authorization: `Basic ${Buffer.from(pair, 'utf8').toString('base64')}` };
  } catch {
    return {};
  }
}

function failureOf(error: unknown, host: string): HttpFailure {
  const code = (error as { code?: unknown }).code;
  if (code === 'RESERVEWATCH_BLOCKED') return { code: 'blocked', message: (error as Error).message };
  if (typeof code === 'string' && code.includes('TIMEOUT')) return { code: 'timeout', message: `${host}: ${code}` };
  return { code: 'unreachable', message: `${host}: ${typeof code === 'string' ? code : 'connection failed'}` };
}
