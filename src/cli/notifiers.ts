import type { Config } from '../config/types.ts';
import { ok, type Result } from '../domain/result.ts';
import { createHttpClient } from '../lib/http.ts';
import { guardedDispatcher } from '../lib/http-guard.ts';
import { createNotifier as createWebhook } from '../notifiers/webhook.ts';
import type { Clock, Notifier } from '../seams.ts';

/** The config's receivers as notifiers, each behind its own guarded connections; `close` ends those. */
export function openNotifiers(
  config: Config,
  clock: Clock,
): Result<{ readonly notifiers: ReadonlyMap<string, Notifier>; close(): Promise<void> }> {
  const notifiers = new Map<string, Notifier>();
  const clients: { close(): Promise<void> }[] = [];
  for (const receiver of config.receivers.values()) {
    const http = createHttpClient(guardedDispatcher(receiver));
    clients.push(http);
    const notifier = createWebhook(receiver, { http, clock });
    if (!notifier.ok) return notifier;
    notifiers.set(receiver.name, notifier.value);
  }
  return ok({
    notifiers,
    close: async () => {
      await Promise.allSettled(clients.map((client) => client.close()));
    },
  });
}
