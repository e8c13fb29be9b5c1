import type { Command } from 'commander';
import { type Decimal, parseDecimal, toBaseUnits } from '../domain/amount.ts';
import { type AssetCode, quote, type Sha256 } from '../domain/ids.ts';
import { ROUNDINGS, type Rounding, type Statement } from '../domain/liability.ts';
import { spanOf } from '../domain/percent.ts';
import type { Registry } from '../domain/registry.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { parseTime, TIME_PRECISIONS, type TimePrecision, writtenPrecision } from '../domain/time.ts';
import { readableFile, whyUnreadable } from '../lib/files.ts';
import { hashOfChunks } from '../lib/hash.ts';
import { didYouMean } from '../lib/nearest.ts';
import { type CliContext, EXIT } from './context.ts';
import { entityOf } from './entity-of.ts';
import { statementJson, statementText } from './liabilities-list.ts';
import { fail, note, printJson, write } from './output.ts';

interface AddFlags {
  readonly publishedPercent?: string;
  readonly rounding: string;
  readonly asOf: string;
  readonly precision?: string;
  readonly source: string;
  readonly document?: string;
  readonly scope?: string;
  readonly auditor?: string;
  readonly kind: string;
  readonly db?: string;
  readonly json?: boolean;
}

/** `liabilities add <entity> <asset> [amount]`: one dated statement of what is owed, or held elsewhere. */
export function registerAdd(liabilities: Command, context: CliContext): void {
  liabilities
    .command('add')
    .argument('<entity>', 'who states it')
    .argument('<asset>', 'ratio asset, e.g. USDT')
    .argument('[amount]', 'in coin units; left out where only a percentage is published')
    .description('keep a dated statement; the same source and as-of again corrects it')
    .requiredOption('--as-of <time>', 'the moment it was attested for, ISO-8601 with an offset')
    .requiredOption('--source <text>', 'where a person can look it up: a URL, a document name')
    .option('--kind <kind>', 'liability, or custody (stated to be held elsewhere)', 'liability')
    .option('--published-percent <text>', 'a percentage as printed, e.g. "102 %": shown, never part of a ratio')
    .option('--rounding <mode>', `how the percentage is rounded: ${ROUNDINGS.join(', ')}`, 'unknown')
    .option(
      '--precision <unit>',
      `how finely the moment is stated: ${TIME_PRECISIONS.join(', ')} (default: as written)`,
    )
    .option('--document <file>', 'the published document: its sha256 is kept')
    .option('--scope <text>', 'what the publisher says is covered')
    .option('--auditor <name>', 'who attested it; grade auditor needs --document too')
    .option('--db <path>', "database (default: the config's)")
    .option('--json', 'print {schema, data, warnings} instead of text')
    .action((entity: string, asset: string, amount: string | undefined, flags: AddFlags) =>
      runAdd(context, entity, asset, amount, flags),
    );
}

async function runAdd(
  context: CliContext,
  entity: string,
  asset: string,
  amount: string | undefined,
  flags: AddFlags,
): Promise<void> {
  const registry = await context.registry();
  if (!registry.ok) return fail(context, EXIT.usage, registry.error);
  const document = flags.document === undefined ? ok(null) : await hashOfFile(flags.document);
  if (!document.ok) return fail(context, EXIT.usage, `--document ${document.error}`);
  const statement = readStatement(
    { entity, asset, amount, flags },
    registry.value,
    document.value,
    context.clock.now(),
  );
  if (!statement.ok) return fail(context, EXIT.usage, statement.error);
  const opened = await context.openStore(flags.db ?? null);
  if (!opened.ok) return fail(context, EXIT.usage, opened.error);
  try {
    opened.value.store.addStatement(statement.value);
  } finally {
    opened.value.store.close();
  }
  const json = statementJson(statement.value, null, context.clock.now());
  if (flags.json === true) await printJson(context, 'reservewatch.statements/1', [json]);
  else await write(context.stdout, `kept: ${statementText(statement.value)}\n`);
  if (flags.auditor !== undefined && statement.value.grade === 'stated')
    await note(context, 'without --document nothing ties this to what the auditor signed: its grade is stated');
}

interface Given {
  readonly entity: string;
  readonly asset: string;
  readonly amount: string | undefined;
  readonly flags: AddFlags;
}

