import type { Command } from 'commander';
import { DEFAULT_MAX_SNAPSHOT_AGE_MS } from '../compute-solvency.ts';
import type { Config } from '../config/types.ts';
import type { RatioRule, Rule } from '../domain/alert.ts';
import { parsePercent } from '../domain/percent.ts';
import type { Ppm } from '../domain/ratio.ts';
import { BASES, type Basis, decidePoint, type Point } from '../domain/solvency.ts';
import { pointJson } from '../query/point-json.ts';
import { pointStatus, rulesOf } from '../query/point-status.ts';
import { type ListTrust, trustJson, trustLine } from '../query/point-trust.ts';
import { levelRules } from '../query/poll-json.ts';
import { optionalConfig } from './config-faults.ts';
import { type CliContext, EXIT, type ExitCode, worstExit } from './context.ts';
import { fail, note, printJson, write } from './output.ts';
import { pointsText } from './points.ts';
import { createTrustReader } from './read-trust.ts';

interface Flags {
  readonly failUnder: string;
  readonly basis?: string;
  readonly db?: string;
  readonly json?: boolean;
}

/** `ratio [entity] [asset]`: the newest comparisons. */
export function register(program: Command, context: CliContext): void {
  program
    .command('ratio')
    .argument('[entity]', 'only this entity')
    .argument('[asset]', 'only this asset')
    .description('the newest ratios and coverages with every figure, grade and age')
    .option('--fail-under <percent>', 'exit 3 where a comparison is below this', '100 %')
    .option('--basis <basis>', `figure to judge by where no rule names one: ${BASES.join(', ')} (default: observed)`)
    .option('--db <path>', "database (default: the config's)")
    .option('--json', 'print {schema, data, warnings} instead of a table')
    .action((entity: string | undefined, asset: string | undefined, flags: Flags) =>
      runRatio(context, entity, asset, flags),
    );
}

async function runRatio(
  context: CliContext,
  entity: string | undefined,
  asset: string | undefined,
  flags: Flags,
): Promise<void> {
  const failUnder = parsePercent(flags.failUnder);
  if (!failUnder.ok) return fail(context, EXIT.usage, `--fail-under: ${failUnder.error}`);
  const basis = BASES.find((one) => one === (flags.basis ?? 'observed'));
  if (basis === undefined) return fail(context, EXIT.usage, `--basis must be one of ${BASES.join(', ')}`);
  const found = await optionalConfig(context);
  if (found === null) return;
  const opened = await context.openStore(flags.db ?? null, { mustExist: true });
  if (!opened.ok) return fail(context, EXIT.usage, opened.error);
  const nowMs = context.clock.now();
  let stored: readonly { readonly point: Point; readonly trust: ListTrust | null }[];
  try {
    const { store } = opened.value;
    const trustOf = createTrustReader(store);
    stored = store
      .latestPoints()
      .filter(({ point }) => entity === undefined || point.entity === entity)
      .filter(({ point }) => asset === undefined || point.asset === asset)
      .map(({ poll, point }) => ({ point, trust: trustOf(poll, point.entity, point.asset) }));
  } finally {
    opened.value.store.close();
  }
  const points = stored.map(({ point }) => agedAt(nowMs, point, found.config));
  const rules: readonly Rule[] = found.config?.rules ?? [];
  if (flags.json === true) {
    await printJson(
      context,
      'reservewatch.ratio/1',
      points.map((point, at) => ({
        ...pointJson(point, pointStatus(point, levelRules(rules)), nowMs),
        trust: stored[at]?.trust ? trustJson(stored[at].trust, nowMs) : null,
      })),
    );
  } else if (points.length > 0) {
    const lines = stored.map(({ trust }) => (trust === null ? '' : trustLine(trust, nowMs)));
    await write(context.stdout, pointsText(context, points, rules, lines));
  }
  if (points.length === 0) await note(context, 'no comparison is stored yet for that; next: reservewatch poll --once');
  const judged = points.map((point) => judge(point, levelRules(rules), basis, failUnder.value));
  context.exit(points.length === 0 ? EXIT.undecided : worstExit(...judged));
}

/** The point as it may be judged now: a poll of long ago says nothing of today, so that a dead daemon is not taken for a good ratio. */
function agedAt(nowMs: number, point: Point, config: Config | null): Point {
  const maxAgeMs = config?.entities.get(point.entity)?.maxSnapshotAgeMs ?? DEFAULT_MAX_SNAPSHOT_AGE_MS;
  return nowMs - point.atMs > maxAgeMs ? { ...point, quality: 'stale' } : point;
}

/** Below the mark on the basis of its rules (or the one given): bad; not decidable or not complete: undecided. */
function judge(point: Point, rules: readonly RatioRule[], basis: Basis, failUnder: Ppm): ExitCode {
  const named = rulesOf(point, rules).map((rule) => rule.basis);
  const bases = named.length > 0 ? [...new Set(named)] : [basis];
  const bounds = { firePpm: failUnder, clearPpm: failUnder };
  const decisions = bases.map((one) => decidePoint(point, one, bounds));
  if (decisions.includes('breach')) return EXIT.bad;
  return point.quality !== 'complete' || decisions.includes('unknown') ? EXIT.undecided : EXIT.good;
}
