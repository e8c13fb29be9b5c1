import type { ClaimMetric, PublishedClaim } from './domain/claim.ts';
import { parseClaimDate } from './domain/claim.ts';
import { type AssetCode, type EntityId, quote, type Sha256 } from './domain/ids.ts';
import { parseFigure } from './domain/printed-figure.ts';
import type { Entity, Registry } from './domain/registry.ts';
import { err, ok, type Result } from './domain/result.ts';
import { type CsvTable, parseCsvTable } from './lib/csv-table.ts';

/** Largest list of claims that is read: one line a report and asset is a few kilobytes a year. */
export const MAX_CLAIMS_BYTES = 16 * 1024 * 1024;

/** Longest cell of a list of claims, in characters. */
const MAX_CELL = 4_000;

/** The columns that are figures, and what they are figures of. */
const FIGURES: Readonly<Record<string, ClaimMetric>> = {
  reserves: 'reserves',
  liabilities: 'liabilities',
  ratio_pct_published: 'ratio',
  ratio_pct_computed: 'computed-ratio',
  reserves_exchange_wallets: 'wallets',
  reserves_third_party_custody: 'custody',
  ratio_pct_exchange_wallets_only: 'wallets-ratio',
};
const WORDS = [
  'report_no',
  'entity',
  'date',
  'date_precision',
  'asset',
  'metric',
  'value',
  'qualifier',
  'source',
  'note',
];

/** What a list of claims is, for the error where a file is none. */
export const CLAIMS_LOOKED_FOR = `a CSV header with date and asset (figures: ${Object.keys(FIGURES).join(', ')}) or date, metric and value (with qualifier); besides ${WORDS.join(', ')}`;

/** A list of claims, read: every data line is a row or a fault. */
export interface ClaimList {
  readonly claims: readonly PublishedClaim[];
  readonly rows: number;
  readonly faults: readonly { readonly line: number; readonly reason: string }[];
  readonly warnings: readonly string[];
}

/** What a list of claims is read with. */
export interface ReadClaimsOptions {
  readonly registry: Registry;
  /** Whose claims they are where the list has no entity column. */
  readonly entity: Entity | null;
  /** Where the list is from, for lines that name no source. */
  readonly source: string | null;
  readonly documentSha256: Sha256;
  readonly nowMs: number;
}

/** Whether a text begins with the header of a list of claims. */
export function looksLikeClaims(text: string): boolean {
  const head = parseCsvTable(text.slice(0, 64 * 1024).split(/\r?\n/, 1)[0] ?? '');
  return head.ok && layoutOf(head.value.head).ok;
}

/**
 * Reads a list of published figures (RFC 4180 CSV, recognised by its header): figures by asset in columns, or one metric and value
 * a line. An error where it is no such list; a line that cannot be read is a fault of its own.
 */
export function readClaims(text: string, options: ReadClaimsOptions): Result<ClaimList> {
  const table = parseCsvTable(text.replace(/^\ufeff/, ''));
  if (!table.ok) return table;
  const layout = layoutOf(table.value.head);
  if (!layout.ok) return layout;
  const claims: PublishedClaim[] = [];
  const faults: { line: number; reason: string }[] = [];
  let source = options.source;
  for (const { line, cells } of table.value.records) {
    const get = (name: string): string | null => cells[layout.value.get(name) ?? -1] || null;
    // "same" points at the line above, as people write it in such lists.
    const named = get('source');
    if (named !== null && named.toLowerCase() !== 'same') source = named;
    const row =
      cells.length > table.value.head.length ? tooMany(table.value, cells) : readRow(get, source, line, options);
    if (row.ok) claims.push(...row.value);
    else faults.push({ line, reason: row.error });
  }
  const unknown = table.value.head.filter(
    (name) => !Object.hasOwn(FIGURES, name.toLowerCase()) && !WORDS.includes(name.toLowerCase()),
  );
  return ok({
    claims,
    rows: table.value.records.length - faults.length,
    faults,
    warnings: unknown.map((name) => `column ${quote(name)} is not known and was not read`),
  });
}

