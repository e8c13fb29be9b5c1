import { type Command, Option } from 'commander';
import type { VerdictCounts } from '../cached-checker.ts';
import { type Attestation, ISSUERS, type IssuedBy, type ListDecision } from '../domain/attestation.ts';
import { type AssetCode, quote } from '../domain/ids.ts';
import type { Limits } from '../domain/limits.ts';
import type { Entity, Registry } from '../domain/registry.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { formatTime, parseTime } from '../domain/time.ts';
import type { DisputeParts } from '../find-disputes.ts';
import { type ImportedReport, importReport } from '../import-report.ts';
import type { ReadableFile } from '../lib/files.ts';
import { openPublished, originOf } from '../published-file.ts';
import { openReport } from '../read-report.ts';
import { type CliContext, EXIT } from './context.ts';
import { disputesJson, disputeWarnings } from './dispute-text.ts';
import { entityOf } from './entity-of.ts';
import { type ListHistory, listHistory, listHistoryJson, listHistoryText } from './import-history.ts';
import { addLimitFlags, type LimitFlags, limitsOf } from './limit-flags.ts';
import { listWarnings } from './list-warnings.ts';
import { fail, note, printJson, startProgress, tableText, write } from './output.ts';
import { arrivalNotes, listState, registerDecisions } from './report-decide.ts';
import { registerDiff } from './report-diff.ts';
import { keptText, verdictsText } from './verdict-words.ts';

interface ImportFlags extends LimitFlags {
  readonly entity?: string;
  readonly asOf?: string;
  readonly issuedBy?: string;
  readonly hold?: boolean;
  readonly db?: string;
  readonly json?: boolean;
  readonly allowPrivateAddress?: boolean;
}

interface ListFlags {
  readonly entity?: string;
  readonly db?: string;
  readonly json?: boolean;
}

