import { basename } from 'node:path';
import type { Command } from 'commander';
import type { CallFile, LiabilityEntry } from '../check-liabilities.ts';
import { formatDecimal, parseDecimal } from '../domain/amount.ts';
import { quote, type Sha256 } from '../domain/ids.ts';
import { LIABILITY_GRADES, type LiabilityGrade, type Statement } from '../domain/liability.ts';
import type { Registry } from '../domain/registry.ts';
import { err, ok, type Result } from '../domain/result.ts';
import type { CircuitPin, ProofTotal } from '../liabilities/types.ts';
import { fileChunks, whyUnreadable } from '../lib/files.ts';
import { hashOfChunks } from '../lib/hash.ts';
import { isClaimList } from './claims.ts';
import { type CliContext, EXIT } from './context.ts';
import { entityOf } from './entity-of.ts';
import { knownAsset, readAmount, readAsOf } from './liabilities-add.ts';
import { statementJson, statementText } from './liabilities-list.ts';
import { checkOpened, openLiabilityFiles } from './liability-files.ts';
import { fail, note, printJson, write } from './output.ts';

interface ImportFlags {
  readonly entity: string;
  readonly asOf: string;
  readonly precision?: string;
  readonly source?: string;
  readonly circuit?: string;
  readonly decimals?: readonly string[];
  readonly db?: string;
  readonly json?: boolean;
}

type LoadCircuits = (given: string | undefined) => Promise<Result<readonly CircuitPin[]>>;

/** What the batch-proof formats append to the name of a total in smallest units. */
const UNITS = '-units';

/** `liabilities import <proof…>`: the totals that a valid proof binds asset by asset, as statements. */
export function registerImport(liabilities: Command, context: CliContext, loadCircuits: LoadCircuits): void {
  liabilities
    .command('import')
    .argument('<path...>', 'proof files or folders of one round; they form one set')
    .description(
      'check proofs and keep the per-asset totals that a valid one binds (lists of published figures: claims import)',
    )
    .requiredOption('--entity <id>', 'whose proof it is')
    .requiredOption('--as-of <time>', 'the moment the proof is for, ISO-8601 with an offset')
    .option('--precision <unit>', 'how finely that moment is stated (default: as written)')
    .option('--source <text>', "where a person can look it up (default: the proof's file name)")
    .option('--circuit <file>', 'as for liabilities check')
    .option(
      '--decimals <n|ASSET=n...>',
      'for formats that do not state their unit: how many decimals their whole numbers have, for all or by asset',
    )
    .option('--db <path>', "database (default: the config's)")
    .option('--json', 'print {schema, data, warnings} instead of text')
    .action((paths: readonly string[], flags: ImportFlags) => runImport(context, paths, flags, loadCircuits));
}

async function runImport(
  context: CliContext,
  paths: readonly string[],
  flags: ImportFlags,
  loadCircuits: LoadCircuits,
): Promise<void> {
  const nowMs = context.clock.now();
  const usage = (message: string) => fail(context, EXIT.usage, message);
  const registry = await context.registry();
  if (!registry.ok) return usage(registry.error);
  const entity = entityOf(registry.value, flags.entity);
  if (!entity.ok) return usage(entity.error);
  const date = readAsOf(flags.asOf, flags.precision, nowMs);
  if (!date.ok) return usage(date.error);
  const decimals = readDecimals(flags.decimals ?? []);
  if (!decimals.ok) return usage(decimals.error);
  const circuits = await loadCircuits(flags.circuit);
  if (!circuits.ok) return usage(circuits.error);
  for (const path of paths)
    if (await isClaimList(path))
      return usage(`${path} is a list of published figures, not a proof; next: reservewatch claims import ${path}`);
  const files = await openLiabilityFiles(paths);
  if (!files.ok) return usage(files.error);
  if (files.value.files.length === 0) return usage(`no file in ${paths.join(', ')}`);
  const checked = await checkOpened(files.value, circuits.value);
  if (!checked.ok) return usage(checked.error);
  const { entries, warnings } = checked.value;
  const invalid = entries.filter(({ verdict }) => verdict === 'invalid');
  if (invalid.length > 0) return fail(context, EXIT.bad, `nothing is kept: ${invalid.map(whyInvalid).join('; ')}`);

  const statements: Statement[] = [];
  const left = [...warnings];
  let lost = 0;
  let inclusions = 0;
  for (const entry of entries) {
    if (entry.verdict === 'valid' && entry.binding === 'none') {
      inclusions += 1;
      continue;
    }
    const reason = whyNot(entry);
    if (reason !== null) {
      left.push(`${entry.file}: ${reason}`);
      // What proves no total of one asset is not missing from the statements; what could not be judged is.
      if (entry.verdict !== 'valid') lost += 1;
      continue;
    }
    const document = await hashOfEntry(entry, files.value.files);
    if (!document.ok) return usage(document.error);
    for (const total of entry.totals) {
      const owed = readTotal(total, decimals.value, registry.value);
      if (!owed.ok) {
        lost += 1;
        left.push(`${entry.file}: ${owed.error}`);
      } else
        statements.push({
          ...{ kind: 'liability', entity: entity.value.id, ...owed.value, ...date.value },
          source: flags.source ?? basename(entry.file),
          documentSha256: document.value,
          grade: entry.grade as LiabilityGrade,
          binding: entry.binding,
          recordedAtMs: nowMs,
        });
    }
  }
  if (inclusions > 0)
    left.push(
      inclusions === 1
        ? '1 valid proof binds no total: it shows that an account, or a list, is under a root'
        : `${inclusions} valid proofs bind no total: they show that accounts, or lists, are under a root`,
    );
  const twice = statements.find((one, at) => statements.findIndex(({ asset }) => asset === one.asset) !== at);
  if (twice) return usage(`two proofs of the call state ${twice.asset}: import one round at a time`);
  if (statements.length > 0) {
    const opened = await context.openStore(flags.db ?? null);
    if (!opened.ok) return usage(opened.error);
    try {
      for (const statement of statements) opened.value.store.addStatement(statement);
    } finally {
      opened.value.store.close();
    }
  }
  if (flags.json === true) {
    const data = statements.map((one) => statementJson(one, null, nowMs));
    await printJson(context, 'reservewatch.statements/1', data, left);
  } else {
    for (const one of statements) await write(context.stdout, `kept: ${statementText(one)}\n`);
    for (const one of left) await note(context, `not kept: ${one}`);
  }
  context.exit(statements.length === 0 ? EXIT.undecided : lost > 0 ? EXIT.partly : EXIT.good);
}

