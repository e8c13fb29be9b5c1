import type { Command } from 'commander';
import type { ListDecision } from '../domain/attestation.ts';
import { ok } from '../domain/result.ts';
import { formatTime } from '../domain/time.ts';
import { type CliContext, EXIT } from './context.ts';
import { entityOf } from './entity-of.ts';
import { fail, printJson, tableText, write } from './output.ts';
import { listState } from './report-decide.ts';

interface ListFlags {
  readonly entity?: string;
  readonly db?: string;
  readonly json?: boolean;
}

/** `report list`. */
export function registerList(report: Command, context: CliContext): void {
  report
    .command('list')
    .description('list the published lists that are kept, newest import first')
    .option('--entity <id>', "only this entity's")
    .option('--db <path>', "database (default: the config's)")
    .option('--json', 'print {schema, data, warnings} instead of text')
    .action((flags: ListFlags) => runList(context, flags));
}

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