function readStatement(
  { entity: named, asset: code, amount: text, flags }: Given,
  registry: Registry,
  documentSha256: Sha256 | null,
  nowMs: number,
): Result<Statement> {
  const entity = entityOf(registry, named);
  if (!entity.ok) return entity;
  const asset = knownAsset(registry, code);
  if (!asset.ok) return asset;
  const kind = (['liability', 'custody'] as const).find((one) => one === flags.kind);
  if (kind === undefined) return err(`--kind ${quote(flags.kind)} must be liability or custody`);
  const date = readAsOf(flags.asOf, flags.precision, nowMs);
  if (!date.ok) return date;
  for (const flag of ['source', 'scope', 'auditor'] as const) {
    const value = flags[flag];
    if (value !== undefined && (value.trim() === '' || value.length > 1_000))
      return err(`--${flag} must have 1 to 1000 characters`);
  }
  const figure = readFigure(kind, asset.value, text, flags);
  if (!figure.ok) return figure;
  const { scope, auditor, source } = flags;
  const attested = auditor !== undefined && documentSha256 !== null;
  return ok({
    kind,
    entity: entity.value.id,
    asset: asset.value.code,
    ...figure.value,
    ...date.value,
    source,
    documentSha256,
    grade: figure.value.amount === null ? 'percentage' : attested ? 'auditor' : 'stated',
    binding: 'none',
    recordedAtMs: nowMs,
    ...(scope === undefined ? {} : { scope }),
    ...(auditor === undefined ? {} : { auditor }),
  });
}

interface KnownAsset {
  readonly code: AssetCode;
  readonly decimals: number;
}

/** A ratio asset of the registry with its decimals; an error names one that is spelled alike. */
export function knownAsset({ assetDecimals }: Registry, code: string): Result<KnownAsset> {
  const decimals = assetDecimals.get(code as AssetCode);
  if (decimals !== undefined) return ok({ code: code as AssetCode, decimals });
  return err(`unknown asset ${quote(code)}${didYouMean(code, assetDecimals.keys())}`);
}

/** An amount in coin units, exactly, no finer than the asset. */
export function readAmount(text: string, { decimals }: KnownAsset): Result<Decimal> {
  const amount = parseDecimal(text);
  if (!amount.ok) return amount;
  const units = toBaseUnits(amount.value, decimals);
  return units.ok ? amount : units;
}

function readFigure(
  kind: Statement['kind'],
  asset: KnownAsset,
  text: string | undefined,
  { publishedPercent, rounding: mode }: AddFlags,
): Result<Pick<Statement, 'amount' | 'published'>> {
  if ((text === undefined) === (publishedPercent === undefined))
    return err('give an amount or --published-percent: one of the two');
  if (text !== undefined) {
    const amount = readAmount(text, asset);
    return amount.ok ? ok({ amount: amount.value }) : amount;
  }
  if (kind === 'custody') return err('a percentage is of liabilities: custody needs an amount');
  const rounding = ROUNDINGS.find((one): one is Rounding => one === mode);
  if (rounding === undefined) return err(`--rounding ${quote(mode)} must be one of ${ROUNDINGS.join(', ')}`);
  const published = { text: publishedPercent as string, rounding };
  const span = spanOf(published);
  return span.ok ? ok({ amount: null, published }) : err(`--published-percent: ${span.error}`);
}

/** A moment of the past with its text and precision; an error names the flag. */
export function readAsOf(
  text: string,
  precision: string | undefined,
  nowMs: number,
): Result<Required<Pick<Statement, 'asOfMs' | 'asOfText' | 'asOfPrecision'>>> {
  const asOf = parseTime(text);
  if (!asOf.ok) return err(`--as-of: ${asOf.error}`);
  if (asOf.value > nowMs) return err(`--as-of: ${quote(text)} lies in the future`);
  const asOfPrecision = TIME_PRECISIONS.find(
    (one): one is TimePrecision => one === (precision ?? writtenPrecision(text)),
  );
  if (asOfPrecision === undefined)
    return err(`--precision ${quote(precision ?? '')} must be one of ${TIME_PRECISIONS.join(', ')}`);
  return ok({ asOfMs: asOf.value, asOfText: text, asOfPrecision });
}

async function hashOfFile(path: string): Promise<Result<Sha256>> {
  const file = await readableFile(path);
  if (!file.ok) return file;
  try {
    return ok(await hashOfChunks(file.value.open()));
  } catch (error) {
    return err(`${path}: ${whyUnreadable(error)}`);
  }
}
