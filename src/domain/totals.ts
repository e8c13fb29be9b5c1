import { addDecimals, compareDecimals, type Decimal, formatDecimal, parseDecimal } from './amount.ts';
import type { SummaryLine } from './attestation.ts';
import { type AssetCode, quote } from './ids.ts';

/** The exact sum of a file's rows under one of the publisher's coin labels. */
export interface LabelSum {
  readonly label: string;
  readonly asset: AssetCode | null;
  readonly sum: Decimal;
}

/** What a file's rows add up to for one ratio asset (or one unknown label), beside the total that the file prints. */
export interface AssetTotal {
  readonly asset: string;
  /** Canonical decimals in coin units. */
  readonly claimed: string;
  readonly summary: string | null;
  /** Null where there is no total, or none that can be compared exactly. */
  readonly equal: boolean | null;
}

export interface TotalsComparison {
  readonly assets: readonly AssetTotal[];
  readonly warnings: readonly string[];
}

interface Line {
  readonly line: number;
  readonly label: string;
  /** `COIN(ALL)`: the total over all networks. */
  readonly all: boolean;
  readonly amount: Decimal;
}

interface Group {
  readonly name: string;
  readonly rows: LabelSum[];
  readonly lines: Line[];
}

/** Fewest totals from which a style of printing is read. */
const ENOUGH_TOTALS = 4;

/**
 * Compares the totals of a file's summary with the exact sums of its rows, one entry a ratio asset; labels that the
 * registry does not know stand alone. `COIN(ALL)`, or a coin's only line, is the total over all its labels; further lines
 * are compared with the rows of just that label; labels of one block alone are named in a warning. A summary of at least four totals that prints whole coins only is taken
 * as rounded: a sum within one coin of it is neither equal nor different (`equal: null`).
 */
export function compareTotals(
  sums: readonly LabelSum[],
  summaries: readonly SummaryLine[],
  assetOf: (label: string) => AssetCode | null,
): TotalsComparison {
  const groups = new Map<string, Group>();
  const groupOf = (label: string, asset: AssetCode | null): Group => {
    const key = asset === null ? `label ${label}` : `asset ${asset}`;
    const group = groups.get(key) ?? { name: asset ?? label, rows: [], lines: [] };
    groups.set(key, group);
    return group;
  };
  for (const { line, label, amount } of summaries) {
    const base = label.replace(/\s*\(all\)$/i, '');
    const parsed = parseDecimal(amount);
    if (!parsed.ok) throw new Error(`total of line ${line}: ${parsed.error}`);
    groupOf(base, assetOf(base)).lines.push({ line, label: base, all: base !== label, amount: parsed.value });
  }
  for (const sum of sums) groupOf(sum.label, sum.asset).rows.push(sum);

  const rounded = printsWholeCoins(summaries, sums);
  const unknownRows = sums.some(({ asset }) => asset === null);
  const warnings: string[] = [];
  const assets = [...groups.values()].map((group) => {
    const isUnknown = group.rows.length === 0 && unknownRows && assetOf(group.lines[0]?.label ?? '') === null;
    return isUnknown ? undecidedTotal(group, warnings) : totalOf(group, rounded, warnings);
  });
  if (assets.some(({ equal, summary }) => equal === null && summary !== null) && rounded) {
    warnings.push(
      'the summary prints whole coins only: sums within one coin of it are shown as neither equal nor different',
    );
  }
  return { assets, warnings };
}

const add = (values: readonly Decimal[]): Decimal => values.reduce(addDecimals, { unscaled: 0n, scale: 0 });

