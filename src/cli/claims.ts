import { basename } from 'node:path';
import type { Command } from 'commander';
import { type JudgedRow, judgeClaims } from '../check-claims.ts';
import { addDecimals, type Decimal, parseDecimal } from '../domain/amount.ts';
import { anywhere, type OwnTotal, overlap, type PublishedClaim, rowsOfClaims } from '../domain/claim.ts';
import type { AssetCode, EntityId, Sha256 } from '../domain/ids.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { fileChunks, readableFile, whyUnreadable } from '../lib/files.ts';
import { groupBy } from '../lib/group-by.ts';
import { hashOfChunks } from '../lib/hash.ts';
import { type ClaimList, looksLikeClaims, MAX_CLAIMS_BYTES, readClaims } from '../read-claims.ts';
import type { Store } from '../seams.ts';
import { claimJson, claimsTable } from './claims-text.ts';
import { type CliContext, EXIT } from './context.ts';
import { entityOf } from './entity-of.ts';
import { fail, note, printJson, write } from './output.ts';

interface Flags {
  readonly entity?: string;
  readonly asset?: string;
  readonly source?: string;
  readonly db?: string;
  readonly json?: boolean;
}

/** `claims import` and `claims list`: figures that are published about reserves, kept as printed and held against each other. */
export function register(program: Command, context: CliContext): void {
  const claims = program
    .command('claims')
    .description('published totals and percentages: kept as printed, checked, never a side of a ratio');
  claims
    .command('import')
    .argument('<file...>', 'CSV lists of published figures')
    .description('keep what is published, with its date precision, source and notes')
    .option('--entity <id>', 'whose figures they are, where the list does not say')
    .option('--source <text>', "where the list is from, for lines that name no source (default: the file's name)")
    .option('--db <path>', "database (default: the config's)")
    .option('--json', 'print {schema, data, warnings} instead of text')
    .action((files: readonly string[], flags: Flags) => importClaims(context, files, flags));
  claims
    .command('list')
    .description('every published figure with the interval that it may stand for, what contradicts it and what agrees')
    .option('--entity <id>', "only this entity's")
    .option('--asset <code>', 'only of this asset, with what is claimed of all')
    .option('--db <path>', "database (default: the config's)")
    .option('--json', 'print {schema, data, warnings} instead of a table')
    .action((flags: Flags) => listClaims(context, flags));
}

/** Whether a file is a list of claims, by its header. */
export async function isClaimList(path: string): Promise<boolean> {
  const text = await readText(path);
  return text.ok && looksLikeClaims(text.value.text);
}

/** Keeps the claims of the files; nothing is kept of any where one is no list of claims. */
export async function importClaims(context: CliContext, paths: readonly string[], flags: Flags): Promise<void> {
  const registry = await context.registry();
  if (!registry.ok) return fail(context, EXIT.usage, registry.error);
  const entity = flags.entity === undefined ? ok(null) : entityOf(registry.value, flags.entity);
  if (!entity.ok) return fail(context, EXIT.usage, entity.error);
  const claims: PublishedClaim[] = [];
  const warnings: string[] = [];
  let faults = 0;
  let rows = 0;
  for (const path of paths) {
    const file = await readText(path);
    if (!file.ok) return fail(context, EXIT.usage, file.error);
    const { text, documentSha256 } = file.value;
    const list = readClaims(text, {
      registry: registry.value,
      entity: entity.value,
      // A list that names no source is itself where its figures are from: its hash is kept with them.
      source: flags.source ?? basename(path),
      documentSha256,
      nowMs: context.clock.now(),
    });
    if (!list.ok) return fail(context, EXIT.usage, `${path}: ${list.error}`);
    claims.push(...list.value.claims);
    rows += list.value.rows;
    faults += list.value.faults.length;
    warnings.push(...faultTexts(path, list.value.faults));
    warnings.push(...list.value.warnings.map((warning) => `${path}: ${warning}`));
  }
  if (claims.length === 0) {
    for (const warning of warnings) await note(context, warning);
    return fail(context, EXIT.usage, 'nothing is kept: no line could be read');
  }
  const opened = await context.openStore(flags.db ?? null);
  if (!opened.ok) return fail(context, EXIT.usage, opened.error);
  let added: number;
  try {
    added = opened.value.store.addClaims(claims);
  } finally {
    opened.value.store.close();
  }
  if (flags.json === true) {
    const data = { rows, faults, figures: claims.length, new: added };
    await printJson(context, 'reservewatch.claims-import/1', data, warnings);
  } else {
    await write(
      context.stdout,
      `kept: ${claims.length} figures in ${rows} lines, ${added} of them new${faults === 0 ? '' : `; ${faults} lines could not be read`}\n`,
    );
    for (const warning of warnings) await note(context, `warning: ${warning}`);
  }
  context.exit(faults > 0 ? EXIT.partly : EXIT.good);
}

