import type { ReportRow, ResolvedLabel } from './domain/attestation.ts';
import type { OwnershipFlag } from './domain/ownership.ts';
import type { LabelBook, Registry } from './domain/registry.ts';
import { createMarkPacker, type PackedMarks } from './file-marks.ts';
import { letOthersIn, ROWS_A_BREATH } from './lib/let-others-in.ts';
import { type RowLayout, rowReader } from './read-report.ts';
import { createTally, type TallyPart, type VerifiedItem } from './report-tally.ts';
import {
  type CheckedProof,
  checkProof,
  checkProofNow,
  createLabelResolver,
  createMessageFlags,
} from './verify-ownership.ts';

/** What it takes to verify lines anywhere: a value that can be sent to a thread. */
export interface LinesSetup {
  readonly rows: RowLayout;
  readonly registry: Pick<Registry, 'networks'>;
  readonly book: LabelBook;
  readonly aliases: readonly string[];
  readonly salt: string;
}

/** What became of a piece of whole lines; lines are numbered from 1 in it. */
export interface VerifiedLines {
  readonly lines: number;
  readonly tally: TallyPart;
  readonly marks: PackedMarks;
}

/** Makes the function that verifies pieces of whole lines; null where one of the lines must be read with the whole file. */
export function createLineVerifier(setup: LinesSetup): (bytes: Uint8Array) => Promise<VerifiedLines | null> {
  const read = rowReader(setup.rows);
  const resolve = createLabelResolver(setup.registry, setup.book);
  const messageFlags = createMessageFlags(setup.aliases);

  return async (bytes) => {
    const tally = createTally();
    const marks = createMarkPacker(setup.salt);
    let lines = 0;
    for (const item of read(bytes)) {
      if (item === 'header') return null;
      lines += 1;
      if (item === null) continue;
      if (item.kind === 'fault') {
        tally.add(item);
        continue;
      }
      const { row } = item;
      const { resolved, network } = resolve(row.label, row.network);
      const checked = checkProofNow(row, network) ?? (await checkProof(row, network));
      const done = verifiedRow(row, resolved, checked, messageFlags(row));
      tally.add(done);
      marks.add(done.listed);
      if (lines % ROWS_A_BREATH === 0) await letOthersIn();
    }
    return { lines, tally: tally.part(), marks: marks.take() };
  };
}

/** A row with what became of it. */
export function verifiedRow(
  row: ReportRow,
  resolved: ResolvedLabel,
  { verdict, address, addressFault }: CheckedProof,
  more: readonly OwnershipFlag[],
): VerifiedRow {
  const { flags } = verdict;
  const all = more.length === 0 ? flags : flags.length === 0 ? more : [...flags, ...more];
  const flagged = all === flags ? verdict : { ...verdict, flags: all };
  return { kind: 'row', listed: { row, resolved, address, addressFault }, verdict: flagged };
}

type VerifiedRow = Extract<VerifiedItem, { readonly kind: 'row' }>;
