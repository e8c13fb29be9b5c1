import { addDecimals, parseDecimal } from './domain/amount.ts';
import type { ListedRow, RowFault } from './domain/attestation.ts';
import { GRADES, type Grade, type GradeCounts, type OwnershipFlag, type OwnershipVerdict } from './domain/ownership.ts';
import type { LabelSum } from './domain/totals.ts';
import { type AssetTrust, createTrustSums, type TrustSum, trustOf } from './domain/trust.ts';

/** A row with its verdict, or a line that was not understood. */
export type VerifiedItem =
  | { readonly kind: 'row'; readonly listed: ListedRow; readonly verdict: OwnershipVerdict }
  | { readonly kind: 'fault'; readonly fault: RowFault };

/** Only so many faults are listed one by one; all are counted, and `--rows` has them all. */
export const LISTED_FAULTS = 1000;

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
  readonly sums: readonly LabelSum[];
  /** How well the claimed amounts are proven, one entry a ratio asset (or unknown label). */
  readonly trust: readonly AssetTrust[];
  /** Rows whose coin label or chain is not known, and the first such labels. */
  readonly unmatched: { readonly rows: number; readonly labels: readonly string[] };
}

/** A running tally: `add` items in file order, `addFlag` for rows that carry a flag which items did not, `done` at the end. */
export function createTally(): {
  add(item: VerifiedItem): void;
  addFlag(flag: OwnershipFlag, rows: number): void;
  done(): Tally;
} {
  const grades = Object.fromEntries(GRADES.map((grade) => [grade, 0])) as Record<Grade, number>;
  const flags = new Map<string, number>();
  const faults: RowFault[] = [];
  const trust = createTrustSums();
  const unmatchedLabels = new Set<string>();
  let counted = 0;
  let faulty = 0;
  let unmatched = 0;
  let unstated = 0;

  function addRow({ row, resolved }: ListedRow, verdict: OwnershipVerdict): void {
    counted += 1;
    grades[verdict.grade] += 1;
    if (row.unstated) unstated += 1;
    for (const flag of verdict.flags) flags.set(flag, (flags.get(flag) ?? 0) + 1);
    const amount = parseDecimal(row.amount);
    if (!amount.ok) throw new Error(`row of line ${row.line}: ${amount.error}`);
    trust.add(row, resolved.asset, verdict, amount.value);
    if (resolved.asset === null || resolved.network === null) {
      unmatched += 1;
      const name = resolved.asset !== null && row.network !== null ? `${row.label} on ${row.network}` : row.label;
      if (unmatchedLabels.size < NAMED_LABELS) unmatchedLabels.add(name);
    }
  }

  return {
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
      sums: byLabel(trust.sums()),
      trust: trustOf(trust.sums()),
      unmatched: { rows: unmatched, labels: [...unmatchedLabels] },
    }),
  };
}

function byLabel(parts: Iterable<TrustSum>): readonly LabelSum[] {
  const sums = new Map<string, LabelSum>();
  for (const { label, asset, sum } of parts) {
    const known = sums.get(label);
    sums.set(label, { label, asset, sum: known === undefined ? sum : addDecimals(known.sum, sum) });
  }
  return [...sums.values()];
}
