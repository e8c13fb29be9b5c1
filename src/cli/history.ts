import type { Command } from 'commander';
import { parseAssetCode, parseEntityId } from '../domain/ids.ts';
import { formatTime, parseTime } from '../domain/time.ts';
import { pointJson } from '../query/point-json.ts';
import { pointStatus } from '../query/point-status.ts';
import { POINT_FIGURES, POINT_HEAD, pointCells } from '../query/point-table.ts';
import { type ListTrust, trustJson } from '../query/point-trust.ts';
import { levelRules } from '../query/poll-json.ts';
import type { StoredPoint } from '../seams.ts';
import { optionalConfig } from './config-faults.ts';
import { type CliContext, EXIT } from './context.ts';
import { printTrustHistory, trustHistory } from './history-trust.ts';
import { fail, note, printJson, tableText, write } from './output.ts';
import { createTrustReader } from './read-trust.ts';

interface Flags {
  readonly from?: string;
  readonly to?: string;
  readonly limit: string;
  readonly trust?: boolean;
  readonly db?: string;
  readonly json?: boolean;
}

/** `history <entity> <asset>`: the series of one asset, oldest first. */
export function register(program: Command, context: CliContext): void {
  program
    .command('history')
    .argument('<entity>')
    .argument('<asset>')
    .description('the kept comparisons of one asset, oldest first')
    .option('--from <time>', 'ISO-8601 with an offset')
    .option('--to <time>', 'ISO-8601 with an offset')
    .option('--limit <n>', 'show at most the newest n', '200')
    .option('--trust', 'how well the claims of each kept list are proven, instead of the comparisons')
    .option('--db <path>', "database (default: the config's)")
    .option('--json', 'print {schema, data, warnings} with all points of the range instead of a table')
    .action((entity: string, asset: string, flags: Flags) => runHistory(context, entity, asset, flags));
}

async function runHistory(context: CliContext, entity: string, asset: string, flags: Flags): Promise<void> {
  const who = parseEntityId(entity);
  const what = parseAssetCode(asset);
  const from = parseTime(flags.from ?? '1970-01-01T00:00:00Z');
  const to = parseTime(flags.to ?? '9999-12-31T00:00:00Z');
  for (const part of [who, what, from, to]) if (!part.ok) return fail(context, EXIT.usage, part.error);
  if (!who.ok || !what.ok || !from.ok || !to.ok) return;
  if (!/^[1-9]\d{0,6}$/.test(flags.limit))
    return fail(context, EXIT.usage, '--limit must be a whole number from 1 to 9999999');
  const found = await optionalConfig(context);
  if (found === null) return;
  const opened = await context.openStore(flags.db ?? null, { mustExist: true });
  if (!opened.ok) return fail(context, EXIT.usage, opened.error);
  const limit = Number.parseInt(flags.limit, 10);
  let series: readonly (StoredPoint & { readonly trust: ListTrust | null })[];
  try {
    const { store } = opened.value;
    if (flags.trust === true) {
      const lists = trustHistory(store, who.value, what.value, { fromMs: from.value, toMs: to.value });
      if (lists.length === 0) await note(context, `no list with ${asset} of ${entity} is kept of that range`);
      if (lists.length > 0 || flags.json === true)
        await printTrustHistory(context, lists, { json: flags.json === true, limit });
      return context.exit(lists.length === 0 ? EXIT.undecided : EXIT.good);
    }
    const trustOf = createTrustReader(store);
    series = store
      .points(who.value, what.value, from.value, to.value)
      .map((stored) => ({ ...stored, trust: trustOf(stored.poll, who.value, what.value) }));
  } finally {
    opened.value.store.close();
  }
  const rules = levelRules(found.config?.rules ?? []);
  // Ages are of the moment of each point: what was known then, not now.
  if (flags.json === true) {
    const data = series.map(({ poll, point, trust }) => ({
      poll,
      ...pointJson(point, pointStatus(point, rules), point.atMs),
      trust: trust && trustJson(trust, point.atMs),
    }));
    await printJson(context, 'reservewatch.history/1', data);
  } else if (series.length > 0) {
    const shown = series.slice(-limit);
    const head = ['AT', 'POLL', ...POINT_HEAD.slice(2, -1)];
    const rows = shown.map(({ poll, point }) => {
      const cells = pointCells(point, pointStatus(point, rules), point.atMs);
      return [formatTime(point.atMs), String(poll), ...cells.slice(2, -1)];
    });
    await write(context.stdout, tableText(context.stdout, head, rows, POINT_FIGURES));
    if (shown.length < series.length)
      await note(context, `the newest ${shown.length} of ${series.length}; --limit or --json for more`);
  }
  if (series.length === 0) await note(context, `nothing is kept of ${asset} of ${entity} in that range`);
  context.exit(series.length === 0 ? EXIT.undecided : EXIT.good);
}
