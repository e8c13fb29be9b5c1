import type { Command } from 'commander';
import { approveCommand } from '../alerts/explain-report.ts';
import { listInUse, listWaiting } from '../domain/attestation.ts';
import { type EntityId, quote } from '../domain/ids.ts';
import { formatAge, formatTime } from '../domain/time.ts';
import type { Store } from '../seams.ts';
import { optionalConfig } from './config-faults.ts';
import { type CliContext, EXIT, type ExitCode, worstExit } from './context.ts';
import { fail, printJson, tableText, write } from './output.ts';

const MOST_DELIVERIES = 10_000;
/** A poll older than this many intervals means that nobody is watching. */
const LATE_AFTER_POLLS = 3;

/** `status`: whether it lives, what fires, what is undelivered. */
export function register(program: Command, context: CliContext): void {
  program
    .command('status')
    .description(
      'last polls, open alerts and undelivered messages; exit 3 where an alert fires or a message was given up',
    )
    .option('--db <path>', "database (default: the config's)")
    .option('--json', 'print {schema, data, warnings} instead of text')
    .action((flags: { readonly db?: string; readonly json?: boolean }) => runStatus(context, flags));
}

async function runStatus(context: CliContext, flags: { readonly db?: string; readonly json?: boolean }): Promise<void> {
  const found = await optionalConfig(context);
  if (found === null) return;
  const { config } = found;
  const opened = await context.openStore(flags.db ?? null, { mustExist: true });
  if (!opened.ok) return fail(context, EXIT.usage, opened.error);
  const { store } = opened.value;
  try {
    const nowMs = context.clock.now();
    const polled = store.latestPoints().map(({ point }) => point.entity);
    const listed = store.reports().map(({ entity }) => entity);
    const entities = [...new Set([...(config?.entities.keys() ?? []), ...listed, ...polled])];
    const everyMs = config?.poll.everyMs ?? null;
    const view = entities.map((entity) => entityStatus(store, entity, nowMs, everyMs));
    const dead = store.deliveries('dead', MOST_DELIVERIES).length;
    const pending = store.deliveries('pending', MOST_DELIVERIES).length;
    if (flags.json === true) {
      await printJson(context, 'reservewatch.status/1', { entities: view, deliveries: { pending, dead } });
    } else await write(context.stdout, statusText(context, view, pending, dead));
    const codes = view.map(
      (one): ExitCode =>
        one.alerts.some((alert) => alert.phase !== 'pending')
          ? EXIT.bad
          : one.late || one.waiting !== null
            ? EXIT.undecided
            : EXIT.good,
    );
    context.exit(
      worstExit(...codes, dead > 0 ? EXIT.bad : EXIT.good, entities.length === 0 ? EXIT.undecided : EXIT.good),
    );
  } finally {
    store.close();
  }
}

interface EntityStatus {
  readonly entity: EntityId;
  readonly lastPoll: { readonly poll: number; readonly at: string; readonly ageSeconds: number } | null;
  readonly late: boolean;
  readonly report: {
    readonly sha256: string;
    readonly name: string;
    readonly rows: number;
    readonly faults: number;
    readonly setVersion: number;
  } | null;
  /** A newer list that the operator has not decided on. */
  readonly waiting: {
    readonly sha256: string;
    readonly name: string;
    readonly since: string;
    readonly next: string;
  } | null;
  readonly points: readonly { readonly asset: string; readonly kind: string; readonly quality: string }[];
  readonly alerts: readonly {
    readonly rule: string;
    readonly asset: string | null;
    readonly phase: string;
    readonly since: string | null;
    readonly dataStale: boolean;
  }[];
}

function entityStatus(store: Store, entity: EntityId, nowMs: number, everyMs: number | null): EntityStatus {
  const last = store.latestPoll(entity);
  const reports = store.reports(entity);
  const report = listInUse(reports);
  const waiting = listWaiting(reports);
  const ageMs = last === null ? null : nowMs - last.finishedAtMs;
  return {
    entity,
    lastPoll: last && {
      poll: last.poll,
      at: formatTime(last.finishedAtMs),
      ageSeconds: Math.max(0, Math.floor((ageMs as number) / 1000)),
    },
    late: ageMs === null || (everyMs !== null && ageMs > LATE_AFTER_POLLS * everyMs),
    report: report && {
      sha256: report.file.sha256,
      name: report.file.name,
      rows: report.rows,
      faults: report.faults,
      setVersion: report.set.version,
    },
    waiting: waiting && {
      sha256: waiting.file.sha256,
      name: waiting.file.name,
      since: formatTime(waiting.importedAtMs),
      next: approveCommand(waiting),
    },
    points: store
      .latestPoints(entity)
      .map(({ point }) => ({ asset: point.asset, kind: point.kind, quality: point.quality })),
    alerts: store
      .alertStates(entity)
      .filter(({ phase }) => phase !== 'ok')
      .map(({ rule, asset, phase, startedAtMs, dataStale }) => ({
        rule,
        asset,
        phase,
        since: startedAtMs === null ? null : formatTime(startedAtMs),
        dataStale,
      })),
  };
}

function statusText(context: CliContext, view: readonly EntityStatus[], pending: number, dead: number): string {
  const rows = view.map((one) => [
    one.entity,
    one.lastPoll === null
      ? 'never'
      : `${formatAge(one.lastPoll.ageSeconds * 1000)} ago (#${one.lastPoll.poll})${one.late ? ' LATE' : ''}`,
    one.report === null
      ? 'none'
      : `${one.report.name} ${one.report.sha256.slice(0, 12)} (set ${one.report.setVersion})`,
    one.points.map(({ asset, quality }) => `${asset} ${quality}`).join(', ') || '–',
    one.alerts
      .map(({ rule, asset, phase, dataStale }) =>
        `${asset ?? ''} ${rule} ${phase}${dataStale ? ' (data stale)' : ''}`.trim(),
      )
      .join(', ') || 'none',
  ]);
  const table =
    view.length === 0
      ? 'nothing is watched yet; next: reservewatch init --example okx\n'
      : tableText(context.stdout, ['ENTITY', 'LAST POLL', 'REPORT', 'DATA', 'ALERTS'], rows);
  const waits = view.flatMap(({ entity, waiting }) =>
    waiting === null
      ? []
      : [`${entity}: ${quote(waiting.name)} waits for approval since ${waiting.since}; next: ${waiting.next}\n`],
  );
  return `${table}${waits.join('')}undelivered messages: ${pending} waiting, ${dead} given up\n`;
}
