import { addDecimals, type Decimal, parseDecimal } from './domain/amount.ts';
import { CUSTODY_ROW, type ListedRow, type ReportRow, type RowFault, UNSPENDABLE_ROW } from './domain/attestation.ts';
import { GRADES, type Grade, type GradeCounts, type OwnershipFlag, type OwnershipVerdict } from './domain/ownership.ts';
import type { LabelSum } from './domain/totals.ts';
import { type AssetTrust, createTrustSums, type TrustSum, trustOf } from './domain/trust.ts';

/** A row with its verdict, or a line that was not understood. */
export type VerifiedItem =
  | { readonly kind: 'row'; readonly listed: ListedRow; readonly verdict: OwnershipVerdict }
  | { readonly kind: 'fault'; readonly fault: RowFault };

/** Only so many faults are listed one by one; all are counted, and `--rows` has them all. */
export const LISTED_FAULTS = 1000;

/** Only so many rows that fail or cannot be decided are named; `--rows` has them all. */
const NAMED_ROWS = 10;

/** A row whose proof does not hold or was not decided, and why. */
export interface FailingRow {
  readonly line: number;
  readonly grade: Extract<Grade, 'invalid' | 'partial' | 'undecided'>;
  readonly reason: string;
}

/** What rows of one label claim that the publisher cannot move: coins that nobody can, or that somebody else holds for it. */
export interface ApartSum {
  readonly kind: 'unspendable' | 'custody';
  readonly label: string;
  readonly rows: number;
  readonly sum: Decimal;
}

/** Only so many distinct unknown labels are named. */
const NAMED_LABELS = 20;

/** Counts and exact sums over a file's items. */
export interface Tally {
  readonly rows: { readonly total: number; readonly counted: number; readonly faults: number };
  readonly grades: GradeCounts;
  /** Rows for which the file states no amount. */
  readonly unstated: number;
  /** How many rows carry a flag; flags that no row carries are absent. */
  readonly flags: Readonly<Record<string, number>>;
  readonly faults: readonly RowFault[];
  /** The first rows that are invalid, partial or undecided. */
  readonly failing: readonly FailingRow[];
  readonly sums: readonly LabelSum[];
  /** How well the claimed amounts are proven, one entry a ratio asset (or unknown label). */
  readonly trust: readonly AssetTrust[];
  readonly apart: readonly ApartSum[];
  /** Rows whose coin label or chain is not known, and the first such labels. */
  readonly unmatched: { readonly rows: number; readonly labels: readonly string[] };
}

/** What a tally came to over a part of a file: a value that can be sent from one thread to another. */
export interface TallyPart {
  readonly counted: number;
  readonly faulty: number;
  readonly unstated: number;
  readonly unmatched: number;
  readonly unmatchedLabels: readonly string[];
  readonly grades: GradeCounts;
  readonly flags: ReadonlyMap<string, number>;
  readonly faults: readonly RowFault[];
  readonly failing: readonly FailingRow[];
  readonly sums: readonly TrustSum[];
  readonly apart: readonly ApartSum[];
}

/** A running tally: items in file order, or parts of the file in file order. */
export interface RunningTally {
  add(item: VerifiedItem): void;
  /** Adds another tally's part whose lines begin after so many. */
  addPart(part: TallyPart, linesBefore: number): void;
  /** For rows that carry a flag which items did not. */
  addFlag(flag: OwnershipFlag, rows: number): void;
  part(): TallyPart;
  done(): Tally;
}

