import type { Command } from 'commander';
import { escapeText } from '../domain/ids.ts';
import { GRADES, type OwnershipFlag } from '../domain/ownership.ts';
import type { Registry } from '../domain/registry.ts';
import { type Explanation, explainProof } from '../explain-proof.ts';
import { createMessageFlags } from '../verify-ownership.ts';
import { type FindOptions, type FoundRow, findRows } from './addresses-find.ts';
import { type CliContext, EXIT, worstExit } from './context.ts';
import { explanationText } from './explain-text.ts';
import { fail, note, printJson, write } from './output.ts';

interface Flags extends FindOptions {
  readonly json?: boolean;
}

/** `addresses explain <address>`. */
export function registerExplain(addresses: Command, context: CliContext): void {
  addresses
    .command('explain')
    .argument('<address>', 'the address, in any spelling')
    .description(
      'the whole reasoning for an address: what was hashed, recovered and compared, and what it does not show',
    )
    .option('--entity <id>', 'whose list (default: every kept list that is in use)')
    .option(
      '--file <place>',
      "path or URL of a list, or the beginning of a kept report's sha256, in place of the kept lists",
    )
    .option('--db <path>', "database of the kept reports (default: the config's)")
    .option('--allow-private-address', 'for a URL in your own network: http and any address are allowed')
    .option('--json', 'print {schema, data, warnings} instead of text')
    .action((address: string, flags: Flags) => run(context, address, flags));
}

/** An explanation and where its row stands. */
interface Explained extends Explanation, Pick<FoundRow, 'file'> {
  readonly entity: string | null;
  readonly line: number;
  readonly height: string | null;
  readonly amount: string | null;
}

/** Flags that a row earns by other rows: they are taken over from its list. */
const OF_THE_LIST: readonly OwnershipFlag[] = ['repeated-signature', 'disputed'];

async function run(context: CliContext, address: string, flags: Flags): Promise<void> {
  const registry = await context.registry();
  if (!registry.ok) return fail(context, EXIT.usage, registry.error);
  const found = await findRows(context, registry.value, address, flags);
  if (!found.ok) return fail(context, EXIT.usage, found.error);
  const explained: Explained[] = [];
  const warnings: string[] = [];
  for (const one of found.value) {
    const explanation = await explainRow(registry.value, one);
    const { file, entity, listed, verdict } = one;
    const { line, height, amount, unstated } = listed.row;
    const claims = { line, height, amount: unstated ? null : amount };
    explained.push({ entity: entity?.id ?? null, file, ...claims, ...explanation });
    if (explanation.verdict.grade !== verdict.grade) {
      warnings.push(
        `${file.name} line ${listed.row.line} was kept as ${verdict.grade} under other rules; import the file anew to grade it again`,
      );
    }
  }
  if (flags.json) await printJson(context, 'reservewatch.explanation/1', explained, warnings);
  else {
    for (const { file, line, height, amount, entity, ...explanation } of explained) {
      const whose = entity === null ? '' : `, list of ${entity}`;
      const claims = `claims ${amount ?? 'no amount'}${height === null ? '' : ` at height ${height}`}`;
      const place = `${file.name} line ${line}${whose}, ${file.format}, sha256 ${file.sha256}, ${claims}`;
      await write(context.stdout, `${escapeText(place)}\n`);
      await write(context.stdout, `${explanationText(explanation)}\n`);
    }
    if (explained.length === 0) await write(context.stdout, 'no list has a row of that address\n');
    for (const warning of warnings) await note(context, `warning: ${warning}`);
  }
  const grades = new Set(explained.map(({ verdict }) => verdict.grade));
  const bad = grades.has('invalid') || grades.has('partial');
  const open = grades.has('undecided') || GRADES.every((grade) => !grades.has(grade));
  context.exit(worstExit(bad ? EXIT.bad : EXIT.good, open ? EXIT.undecided : EXIT.good));
}

function explainRow(registry: Registry, { entity, listed, verdict }: FoundRow): Promise<Explanation> {
  const { row, resolved } = listed;
  const network = (resolved.network && registry.networks.get(resolved.network)) ?? null;
  const flags = verdict.flags.filter((flag) => OF_THE_LIST.includes(flag));
  const { line: _line, height: _height, amount: _amount, unstated: _unstated, ...proof } = row;
  return explainProof(proof, { resolved, network }, createMessageFlags(entity?.aliases ?? []), flags);
}
