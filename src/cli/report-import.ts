import { type Command, Option } from 'commander';
import type { VerdictCounts } from '../cached-checker.ts';
import { ISSUERS, type IssuedBy } from '../domain/attestation.ts';
import type { AssetCode } from '../domain/ids.ts';
import type { Limits } from '../domain/limits.ts';
import type { Entity } from '../domain/registry.ts';
import { ok } from '../domain/result.ts';
import { parseTime } from '../domain/time.ts';
import { importReport } from '../import-report.ts';
import type { ReadableFile } from '../lib/files.ts';
import { openPublished, originOf } from '../published-file.ts';
import { type CliContext, EXIT } from './context.ts';
import { listHistory } from './import-history.ts';
import { printImport } from './import-text.ts';
import { addLimitFlags, type LimitFlags, limitsOf } from './limit-flags.ts';
import { chooseEntity } from './list-owner.ts';
import { fail, note, startProgress } from './output.ts';
import { keptText } from './verdict-words.ts';

interface ImportFlags extends LimitFlags {
  readonly entity?: string;
  readonly asOf?: string;
  readonly issuedBy?: string;
  readonly hold?: boolean;
  readonly db?: string;
  readonly json?: boolean;
  readonly allowPrivateAddress?: boolean;
}

/** `report import <file>`. */
export function registerImport(report: Command, context: CliContext): void {
  addLimitFlags(report.command('import'))
    .argument('<file>', 'path or URL of a published list, in any known layout, packed with ZIP or gzip or not')
    .description('verify a published list and keep it, with the file itself')
    .option('--entity <id>', "whose list it is (default: the config's only entity, else the layout's publisher)")
    .option('--allow-private-address', 'for a URL in your own network: http and any address are allowed')
    .option('--as-of <time>', 'when the publisher took the snapshot, ISO-8601 with an offset')
    .addOption(
      new Option('--issued-by <who>', 'who made the list; only what a publisher issued disputes what another claims')
        .choices(ISSUERS)
        .default(undefined, 'publisher'),
    )
    .option('--hold', 'keep it and do not use it: it waits for `report approve`')
    .option('--db <path>', "database (default: the config's)")
    .option('--json', 'print {schema, data, warnings} instead of text')
    .action((path: string, flags: ImportFlags) => runImport(context, path, flags));
}

async function runImport(context: CliContext, path: string, flags: ImportFlags): Promise<void> {
  const limits = limitsOf(flags);
  if (!limits.ok) return fail(context, EXIT.usage, limits.error);
  const published = await openPublished(path, {
    limits: limits.value,
    entry: flags.entry,
    allowPrivateAddress: flags.allowPrivateAddress === true,
    signal: context.stopped,
  });
  if (!published.ok) return fail(context, EXIT.usage, published.error);
  try {
    await importPublished(context, path, published.value.file, limits.value, flags);
  } finally {
    await published.value.drop();
  }
}

async function importPublished(
  context: CliContext,
  path: string,
  file: ReadableFile,
  limits: Limits,
  flags: ImportFlags,
): Promise<void> {
  const registry = await context.registry();
  if (!registry.ok) return fail(context, EXIT.usage, registry.error);
  const entity = await chooseEntity(context, registry.value, file, limits, flags.entity);
  if (!entity.ok) return fail(context, EXIT.usage, entity.error);
  const asOf = flags.asOf === undefined ? ok(null) : parseTime(flags.asOf);
  if (!asOf.ok) return fail(context, EXIT.usage, `--as-of: ${asOf.error}`);
  const opened = await context.openStore(flags.db ?? null);
  if (!opened.ok) return fail(context, EXIT.usage, opened.error);
  const progress = startProgress(context, 'bytes verified');
  let verdicts: VerdictCounts = { verified: 0, known: 0 };
  try {
    const imported = await importReport(file, {
      ...opened.value,
      registry: registry.value,
      entity: entity.value,
      ...(flags.issuedBy === undefined ? {} : { issuedBy: flags.issuedBy as IssuedBy }),
      asOfMs: asOf.value,
      clock: context.clock,
      limits,
      policy: {
        hold: flags.hold === true ? 'always' : 'never',
        watched: watchedOf(context, entity.value),
        by: 'operator',
      },
      origin: /^https?:/i.test(path) ? originOf(path) : null,
      onProgress: progress.update,
      onVerdicts: (counts) => {
        verdicts = counts;
      },
    });
    progress.stop();
    if (!imported.ok) return await fail(context, EXIT.usage, imported.error);
    const parts = { store: opened.value.store, registry: registry.value };
    const history = listHistory(opened.value.store, imported.value.attestation);
    const reports = opened.value.store.reports(entity.value.id);
    await printImport(context, imported.value, reports, history, parts, verdicts, flags.json === true);
  } catch (error) {
    progress.stop();
    if (context.stopped.aborted) await note(context, keptText(verdicts, 'the database'));
    throw error;
  } finally {
    progress.stop();
    opened.value.store.close();
  }
}

/** The assets that the config watches of an entity, which decide what a large removal is; null where it watches none. */
function watchedOf(context: CliContext, { id }: Entity): readonly AssetCode[] | null {
  const config = context.configFile.exists || context.configFile.given ? context.config() : null;
  return (config?.ok && config.value.entities.get(id)?.assets) || null;
}