function totalOf({ name, rows, lines }: Group, rounded: boolean, warnings: string[]): AssetTotal {
  const claimed = add(rows.map(({ sum }) => sum));
  const all = lines.filter((line) => line.all);
  const single = lines.filter((line) => !line.all);
  const labels = new Set(single.map(({ label }) => label));
  const byLabel = all.length > 0 || (single.length > 1 && rows.every(({ label }) => labels.has(label)));
  const overall = all.length > 0 ? all : single;
  const summary = add(overall.map(({ amount }) => amount));

  const outcomes = overall.length === 0 ? [] : [compare(claimed, summary, rounded)];
  if (outcomes[0] === false) warnings.push(difference(name, claimed, summary, overall));
  for (const line of byLabel ? single : []) {
    const own = rows.filter(({ label }) => label === line.label);
    // Some publishers name a coin differently in the two blocks: then the total over all labels is what can be compared.
    if (own.length === 0 && all.length > 0) continue;
    const sum = add(own.map((row) => row.sum));
    const outcome = compare(sum, line.amount, rounded);
    if (outcome === false && (all.length > 0 || single.length > 1)) {
      warnings.push(difference(line.label, sum, line.amount, [line]));
    }
    outcomes.push(outcome);
  }
  if (all.length > 0 && single.length > 0) warnings.push(...unlikeLabels(name, rows, single));
  const equal = outcomes.includes(false) ? false : outcomes.length === 0 || outcomes.includes(null) ? null : true;
  return {
    asset: name,
    claimed: formatDecimal(claimed),
    summary: overall.length === 0 ? null : formatDecimal(summary),
    equal,
  };
}

/** What is named in one block alone where a coin's total is split by labels: coins that no row shows, or another name for them. */
function unlikeLabels(name: string, rows: readonly LabelSum[], single: readonly Line[]): readonly string[] {
  const isZero = ({ unscaled }: Decimal): boolean => unscaled === 0n;
  const rowless = single.filter(({ label, amount }) => !isZero(amount) && !rows.some((row) => row.label === label));
  const untotalled = rows.filter(({ label, sum }) => !isZero(sum) && !single.some((line) => line.label === label));
  const totals = rowless.map(({ label, amount, line }) => `${quote(label)} ${formatDecimal(amount)} (line ${line})`);
  const sums = untotalled.map(({ label, sum }) => `${quote(label)} ${formatDecimal(sum)}`);
  const said = [
    ...(totals.length === 0 ? [] : [`the summary has totals of labels that no row bears: ${totals.join(', ')}`]),
    ...(sums.length === 0 ? [] : [`the rows have labels that have no total: ${sums.join(', ')}`]),
  ];
  return said.length === 0 ? [] : [`${quote(name)}: ${said.join('; ')}`];
}

/** A total of an unknown label without rows of that label, in a file with other unknown labels: it may be theirs. */
function undecidedTotal({ name, lines }: Group, warnings: string[]): AssetTotal {
  warnings.push(
    `the total of ${quote(name)} (line ${lines[0]?.line}) cannot be compared: the label is unknown, and so are labels of rows`,
  );
  return { asset: name, claimed: '0', summary: formatDecimal(add(lines.map(({ amount }) => amount))), equal: null };
}

function compare(sum: Decimal, total: Decimal, rounded: boolean): boolean | null {
  if (compareDecimals(sum, total) === 0) return true;
  if (!rounded) return false;
  return compareDecimals(distance(sum, total), { unscaled: 1n, scale: 0 }) < 0 ? null : false;
}

function distance(one: Decimal, other: Decimal): Decimal {
  const { unscaled, scale } = addDecimals(one, { ...other, unscaled: -other.unscaled });
  return { unscaled: unscaled < 0n ? -unscaled : unscaled, scale };
}

const printsWholeCoins = (summaries: readonly SummaryLine[], sums: readonly LabelSum[]): boolean =>
  summaries.length >= ENOUGH_TOTALS &&
  summaries.every(({ amount }) => !amount.includes('.')) &&
  sums.some(({ sum }) => formatDecimal(sum).includes('.'));

function difference(name: string, sum: Decimal, total: Decimal, lines: readonly Line[]): string {
  const where = lines.map(({ line }) => line).join(', ');
  return `${quote(name)}: the rows add up to ${formatDecimal(sum)}, the file's summary (line ${where}) says ${formatDecimal(total)}, ${formatDecimal(distance(sum, total))} ${compareDecimals(sum, total) < 0 ? 'more' : 'less'}`;
}