/** `report import <file>`, `report list`, `report approve|reject <sha256>` and `report diff <before> <after>`. */
export function register(program: Command, context: CliContext): void {
  const report = program.commands.find((command) => command.name() === 'report') ?? program.command('report');
  report.description('keep published lists of addresses');
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
  report
    .command('list')
    .description('list the published lists that are kept, newest import first')
    .option('--entity <id>', "only this entity's")
    .option('--db <path>', "database (default: the config's)")
    .option('--json', 'print {schema, data, warnings} instead of text')
    .action((flags: ListFlags) => runList(context, flags));
  registerDecisions(report, context);
  registerDiff(report, context);
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

/** The entity that is named, else the only one in the config, else the publisher that the file's layout belongs to. */
async function chooseEntity(
  context: CliContext,
  registry: Registry,
  file: ReadableFile,
  limits: Limits,
  named: string | undefined,
): Promise<Result<Entity>> {
  if (named !== undefined) return entityOf(registry, named);
  const config = context.configFile.exists || context.configFile.given ? context.config() : null;
  const watched = config?.ok ? [...config.value.entities.keys()] : [];
  if (watched.length === 1) return entityOf(registry, watched[0] as string);
  const report = await openReport(file, limits);
  if (!report.ok) return err(`${file.name}: ${report.error}`);
  const publisher = [...registry.entities.keys()].find((id) => report.value.format.startsWith(`${id}-`));
  return publisher !== undefined && watched.length === 0
    ? entityOf(registry, publisher)
    : err(
        `whose list is ${quote(file.name)}? Say it with --entity; known are ${[...registry.entities.keys()].join(', ')}`,
      );
}

async function printImport(
  context: CliContext,
  imported: ImportedReport,
  reports: readonly Attestation[],
  history: ListHistory,
  parts: DisputeParts & Parameters<typeof listWarnings>[0],
  verdicts: VerdictCounts,
  json: boolean,
): Promise<void> {
  const { outcome, archived, attestation } = imported;
  const known = outcome === 'known';
  const { file, rows, faults, entity, set, change = null } = attestation;
  const notes = [...arrivalNotes(attestation, reports, !known || imported.approved), ...issuerNotes(attestation)];
  const own = known ? [] : [...imported.verified.totals.warnings, ...listWarnings(parts, attestation)];
  const warnings = [...own, ...disputeWarnings(parts, entity)];
  if (json) {
    await printJson(
      context,
      'reservewatch.import/1',
      {
        outcome,
        entity,
        file,
        rows,
        faults,
        ...(known ? {} : { verdicts }),
        set,
        change,
        state: listState(attestation, reports),
        issuedBy: attestation.issuedBy,
        disputes: disputesJson(parts, entity),
        archived,
        ...listHistoryJson(history),
      },
      warnings,
    );
  } else {
    const changed = known && imported.approved ? 'and approved now' : 'nothing was changed';
    const what = known ? `is kept for ${entity} already, ${changed}` : `is kept for ${entity}`;
    await write(
      context.stdout,
      `${quote(file.name)} ${what}: ${file.format}, ${rows} rows, ${faults} faults, sha256 ${file.sha256}\n` +
        (known ? '' : `${verdictsText(verdicts)}\n`) +
        listHistoryText(history),
    );
    for (const warning of warnings) await note(context, `warning: ${warning}`);
  }
  for (const one of notes) await note(context, one);
  if (!known)
    for (const { line, reason } of imported.verified.tally.faults.slice(0, 10))
      await note(context, `line ${line}: ${reason}`);
  context.exit(faults > 0 ? EXIT.partly : EXIT.good);
}

const issuerNotes = ({ issuedBy, entity }: Attestation): readonly string[] =>
  issuedBy === 'publisher'
    ? []
    : [
        `It is a third party's list: it disputes nothing, and stands for ${entity} only where no list of its own is kept.`,
      ];

async function runList(context: CliContext, flags: ListFlags): Promise<void> {
  const registry = await context.registry();
  if (!registry.ok) return fail(context, EXIT.usage, registry.error);
  const entity = flags.entity === undefined ? ok(null) : entityOf(registry.value, flags.entity);
  if (!entity.ok) return fail(context, EXIT.usage, entity.error);
  const opened = await context.openStore(flags.db ?? null, { mustExist: true });
  if (!opened.ok) return fail(context, EXIT.usage, opened.error);
  const { store } = opened.value;
  try {
    const reports = entity.value === null ? store.reports() : store.reports(entity.value.id);
    const list = reports.map((one) => {
      const { file, asOfMs, importedAtMs, ...rest } = one;
      return {
        entity: rest.entity,
        issuedBy: rest.issuedBy,
        asOf: asOfMs === null ? null : formatTime(asOfMs),
        importedAt: formatTime(importedAtMs),
        rows: rest.rows,
        faults: rest.faults,
        set: rest.set,
        state: listState(
          one,
          reports.filter((own) => own.entity === one.entity),
        ),
        decision: decisionJson(rest.decision),
        origin: rest.origin ?? null,
        change: rest.change ?? null,
        file,
      };
    });
    if (flags.json) return await printJson(context, 'reservewatch.reports/1', list);
    const cells = list.map(({ file, ...one }) => [
      one.entity,
      one.issuedBy,
      one.asOf ?? '-',
      one.importedAt,
      file.format,
      `${one.rows}`,
      `${one.faults}`,
      `${one.set.version}`,
      one.state,
      file.sha256,
      file.name,
    ]);
    const head = [
      'entity',
      'issued by',
      'as of',
      'imported',
      'format',
      'rows',
      'faults',
      'set',
      'state',
      'sha256',
      'name',
    ];
    await write(context.stdout, tableText(context.stdout, head, cells, ['rows', 'faults', 'set']));
  } finally {
    store.close();
  }
}

const decisionJson = (decision: ListDecision | undefined): unknown =>
  decision === undefined
    ? null
    : { state: decision.state, by: decision.by, at: formatTime(decision.atMs), note: decision.note };
