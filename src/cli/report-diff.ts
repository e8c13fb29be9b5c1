import type { Command } from 'commander';
import { type AssetMoves, diffMoves, keptReadings } from '../diff-moves.ts';
import { collectCells, diffReports, type ListContent, type ListedCell, type ReportDiff } from '../diff-reports.ts';
import { type CliContext, EXIT } from './context.ts';
import { addLimitFlags, type LimitFlags } from './limit-flags.ts';
import { fail, note, printJson, tableText, write } from './output.ts';
import { type ReadList, readList } from './read-list.ts';

interface DiffFlags extends LimitFlags {
  readonly entity?: string;
  readonly db?: string;
  readonly json?: boolean;
  readonly allowPrivateAddress?: boolean;
}

/** `report diff <before> <after>`: what changed from one published list to another. */
export function registerDiff(report: Command, context: CliContext): void {
  addLimitFlags(report.command('diff'))
    .argument('<before>', "path or URL of a published list, or the beginning of a kept report's sha256")
    .argument('<after>', 'the same for the newer list')
    .description('say what changed: assets in scope, totals, addresses, amounts, grades and labels')
    .option('--entity <id>', "whose lists they are (default: as kept, else the layout's publisher)")
    .option('--db <path>', "database of the kept reports (default: the config's)")
    .option('--allow-private-address', 'for a URL in your own network: http and any address are allowed')
    .option('--json', 'print {schema, data, warnings} instead of text')
    .action((before: string, after: string, flags: DiffFlags) => runDiff(context, before, after, flags));
}

async function runDiff(context: CliContext, before: string, after: string, flags: DiffFlags): Promise<void> {
  const a = await readList(context, before, flags);
  if (!a.ok) return fail(context, EXIT.usage, a.error);
  const b = await readList(context, after, flags);
  if (!b.ok) return fail(context, EXIT.usage, b.error);
  const diff = diffReports(contentOf(a.value), contentOf(b.value));
  const moves = await movesBetween(context, a.value, b.value, flags);
  const warnings = [a.value, b.value].flatMap(({ verified: { file, tally } }) =>
    tally.rows.faults === 0
      ? []
      : [`${file.name}: ${tally.rows.faults} lines were not understood and are not in the comparison`],
  );
  if (flags.json) {
    const data = { before: a.value.verified.file, after: b.value.verified.file, ...diff, moves };
    await printJson(context, 'reservewatch.diff/1', data, warnings);
  } else {
    await write(context.stdout, diffText(context, a.value, b.value, diff, moves));
    for (const warning of warnings) await note(context, `warning: ${warning}`);
  }
  context.exit(warnings.length > 0 ? EXIT.partly : EXIT.good);
}

/** The moves, with what the store read at both lists' addresses where it keeps them; the newer file explains what it newly lists. */
async function movesBetween(
  context: CliContext,
  a: ReadList,
  b: ReadList,
  flags: DiffFlags,
): Promise<readonly (AssetMoves & { readonly explainedBy: string | null })[]> {
  const registry = await context.registry();
  const opened = registry.ok ? await context.openStore(flags.db ?? null, { mustExist: true }) : registry;
  const lists = { before: a.verified.file.sha256, after: b.verified.file.sha256 };
  const readings = opened.ok && registry.ok ? keptReadings(opened.value.store, registry.value, lists) : null;
  if (opened.ok) opened.value.store.close();
  return diffMoves(a.rows, b.rows, readings).moves.map((one) => ({
    ...one,
    explainedBy: one.explained === '0' ? null : lists.after,
  }));
}

function contentOf({ rows, verified }: ReadList): ListContent {
  const content = collectCells(rows);
  for (const { label } of verified.summaries) content.labels.add(label.replace(/\s*\(all\)$/i, ''));
  return content;
}

const shown = (cell: Pick<ListedCell, 'chain' | 'address' | 'asset'>): readonly string[] => [
  cell.asset,
  cell.chain ?? '-',
  cell.address,
];

function diffText(
  context: CliContext,
  a: ReadList,
  b: ReadList,
  diff: ReportDiff,
  moves: readonly AssetMoves[],
): string {
  const { stdout } = context;
  const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] =>
    rows.length === 0 ? [] : [tableText(stdout, head, rows, ['before', 'after', 'change', 'amount'])];
  const list = (what: string, names: readonly string[]): string[] =>
    names.length === 0
      ? []
      : [
          tableText(
            stdout,
            [what],
            names.map((name) => [name]),
          ),
        ];
  return [
    tableText(
      stdout,
      ['list', 'sha256', 'rows'],
      [a, b].map(({ verified: { file, tally } }) => [file.name, file.sha256, `${tally.rows.counted}`]),
    ),
    ...list('asset added', diff.scope.assetsAdded),
    ...list('asset dropped', diff.scope.assetsDropped),
    ...table(
      ['asset', 'before', 'after', 'change'],
      diff.totals.map((one) => [one.asset, one.before ?? '-', one.after ?? '-', one.change]),
    ),
    ...table(
      ['new asset', 'chain', 'address', 'amount', 'grade'],
      diff.added.map((cell) => [...shown(cell), cell.amount, cell.grade]),
    ),
    ...table(
      ['gone asset', 'chain', 'address', 'amount', 'grade'],
      diff.removed.map((cell) => [...shown(cell), cell.amount, cell.grade]),
    ),
    ...table(
      ['asset', 'chain', 'address', 'before', 'after', 'change'],
      diff.amounts.map((one) => [...shown(one), one.before, one.after, one.change]),
    ),
    ...table(
      ['asset', 'chain', 'address', 'grade before', 'grade after'],
      diff.grades.map((one) => [...shown(one), one.before, one.after]),
    ),
    ...table(
      ['asset', 'chain', 'address', 'label before', 'label after'],
      diff.labels.map((one) => [...shown(one), one.before.join(' '), one.after.join(' ')]),
    ),
    ...list('label added', diff.labelsAdded),
    ...list('label dropped', diff.labelsDropped),
    ...table(
      [
        'moved asset',
        'lost at addresses',
        'stayed inside',
        'held at new ones',
        'explained',
        'not explained',
        'figures',
      ],
      moves.map((one) => [
        one.asset,
        one.lost,
        one.raised,
        one.gained,
        one.explained === '0' ? '0' : `${one.explained} by ${b.verified.file.sha256.slice(0, 12)}`,
        one.unexplained,
        `lost ${one.lostBy}, new ${one.gainedBy}${one.unknown === 0 ? '' : `, ${one.unknown} unknown`}`,
      ]),
    ),
    `${diff.unchanged} addresses did not change\n`,
  ].join('\n');
}