const tooMany = ({ head }: CsvTable, cells: readonly string[]): Result<never> =>
  err(`has ${cells.length} cells, the header only ${head.length}: a comma inside a cell needs quotes around it`);

/** Where each column stands. */
function layoutOf(head: readonly string[]): Result<ReadonlyMap<string, number>> {
  const places = new Map<string, number>();
  for (const [at, name] of head.entries()) {
    const key = name.toLowerCase();
    if (places.has(key)) return err(`the header names ${quote(name)} twice`);
    places.set(key, at);
  }
  const has = (...names: readonly string[]): boolean => names.every((name) => places.has(name));
  const figures = Object.keys(FIGURES).some((name) => places.has(name));
  if (has('date') && ((has('asset') && figures) || has('metric', 'value'))) return ok(places);
  return err(`this is no list of published figures: looked for ${CLAIMS_LOOKED_FOR}`);
}

function readRow(
  get: (name: string) => string | null,
  source: string | null,
  line: number,
  { registry, entity: given, documentSha256, nowMs }: ReadClaimsOptions,
): Result<readonly PublishedClaim[]> {
  for (const name of [...WORDS, ...Object.keys(FIGURES)]) {
    const length = get(name)?.length ?? 0;
    if (length > MAX_CELL) return err(`${name} has ${length} characters, at most ${MAX_CELL} are read`);
  }
  const entity = entityNamed(registry, get('entity'), given);
  if (!entity.ok) return entity;
  const dateText = get('date');
  if (dateText === null) return err('date is missing');
  const date = parseClaimDate(dateText, get('date_precision'));
  if (!date.ok) return date;
  if (source === null) return err('source is missing: name one in the list, or with --source');
  const subject = get('asset') ?? '';
  const found: PublishedClaim[] = [];
  const common = { entity: entity.value, report: get('report_no'), subject, asset: assetNamed(registry, subject) };
  const rest = { date: date.value, source, note: get('note'), documentSha256, line, recordedAtMs: nowMs };
  const metric = get('metric');
  const cells: readonly (readonly [string, string, string | null])[] = [
    ...Object.entries(FIGURES).map(([column, name]) => [column, name, get(column)] as const),
    ...(metric === null ? [] : [['value', metric, get('value')] as const]),
  ];
  for (const [column, name, text] of cells) {
    if (text === null) continue;
    const bare = name.endsWith('ratio') ? text.replace(/ ?%$/, '') : text;
    const figure = parseFigure(bare, column === 'value' || column === 'ratio_pct_published' ? get('qualifier') : null);
    if (!figure.ok) return err(`${column}: ${figure.error}`);
    found.push({ ...common, metric: name, figure: figure.value, rounding: 'unknown', ...rest });
  }
  return found.length > 0 ? ok(found) : err('no figure stands in this line');
}

/** The entity of a cell, by its id, name or one of its aliases in whatever case; without a cell the one that was given. */
function entityNamed(registry: Registry, text: string | null, given: Entity | null): Result<EntityId> {
  if (text === null) return given === null ? err('no entity is named: say it with --entity') : ok(given.id);
  const wanted = text.toLowerCase();
  const entities = [...registry.entities.values()];
  const found = entities.find(({ id, name, aliases }) =>
    [id, name, ...aliases].some((one) => one.toLowerCase() === wanted),
  );
  if (found !== undefined) return ok(found.id);
  return err(
    `entity ${quote(text)} is not known: declare it under entities in reservewatch.yaml; known are ${entities.map(({ id }) => id).join(', ')}`,
  );
}

const assetNamed = ({ assetDecimals }: Registry, subject: string): AssetCode | null => {
  const code = subject.toUpperCase() as AssetCode;
  return assetDecimals.has(code) ? code : null;
};
