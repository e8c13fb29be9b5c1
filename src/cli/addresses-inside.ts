import type { Command } from 'commander';
import { type Double, type DoubleKind, findDoubles } from '../find-doubles.ts';
import { type ListsOptions, withLists } from './addresses-lists.ts';
import { type CliContext, EXIT } from './context.ts';
import { fail, printJson, tableText, write } from './output.ts';

interface Flags extends ListsOptions {
  readonly json?: boolean;
}

/** `addresses inside`. */
export function registerInside(addresses: Command, context: CliContext): void {
  addresses
    .command('inside')
    .description(
      'find what one list names twice: a cell under two labels or spellings, a staking pod beside its validators',
    )
    .option('--entity <id>', 'whose list (default: every kept list that is in use)')
    .option(
      '--file <place>',
      "path or URL of a list, or the beginning of a kept report's sha256, in place of the kept lists",
    )
    .option('--db <path>', "database of the kept reports (default: the config's)")
    .option('--allow-private-address', 'for a URL in your own network: http and any address are allowed')
    .option('--json', 'print {schema, data, warnings} instead of text')
    .action((flags: Flags) => run(context, flags));
}

/** What each kind means, and what is done about it. */
const MEANING: Readonly<Record<DoubleKind, string>> = {
  'two-labels': 'one account and asset under two labels: counted once, with its largest claim',
  'two-spellings': 'one account in two spellings: counted once, with its largest claim',
  'repeated-row': 'one account and asset in two rows: counted once, with its largest claim',
  pod: 'a staking pod beside its validators: the same coins, unless its amount is only what was withdrawn to it',
  owner: "validators' withdrawal address whose amount could hold all that they claim: perhaps the same coins",
};

async function run(context: CliContext, flags: Flags): Promise<void> {
  const registry = await context.registry();
  if (!registry.ok) return fail(context, EXIT.usage, registry.error);
  const done = await withLists(context, registry.value, flags, async (lists) => {
    const found = lists.map(({ publisher, file, rows }) => ({ publisher, file, doubles: findDoubles(rows) }));
    if (flags.json) {
      const meant = found.map(({ doubles, ...list }) => ({
        ...list,
        doubles: doubles.map((one) => ({ ...one, meaning: MEANING[one.kind] })),
      }));
      await printJson(context, 'reservewatch.doubles/1', meant);
    } else await write(context.stdout, textOf(context, found));
    return found.some(({ doubles }) => doubles.length > 0);
  });
  if (!done.ok) return fail(context, EXIT.usage, done.error);
  context.exit(done.value ? EXIT.bad : EXIT.good);
}

function textOf(
  context: CliContext,
  found: readonly { readonly publisher: string; readonly doubles: readonly Double[] }[],
): string {
  const rows = found.flatMap(({ publisher, doubles }) =>
    doubles.map(({ kind, address, asset, labels, addressTexts, lines, counted, summed, validators }) => [
      publisher,
      kind,
      address ?? '-',
      asset,
      labels.join(' '),
      addressTexts.join(' '),
      lines.length > 5 ? `${lines.slice(0, 5).join(' ')} … (${lines.length})` : lines.join(' '),
      counted ?? '-',
      validators === null ? (summed ?? '-') : `${validators.claimed} of ${validators.rows} validators`,
    ]),
  );
  if (rows.length === 0) return 'no list names an account and asset twice, nor a staking pod beside its validators\n';
  const head = ['list', 'kind', 'address', 'asset', 'labels', 'printed as', 'lines', 'counted', 'rows add up to'];
  const kinds = new Set(found.flatMap(({ doubles }) => doubles.map(({ kind }) => kind)));
  const legend = [...kinds].map((kind) => `${kind}: ${MEANING[kind]}\n`).join('');
  return `${tableText(context.stdout, head, rows, ['counted'])}\n${legend}`;
}
