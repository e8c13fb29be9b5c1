import type { Command } from 'commander';
import type { Config } from '../config/types.ts';
import type { CycleResult } from '../cycle.ts';
import type { EntityId } from '../domain/ids.ts';
import { pollJson, pollQuality } from '../query/poll-json.ts';
import { needConfig } from './config-faults.ts';
import { type CliContext, EXIT, type ExitCode, worstExit } from './context.ts';
import { type Monitor, openMonitor } from './monitor.ts';
import { fail, note, printJson, startProgress, write } from './output.ts';
import { pointsText } from './points.ts';

interface Flags {
  readonly entity?: string;
  readonly json?: boolean;
}

/** `poll --once`: one look at every entity, stored, and what is due in the outbox sent. */
export function register(program: Command, context: CliContext): void {
  program
    .command('poll')
    .description('look once at every watched entity: read all balances at one moment, keep them, compare')
    .option('--once', 'one look, then end (the only way to poll; `watch` is the daemon)', true)
    .option('--entity <id>', 'only this entity')
    .option('--json', 'print one {schema, data, warnings} line an entity instead of text')
    .action((flags: Flags) => runPoll(context, flags));
}

async function runPoll(context: CliContext, flags: Flags): Promise<void> {
  const config = await needConfig(context);
  if (config === null) return;
  const chosen = chooseEntities(config, flags.entity);
  if (chosen.length === 0) {
    return fail(
      context,
      EXIT.usage,
      `no entity ${flags.entity ?? ''} in ${config.file}; known are ${[...config.entities.keys()].join(', ') || 'none'}`,
    );
  }
  const progress = startProgress(context, 'chains read');
  const monitor = await openMonitor(context, config, {
    test: false,
    onProgress: progress.update,
    onNote: (message) => void note(context, message),
  });
  if (!monitor.ok) {
    progress.stop();
    return fail(context, EXIT.usage, monitor.error);
  }
  const codes: ExitCode[] = [];
  try {
    for (const entity of chosen)
      codes.push(await lookOnce(context, monitor.value, entity, flags.json === true, progress.stop));
    await monitor.value.deliver(context.stopped);
  } finally {
    progress.stop();
    await monitor.value.close();
  }
  context.exit(worstExit(...codes));
}

const chooseEntities = (config: Config, only: string | undefined): readonly EntityId[] =>
  [...config.entities.keys()].filter((id) => only === undefined || id === only);

async function lookOnce(
  context: CliContext,
  monitor: Monitor,
  entity: EntityId,
  json: boolean,
  shown: () => void,
): Promise<ExitCode> {
  const deadline = AbortSignal.timeout(monitor.config.poll.deadlineMs);
  const look = await monitor.look(entity, true, AbortSignal.any([context.stopped, deadline]));
  shown();
  if (json)
    await printJson(
      context,
      'reservewatch.poll/1',
      pollJson({ ...look, entity, rules: monitor.rules }),
      warningsOf(look),
    );
  else {
    await write(context.stdout, pointsText(context, look.points, monitor.rules));
    for (const line of troubles(look)) await note(context, line);
  }
  if (!look.points.some((point) => point.quality === 'complete')) return EXIT.undecided;
  const failed = look.snapshot.sources.some((source) => source.failed > 0) || pollQuality(look.points) !== 'complete';
  return failed ? EXIT.partly : EXIT.good;
}

const warningsOf = (look: CycleResult): readonly string[] =>
  look.confirmAgain ? ['a breach or a large fall waits to be confirmed by another look'] : [];

const SHOWN = 20;

/** What went wrong in a look, one line each: faults of providers, then cells by cause. */
export function troubles({ snapshot }: CycleResult): readonly string[] {
  const causes = new Map<string, number>();
  for (const { query, outcome } of snapshot.cells) {
    if (outcome.kind === 'read') continue;
    const cause = `${query.asset.chain} ${outcome.failure.code}: ${outcome.failure.message}`;
    causes.set(cause, (causes.get(cause) ?? 0) + 1);
  }
  const faults = snapshot.providerFaults.map(
    ({ chain, provider, code, message }) => `${chain} ${provider} ${code}: ${message}`,
  );
  const cells = [...causes].map(([cause, count]) => `${count} cells unread: ${cause}`);
  const all = [...faults, ...cells];
  return all.length > SHOWN ? [...all.slice(0, SHOWN), `… and ${all.length - SHOWN} more (see --json)`] : all;
}