/** The lines that could not be read, those with one and the same reason in one sentence. */
function faultTexts(path: string, faults: ClaimList['faults']): readonly string[] {
  return [...groupBy(faults, ({ reason }) => reason)].map(([reason, same]) => {
    const first = same.slice(0, 10).map(({ line }) => line);
    const more = same.length - first.length;
    return `${path}:${first.join(', ')}${more > 0 ? ` and ${more} more lines` : ''}: ${reason}`;
  });
}

async function listClaims(context: CliContext, flags: Flags): Promise<void> {
  const registry = await context.registry();
  if (!registry.ok) return fail(context, EXIT.usage, registry.error);
  const named = flags.entity === undefined ? null : entityOf(registry.value, flags.entity);
  if (named !== null && !named.ok) return fail(context, EXIT.usage, named.error);
  const opened = await context.openStore(flags.db ?? null, { mustExist: true });
  if (!opened.ok) return fail(context, EXIT.usage, opened.error);
  let judged: readonly JudgedRow[];
  try {
    const { store } = opened.value;
    const rows = rowsOfClaims(named === null ? store.claims() : store.claims(named.value.id));
    judged = judgeClaims(rows, ownTotals(store, rows));
  } finally {
    opened.value.store.close();
  }
  const shown = judged.filter(
    ({ row }) => flags.asset === undefined || row.subject === flags.asset || row.asset === flags.asset,
  );
  if (flags.json === true) await printJson(context, 'reservewatch.claims/1', shown.map(claimJson));
  else if (shown.length === 0)
    await note(context, 'no published figure is kept for that; next: reservewatch claims import');
  else await write(context.stdout, claimsTable(context.stdout, shown));
  const bad = shown.some(
    ({ checks, conflicts }) => conflicts.length > 0 || checks.some(({ status }) => status === 'contradicts'),
  );
  context.exit(shown.length === 0 ? EXIT.undecided : bad ? EXIT.bad : EXIT.good);
}

/** What the imported lists of a claim's own time add up to, by asset. */
function ownTotals(store: Store, rows: ReturnType<typeof rowsOfClaims>): readonly OwnTotal[] {
  const entities = [...new Set(rows.map(({ entity }) => entity))];
  return entities.flatMap((entity) =>
    store.reports(entity).flatMap(({ file, asOfMs }) => {
      if (asOfMs === null) return [];
      const at = { fromMs: asOfMs, toMs: asOfMs + 1 };
      const wanted = rows.some((row) => row.entity === entity && row.asset !== null && overlap(anywhere(row.date), at));
      return wanted ? totalsOf(store, file.sha256, entity, asOfMs) : [];
    }),
  );
}

function totalsOf(store: Store, report: Sha256, entity: EntityId, asOfMs: number): readonly OwnTotal[] {
  const sums = new Map<AssetCode, Decimal>();
  for (const { asset, claimed } of [...store.trackedCells(report, entity), ...store.unreadRows(report, entity)]) {
    if (asset === null) continue;
    const amount = parseDecimal(claimed);
    if (!amount.ok) throw new Error(`report ${report}: ${amount.error}; run \`reservewatch db check\``);
    const known = sums.get(asset);
    sums.set(asset, known === undefined ? amount.value : addDecimals(known, amount.value));
  }
  return [...sums].map(([asset, total]) => ({ entity, asset, asOfMs, report, total }));
}

async function readText(path: string): Promise<Result<{ readonly text: string; readonly documentSha256: Sha256 }>> {
  const file = await readableFile(path);
  if (!file.ok) return file;
  if (file.value.size > MAX_CLAIMS_BYTES)
    return err(`${path}: larger than the ${MAX_CLAIMS_BYTES} bytes that are read`);
  try {
    const chunks: Uint8Array[] = [];
    for await (const chunk of file.value.open()) chunks.push(chunk);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
    return ok({ text, documentSha256: await hashOfChunks(fileChunks(path)) });
  } catch (error) {
    if (error instanceof TypeError) return err(`${path}: is not UTF-8 text`);
    return err(`${path}: ${whyUnreadable(error)}`);
  }
}