const whyInvalid = ({ file, checks }: LiabilityEntry): string =>
  `${file} is invalid (${checks
    .filter(({ status }) => status === 'fail')
    .map(({ name }) => name)
    .join(', ')})`;

/** Why an entry states no per-asset liabilities; null where it does. */
function whyNot({ verdict, grade, binding, totals, checks }: LiabilityEntry): string | null {
  if (verdict !== 'valid') {
    const open = checks.find(({ status }) => status === 'skipped');
    return `undecided${open === undefined ? '' : ` (${open.detail})`}`;
  }
  if (binding === 'combined-total') return 'only a combined total is proven, which is no amount of any one asset';
  if (totals.length === 0) return 'it states no total';
  return (LIABILITY_GRADES as readonly string[]).includes(grade) ? null : `its grade is ${grade}`;
}

/** One total in coin units; an error where its unit is not known: a number without a unit never makes a ratio. */
function readTotal(
  total: ProofTotal,
  decimals: ReadonlyMap<string, number>,
  registry: Registry,
): Result<Pick<Statement, 'asset'> & { readonly amount: NonNullable<Statement['amount']> }> {
  const name = total.asset.endsWith(UNITS) ? total.asset.slice(0, -UNITS.length) : total.asset;
  const asset = knownAsset(registry, name);
  if (!asset.ok) return asset;
  const number = parseDecimal(total.amount);
  if (!number.ok) return err(`${name}: ${number.error}`);
  const scale = total.decimals ?? decimals.get(name) ?? decimals.get('');
  if (scale === undefined)
    return err(`${name}: ${openUnit(total)}; if you know it, say it with --decimals ${name}=<n>`);
  const text = formatDecimal({ unscaled: number.value.unscaled, scale: number.value.scale + scale });
  const amount = readAmount(text, asset.value);
  return amount.ok ? ok({ asset: asset.value.code, amount: amount.value }) : err(`${name}: ${amount.error}`);
}

/** Why a total is no amount of its asset yet. */
const openUnit = ({ amount, unit }: ProofTotal): string =>
  unit === null
    ? `the files do not state the unit of ${amount}: all coins are added up, so it may be dollars`
    : `the files do not state the unit of ${amount}: how many decimals its smallest unit has`;

/** `8` for all assets (under the empty name), `BTC=8` for one. */
function readDecimals(texts: readonly string[]): Result<ReadonlyMap<string, number>> {
  const decimals = new Map<string, number>();
  for (const text of texts) {
    const match = /^(?:([A-Za-z0-9.-]{1,24})=)?(\d{1,2})$/.exec(text);
    if (!match) return err(`--decimals ${quote(text)} must be a number, or ASSET=number`);
    decimals.set(match[1] ?? '', Number.parseInt(match[2] as string, 10));
  }
  return ok(decimals);
}

/** The hash of the file that an entry is about; null where it is about several. */
async function hashOfEntry({ file }: LiabilityEntry, files: readonly CallFile[]): Promise<Result<Sha256 | null>> {
  const found = files.find(({ name }) => name === file);
  if (found === undefined) return ok(null);
  try {
    return ok(await hashOfChunks(found.readChunks?.() ?? fileChunks(found.name)));
  } catch (error) {
    return err(`${file}: ${whyUnreadable(error)}`);
  }
}
