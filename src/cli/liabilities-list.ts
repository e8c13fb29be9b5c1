import type { Command } from 'commander';
import { formatDecimal } from '../domain/amount.ts';
import { escapeText } from '../domain/ids.ts';
import type { Statement } from '../domain/liability.ts';
import { spanOf } from '../domain/percent.ts';
import { formatAge, formatTime } from '../domain/time.ts';
import { chooseStatement, conflictsWith } from '../solvency/choose-statement.ts';
import { spanJson, spanText } from './claims-text.ts';
import { optionalConfig } from './config-faults.ts';
import { type CliContext, EXIT } from './context.ts';
import { entityOf } from './entity-of.ts';
import { fail, note, printJson, tableText, write } from './output.ts';

interface ListFlags {
  readonly entity?: string;
  readonly asset?: string;
  readonly db?: string;
  readonly json?: boolean;
}

/** How a statement stands among the others of its subject: it decides the comparisons, or states another amount of one moment. */
export interface Standing {
  readonly inForce: boolean;
  readonly conflict: boolean;
}

/** `liabilities list`: every statement that is not superseded, those of the config included. */
export function registerList(liabilities: Command, context: CliContext): void {
  liabilities
    .command('list')
    .description('list what entities state that they owe, or hold elsewhere, newest first')
    .option('--entity <id>', "only this entity's")
    .option('--asset <code>', 'only of this asset')
    .option('--db <path>', "database (default: the config's)")
    .option('--json', 'print {schema, data, warnings} instead of a table')
    .action((flags: ListFlags) => runList(context, flags));
}

async function runList(context: CliContext, flags: ListFlags): Promise<void> {
  const registry = await context.registry();
  if (!registry.ok) return fail(context, EXIT.usage, registry.error);
  const named = flags.entity === undefined ? null : entityOf(registry.value, flags.entity);
  if (named !== null && !named.ok) return fail(context, EXIT.usage, named.error);
  const found = await optionalConfig(context);
  if (found === null) return;
  const opened = await context.openStore(flags.db ?? null, { mustExist: true });
  if (!opened.ok) return fail(context, EXIT.usage, opened.error);
  const ids = named === null ? [...registry.value.entities.keys()] : [named.value.id];
  let statements: readonly Statement[];
  try {
    const { store } = opened.value;
    statements = ids.flatMap((id) => [
      ...(found.config?.entities.get(id)?.statements ?? []),
      ...store.statements(id, 'liability'),
      ...store.statements(id, 'custody'),
    ]);
  } finally {
    opened.value.store.close();
  }
  const nowMs = context.clock.now();
  const shown = statements.filter(({ asset }) => flags.asset === undefined || asset === flags.asset);
  const standings = new Map(shown.map((one) => [one, standingOf(one, statements, nowMs)]));
  if (flags.json === true) {
    const data = shown.map((one) => statementJson(one, standings.get(one) ?? null, nowMs));
    return printJson(context, 'reservewatch.statements/1', data);
  }
  if (shown.length === 0) return note(context, 'no statement is kept for that; next: reservewatch liabilities add');
  const head = ['entity', 'asset', 'kind', 'figure', 'as of', 'age', 'grade', 'binding', 'stands', 'source'];
  const cells = shown.map((one) => [
    one.entity,
    one.asset,
    one.kind,
    figureText(one),
    asOfText(one),
    formatAge(nowMs - one.asOfMs),
    one.grade,
    one.binding,
    standingText(standings.get(one) as Standing),
    one.source,
  ]);
  await write(context.stdout, tableText(context.stdout, head, cells, ['figure']));
}

/** Whether a statement decides now, and whether another of the same moment states another amount. */
function standingOf(one: Statement, all: readonly Statement[], nowMs: number): Standing {
  const { amount } = one;
  const conflict =
    amount !== null && one.binding !== 'combined-total' && conflictsWith(all, { ...one, amount }).length > 0;
  return { inForce: chooseStatement(all, one, nowMs) === one, conflict };
}

const standingText = ({ inForce, conflict }: Standing): string =>
  [...(inForce ? ['in force'] : []), ...(conflict ? ['conflict'] : [])].join(', ') || '-';

/** A statement as `reservewatch.statements/1` prints it: amounts in coin units, `percent` with the span that it may stand for. */
export function statementJson(one: Statement, standing: Standing | null, nowMs: number): Record<string, unknown> {
  const span = one.published === undefined ? null : spanOf(one.published);
  return {
    entity: one.entity,
    asset: one.asset,
    kind: one.kind,
    amount: one.amount === null ? null : formatDecimal(one.amount),
    percent:
      one.published === undefined
        ? null
        : {
            ...one.published,
            span: span?.ok ? spanJson(span.value) : null,
          },
    asOf: formatTime(one.asOfMs),
    asOfText: one.asOfText ?? null,
    precision: one.asOfPrecision ?? null,
    ageSeconds: Math.max(0, Math.floor((nowMs - one.asOfMs) / 1000)),
    source: one.source,
    documentSha256: one.documentSha256,
    grade: one.grade,
    binding: one.binding,
    scope: one.scope ?? null,
    auditor: one.auditor ?? null,
    recordedAt: formatTime(one.recordedAtMs),
    ...(standing ?? {}),
  };
}

function figureText({ amount, published }: Statement): string {
  if (amount !== null) return formatDecimal(amount);
  const span = published === undefined ? null : spanOf(published);
  if (published === undefined || !span?.ok) return '?';
  return `${published.text} (${spanText(span.value)} %)`;
}

const asOfText = ({ asOfMs, asOfText: text, asOfPrecision }: Statement): string =>
  asOfPrecision === 'day' ? `${text ?? formatTime(asOfMs)} (to the day)` : formatTime(asOfMs);

/** A statement in one line for people, escaped: what, when, by whom and how well bound. */
export const statementText = (one: Statement): string =>
  escapeText(
    `${one.entity} ${one.asset} ${one.kind} ${figureText(one)} as of ${asOfText(one)}, grade ${one.grade}, binding ${one.binding}, source ${one.source}`,
  );
