import type { Command } from 'commander';
import { type Compared, findLookalikes, type ListedText, type Lookalikes } from '../find-lookalikes.ts';
import type { KeptRow } from '../seams.ts';
import { type ListsOptions, type RowsOfList, withLists } from './addresses-lists.ts';
import { type CliContext, EXIT } from './context.ts';
import { fail, printJson, tableText, write } from './output.ts';

interface Flags extends ListsOptions {
  readonly json?: boolean;
}

/** `addresses lookalikes`. */
export function registerLookalikes(addresses: Command, context: CliContext): void {
  addresses
    .command('lookalikes')
    .description('find addresses that begin and end alike but are not the same; ends with 3 where there are any')
    .option('--entity <id>', 'whose list (default: every kept list that is in use, together)')
    .option(
      '--file <place>',
      "path or URL of a list, or the beginning of a kept report's sha256, in place of the kept lists",
    )
    .option('--db <path>', "database of the kept reports (default: the config's)")
    .option('--allow-private-address', 'for a URL in your own network: http and any address are allowed')
    .option('--json', 'print {schema, data, warnings} instead of text')
    .action((flags: Flags) => run(context, flags));
}

async function run(context: CliContext, flags: Flags): Promise<void> {
  const registry = await context.registry();
  if (!registry.ok) return fail(context, EXIT.usage, registry.error);
  const done = await withLists(context, registry.value, flags, async (lists) => {
    const found = findLookalikes(textsOf(lists));
    if (flags.json) await printJson(context, 'reservewatch.lookalikes/1', found);
    else await write(context.stdout, textOf(context, found.lookalikes, found.compared));
    return found.lookalikes.length > 0;
  });
  if (!done.ok) return fail(context, EXIT.usage, done.error);
  context.exit(done.value ? EXIT.bad : EXIT.good);
}

function* textsOf(lists: readonly RowsOfList[]): Generator<ListedText> {
  for (const { publisher, rows } of lists) yield* listedTexts(publisher, rows());
}

/** The addresses of rows; chains of one namespace are one place, as an account of one EVM chain is the same key on all. */
export function* listedTexts(by: string, rows: Iterable<KeptRow>): Generator<ListedText> {
  let last = '';
  for (const { listed } of rows) {
    const { address, resolved } = listed;
    if (address === null || resolved.chain === null || address === last) continue;
    last = address;
    yield { place: resolved.chain.slice(0, resolved.chain.indexOf(':')), address, by };
  }
}

const SHOWN_FORMS = 8;

function textOf(context: CliContext, lookalikes: readonly Lookalikes[], compared: readonly Compared[]): string {
  const largest = compared.toSorted((a, b) => b.addresses - a.addresses).slice(0, SHOWN_FORMS);
  const chance = largest.map(
    ({ place, form, addresses, expectedPairs }) =>
      `${addresses} of ${place} ${form}: chance alone makes ${expectedPairs.toPrecision(2)} pairs that share 4 characters at both ends\n`,
  );
  const notes = `Compared ${chance.length === 0 ? 'nothing: no address is long and random enough\n' : `\n${chance.join('')}`}`;
  if (lookalikes.length === 0) return `no two addresses look alike beyond chance\n${notes}`;
  const rows = lookalikes.flatMap(({ addresses, first, last, expected }) =>
    addresses.map(({ address, by }) => [address, by.join(' '), `${first}`, `${last}`, expected.toPrecision(2)]),
  );
  const head = ['address', 'lists', 'same first', 'same last', 'expected by chance'];
  return `${tableText(context.stdout, head, rows, head.slice(2))}\n${notes}`;
}
