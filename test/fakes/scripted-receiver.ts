import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it arrived. */
interface Hit {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Answers one request; `hang` never does. */
export type Answer = ((response: ServerResponse, hit: Hit) => void) | 'hang' | 'reset';

/** A real HTTP server that answers request by request as its plan says, and 204 when the plan is at its end. */
export async function scriptedReceiver(plan: Answer[] = []) {
  const hits: Hit[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const hit = { path: request.url ?? '', headers: request.headers, body };
    hits.push(hit);
    const answer = plan.shift() ?? status(204);
    if (answer === 'reset') request.socket.destroy();
    else if (answer !== 'hang') answer(response, hit);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    hits,
    plan,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An answer with a status, headers and a body. */
export const status =
  (code: number, headers: Record<string, string> = {}, body = ''): Answer =>
  (response) => {
    response.writeHead(code, headers).end(body);
  };