/** A tally of nothing yet. */
export function createTally(): RunningTally {
  const grades = Object.fromEntries(GRADES.map((grade) => [grade, 0])) as Record<Grade, number>;
  const flags = new Map<string, number>();
  const faults: RowFault[] = [];
  const failing: FailingRow[] = [];
  const trust = createTrustSums();
  const unmatchedLabels = new Set<string>();
  const apart = new Map<string, ApartSum>();
  let counted = 0;
  let faulty = 0;
  let unmatched = 0;
  let unstated = 0;

  function addApart({ kind, label, rows, sum }: ApartSum): void {
    const known = apart.get(`${kind} ${label}`);
    const both = known === undefined ? sum : addDecimals(known.sum, sum);
    apart.set(`${kind} ${label}`, { kind, label, rows: rows + (known?.rows ?? 0), sum: both });
  }

  function addRow({ row, resolved }: ListedRow, verdict: OwnershipVerdict): void {
    counted += 1;
    grades[verdict.grade] += 1;
    const { grade, reason } = verdict;
    if ((grade === 'invalid' || grade === 'partial' || grade === 'undecided') && failing.length < NAMED_ROWS)
      failing.push({ line: row.line, grade, reason: reason ?? '' });
    if (row.unstated) unstated += 1;
    for (const flag of verdict.flags) flags.set(flag, (flags.get(flag) ?? 0) + 1);
    const amount = parseDecimal(row.amount);
    if (!amount.ok) throw new Error(`row of line ${row.line}: ${amount.error}`);
    trust.add(row, resolved.asset, verdict, amount.value);
    const kind = apartKind(row);
    if (kind !== null) addApart({ kind, label: row.label, rows: 1, sum: amount.value });
    if (resolved.asset === null || resolved.network === null) {
      unmatched += 1;
      const name = resolved.asset !== null && row.network !== null ? `${row.label} on ${row.network}` : row.label;
      if (unmatchedLabels.size < NAMED_LABELS) unmatchedLabels.add(name);
    }
  }

  return {
    addPart(part, linesBefore) {
      counted += part.counted;
      faulty += part.faulty;
      unstated += part.unstated;
      unmatched += part.unmatched;
      for (const grade of GRADES) grades[grade] += part.grades[grade];
      for (const [flag, rows] of part.flags) flags.set(flag, (flags.get(flag) ?? 0) + rows);
      for (const { line, reason } of part.faults) {
        if (faults.length < LISTED_FAULTS) faults.push({ line: line + linesBefore, reason });
      }
      for (const { line, ...row } of part.failing) {
        if (failing.length < NAMED_ROWS) failing.push({ line: line + linesBefore, ...row });
      }
      for (const sum of part.sums) trust.addSum(sum);
      for (const sum of part.apart) addApart(sum);
      for (const label of part.unmatchedLabels) if (unmatchedLabels.size < NAMED_LABELS) unmatchedLabels.add(label);
    },
    part: () => ({
      ...{ counted, faulty, unstated, unmatched, unmatchedLabels: [...unmatchedLabels] },
      ...{ grades, flags, faults, failing, sums: trust.sums(), apart: [...apart.values()] },
    }),
    add(item) {
      if (item.kind === 'row') addRow(item.listed, item.verdict);
      else {
        faulty += 1;
        if (faults.length < LISTED_FAULTS) faults.push(item.fault);
      }
    },
    addFlag(flag, rows) {
      if (rows > 0) flags.set(flag, (flags.get(flag) ?? 0) + rows);
    },
    done: () => ({
      rows: { total: counted + faulty, counted, faults: faulty },
      grades,
      unstated,
      flags: Object.fromEntries([...flags].sort(([a], [b]) => (a < b ? -1 : 1))),
      faults,
      failing,
      sums: byLabel(trust.sums()),
      trust: trustOf(trust.sums()),
      apart: [...apart.values()],
      unmatched: { rows: unmatched, labels: [...unmatchedLabels] },
    }),
  };
}

function apartKind({ rowType }: ReportRow): ApartSum['kind'] | null {
  if (rowType === null) return null;
  if (rowType === UNSPENDABLE_ROW) return 'unspendable';
  return rowType.startsWith(CUSTODY_ROW) ? 'custody' : null;
}

function byLabel(parts: Iterable<TrustSum>): readonly LabelSum[] {
  const sums = new Map<string, LabelSum>();
  for (const { label, asset, sum } of parts) {
    const known = sums.get(label);
    sums.set(label, { label, asset, sum: known === undefined ? sum : addDecimals(known.sum, sum) });
  }
  return [...sums.values()];
}
