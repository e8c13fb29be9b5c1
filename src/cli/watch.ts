import type { Command } from 'commander';
import type { Config } from '../config/types.ts';
import type { CycleResult } from '../cycle.ts';
import { runDaemon } from '../daemon.ts';
import type { Attempt } from '../deliver-alerts.ts';
import type { AlertEvent } from '../domain/alert.ts';
import type { EntityId } from '../domain/ids.ts';
import { formatTime } from '../domain/time.ts';
import { stringifyJson } from '../lib/json.ts';
import { createLogger, type Logger } from '../lib/log.ts';
import { pollJson } from '../query/poll-json.ts';
import { type Publication, watchPublications } from '../watch-publications.ts';
import { needConfig } from './config-faults.ts';
import { type CliContext, EXIT } from './context.ts';
import { type Monitor, openMonitor } from './monitor.ts';
import { fail, note, write } from './output.ts';
import { pointsText } from './points.ts';
import { troubles } from './poll.ts';

/** What somebody who runs the daemon may want to see of it. */
export interface WatchHooks {
  readonly onOpen?: (monitor: Monitor) => void;
  readonly onLook: (entity: EntityId, look: CycleResult, monitor: Monitor) => void;
  readonly onEvent: (event: AlertEvent) => void;
  readonly onAttempt?: (attempt: Attempt) => void;
}

/** `watch`: the daemon. */
export function register(program: Command, context: CliContext): void {
  program
    .command('watch')
    .description('the daemon: poll, compare, alert and deliver until it is stopped')
    .option('--json', 'one reservewatch.poll/1 line a look on stdout instead of text')
    .action((flags: { readonly json?: boolean }) => runWatch(context, flags.json === true));
}

/** Runs the daemon on the config until the process is asked to stop; 0 then. */
export async function runWatch(context: CliContext, json: boolean): Promise<void> {
  const config = await needConfig(context);
  if (config === null) return;
  const refused = await watch(context, config, false, context.stopped, json ? jsonHooks(context) : textHooks(context));
  if (refused !== null) return fail(context, EXIT.usage, refused);
}

/** Runs the daemon until the signal aborts; a sentence where it could not start. The demo calls this very function. */
export async function watch(
  context: CliContext,
  config: Config,
  test: boolean,
  signal: AbortSignal,
  hooks: WatchHooks,
): Promise<string | null> {
  if (config.entities.size === 0)
    return `${config.file} names no entity to watch; next: reservewatch init --example okx`;
  const log = createLogger({ level: config.log.level, secrets: config.secrets() });
  const onNote = (message: string): void => void note(context, message);
  const monitor = await openMonitor(context, config, { test, onNote });
  if (!monitor.ok) return monitor.error;
  hooks.onOpen?.(monitor.value);
  const stop = new AbortController();
  const publications = watchPublications(publicationsOf(config), {
    store: monitor.value.store,
    archiveFolder: config.archive,
    registry: config.registry,
    clock: context.clock,
    onImported: (message) => log.info(message),
    onFault: (message) => log.warn(message),
  });
  try {
    await runDaemon(
      {
        clock: context.clock,
        schedules: monitor.value.entities.map((entity) => ({ entity, ...config.poll })),
        cycle: async (entity, fresh, cycleSignal) => {
          const look = await monitor.value.look(entity, fresh, cycleSignal);
          logLook(log, entity, look);
          hooks.onLook(entity, look, monitor.value);
          for (const event of look.events) hooks.onEvent(event);
          return look;
        },
        deliver: (deliverSignal) =>
          monitor.value.deliver(deliverSignal, (attempt) => {
            logAttempt(log, attempt);
            hooks.onAttempt?.(attempt);
          }),
        heartbeat() {
          publications.tick();
          monitor.value.heartbeat();
        },
        onFault: (where, error) => {
          if (!signal.aborted) log.error({ err: error, where }, 'the daemon goes on after a fault');
        },
      },
      AbortSignal.any([signal, stop.signal]),
    );
    return null;
  } finally {
    await publications.close();
    await monitor.value.close();
  }
}

const publicationsOf = ({ entities }: Config): readonly Publication[] =>
  [...entities.values()].flatMap(
    ({ entity, assets, report: { published: url, watchMs: everyMs, allowPrivateAddress, approveAbovePpm } }) => {
      if (url === null || everyMs === null) return [];
      const policy = { hold: approveAbovePpm, watched: assets, by: 'watch' } as const;
      return [{ entity, url, everyMs, allowPrivateAddress, policy }];
    },
  );

function logLook(log: Logger, entity: EntityId, look: CycleResult): void {
  const failed = look.snapshot.sources.reduce((sum, source) => sum + source.failed, 0);
  const fields = {
    entity,
    poll: look.poll,
    failed,
    quality: look.points.map((point) => `${point.asset} ${point.quality}`),
  };
  if (failed > 0 || look.snapshot.providerFaults.length > 0)
    log.warn({ ...fields, troubles: troubles(look) }, 'looked, with gaps');
  else log.info(fields, 'looked');
  for (const event of look.events) log.warn({ entity, event: event.id, type: event.type, rule: event.rule }, 'alert');
}

function logAttempt(log: Logger, { delivery, outcome, state }: Attempt): void {
  const fields = { receiver: delivery.receiver, event: delivery.eventId, state, ...outcome };
  if (outcome.kind === 'delivered') log.info(fields, 'delivered');
  else log.warn(fields, 'not delivered');
}

function textHooks(context: CliContext): WatchHooks {
  return {
    onLook: (_entity, look, monitor) => void write(context.stdout, pointsText(context, look.points, monitor.rules)),
    onEvent: (event) =>
      void write(
        context.stdout,
        `${formatTime(event.atMs)} ${event.type} ${event.rule} ${event.severity} ${event.id}\n`,
      ),
  };
}

function jsonHooks(context: CliContext): WatchHooks {
  const line = (schema: string, data: unknown): void =>
    void write(context.stdout, `${stringifyJson({ schema, data, warnings: [] })}\n`);
  return {
    onLook: (entity, look, { rules }) => line('reservewatch.poll/1', pollJson({ ...look, entity, rules })),
    onEvent: ({ body, ...event }) => line('reservewatch.event/1', event),
  };
}
