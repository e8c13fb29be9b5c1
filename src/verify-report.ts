import type { ReportFile, ReportItem, ReportRow, SummaryLine } from './domain/attestation.ts';
import type { OwnershipFlag, OwnershipProof } from './domain/ownership.ts';
import type { Entity, LabelBook, Registry } from './domain/registry.ts';
import { err, ok, type Result } from './domain/result.ts';
import { compareTotals, type TotalsComparison } from './domain/totals.ts';
import { createFileMarks, type FileMarks, type RepeatedCells } from './file-marks.ts';
import type { ProofChecker, Work } from './proof-checker.ts';
import type { ProofToCheck } from './proof-chunk.ts';
import type { OpenReport, PiecedReading } from './read-report.ts';
import { createTally, type RunningTally, type Tally, type VerifiedItem } from './report-tally.ts';
import { type VerifiedLines, verifiedRow } from './verify-lines.ts';
import {
  type CheckedProof,
  createLabelResolver,
  createMessageFlags,
  type MessageFlags,
  type Target,
} from './verify-ownership.ts';

/** What a file is verified with. */
export interface VerifyOptions {
  readonly registry: Registry;
  readonly book: LabelBook;
  /** Whose list it is: without it no message is called foreign. */
  readonly entity: Entity | null;
  readonly checker: ProofChecker;
  /** Unpredictable text, new for each run: keeps prepared files from fooling the index of signatures. */
  readonly salt: string;
  /** Gets every row and fault in file order, many at a time; the next ones wait for it. Costs a pass over the file more. */
  readonly onItems?: (items: readonly VerifiedItem[]) => Promise<void> | void;
  /** Told which file it is before its first row is given to `onItems`, which waits for it. */
  readonly onSurveyed?: (file: ReportFile) => Promise<void> | void;
  /** Bytes done so far, and of how many. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** A file verified whole. */
export interface VerifiedReport {
  readonly file: ReportFile;
  readonly summaries: readonly SummaryLine[];
  readonly tally: Tally;
  readonly totals: TotalsComparison;
  readonly repeatedCells: RepeatedCells;
  readonly work: Work;
}

/** Batches under way at once: while one is checked, the next is read and the last is written. */
const BATCHES_IN_FLIGHT = 3;

/**
 * Verifies a published file. Memory is bounded whatever the file's length. Where rows are asked for, a first pass finds the
 * signatures that stand at more than one address, so that every row comes with all its flags; otherwise they are
 * counted as they come, and threads read the rows themselves where the layout lets them. An error says why the file cannot be
 * read, or that it changed in between; nothing of it holds then.
 */
export async function verifyReport(report: OpenReport, options: VerifyOptions): Promise<Result<VerifiedReport>> {
  const pass = createPass(options);
  const pieced = options.onItems ? null : await verifyPieces(report, options, pass);
  if (pieced !== null) return pieced.ok ? ok(finish(pieced.value, pass, options)) : pieced;
  return verifyInOrder(report, options, createPass(options));
}

/** What one pass over a file finds. */
interface Pass {
  readonly tally: RunningTally;
  readonly marks: FileMarks;
  readonly summaries: SummaryLine[];
  readonly resolve: (label: string, network: string | null) => Target;
  readonly messageFlags: MessageFlags;
}

const createPass = ({ registry, book, entity, salt }: VerifyOptions): Pass => ({
  tally: createTally(),
  marks: createFileMarks(salt),
  summaries: [],
  resolve: createLabelResolver(registry, book),
  messageFlags: createMessageFlags(entity?.aliases ?? []),
});

function finish(
  file: ReportFile,
  { tally, marks, summaries, resolve }: Pass,
  { checker }: VerifyOptions,
): VerifiedReport {
  const counted = tally.done();
  const totals = compareTotals(counted.sums, summaries, (label) => resolve(label, null).resolved.asset);
  return { file, summaries, tally: counted, totals, repeatedCells: marks.repeatedCells(), work: checker.work() };
}

/** Reads the file in order in this thread and has its proofs checked. */
async function verifyInOrder(report: OpenReport, options: VerifyOptions, pass: Pass): Promise<Result<VerifiedReport>> {
  const { marks, tally } = pass;
  const survey = options.onItems ? await surveyReport(report, marks) : null;
  if (survey && !survey.ok) return survey;
  if (survey) await options.onSurveyed?.(survey.value);
  const reading = report.read();
  const flagsOf = (row: ReportRow): readonly OwnershipFlag[] =>
    survey && marks.hasSharedSignature(row)
      ? ['repeated-signature', ...pass.messageFlags(row)]
      : pass.messageFlags(row);

  const batches = inBatches(reading.items, options.checker.batch, pass.summaries);
  const verify = (batch: readonly RowOrFault[]) => verifyBatch(batch, pass.resolve, flagsOf, options.checker);
  for await (const items of inOrder(batches, BATCHES_IN_FLIGHT, verify)) {
    for (const item of items) {
      tally.add(item);
      if (item.kind === 'fault') continue;
      marks.addCell(item.listed);
      if (!survey) marks.addSignatures(item.listed.row);
    }
    await options.onItems?.(items);
    options.onProgress?.(reading.bytesRead(), report.size);
  }
  if (!survey) tally.addFlag('repeated-signature', marks.rowsWithSharedSignature());

  const file = reading.file();
  if (!file.ok) return file;
  if (survey && file.value.sha256 !== survey.value.sha256) {
    return err('the file changed while it was read; run the command again');
  }
  return ok(finish(file.value, pass, options));
}

/** Cuts the file up and has threads read its rows; null where there are none, or the rows do not stand alone after all. */
async function verifyPieces(
  report: OpenReport,
  options: VerifyOptions,
  pass: Pass,
): Promise<Result<ReportFile> | null> {
  const { lines } = options.checker;
  const reading = lines === null ? null : report.readInPieces(lines.pieceBytes);
  if (lines === null || reading === null) return null;
  const { rows, pieces } = reading;
  const { registry, book, entity, salt } = options;
  lines.setUp({ rows, registry: { networks: registry.networks }, book, aliases: entity?.aliases ?? [], salt });
  let before = rows.after;
  let isHead = true;
  const verify = async (piece: Uint8Array<ArrayBuffer>): Promise<boolean | VerifiedLines | null> => {
    if (!isHead) return lines.verify(piece);
    isHead = false;
    return verifyHead(reading, piece, options, pass);
  };
  for await (const verified of inOrder(pieces, lines.inFlight, verify)) {
    if (verified === null || verified === false) return null;
    if (verified !== true) {
      pass.tally.addPart(verified.tally, before);
      pass.marks.addPacked(verified.marks, before);
      before += verified.lines;
    }
    options.onProgress?.(reading.bytesRead(), report.size);
  }
  pass.tally.addFlag('repeated-signature', pass.marks.rowsWithSharedSignature());
  return reading.file();
}

/** Verifies what stands before the lines that stand alone; false where it is not what it was when the file was opened. */
async function verifyHead(
  reading: PiecedReading,
  piece: Uint8Array,
  { checker }: VerifyOptions,
  { tally, marks, summaries, resolve, messageFlags }: Pass,
): Promise<boolean> {
  const items = reading.readHead(piece);
  if (items === null) return false;
  for await (const batch of inBatches(items, checker.batch, summaries)) {
    for (const item of await verifyBatch(batch, resolve, messageFlags, checker)) {
      tally.add(item);
      if (item.kind === 'fault') continue;
      marks.addCell(item.listed);
      marks.addSignatures(item.listed.row);
    }
  }
  return true;
}

async function surveyReport(report: OpenReport, marks: FileMarks): Promise<Result<ReportFile>> {
  const reading = report.read();
  for await (const items of reading.items) {
    for (const item of items) if (item.kind === 'row') marks.addSignatures(item.row);
  }
  return reading.file();
}

/** Rows and faults in batches of that size; totals are put aside. */
async function* inBatches(
  all: AsyncIterable<readonly ReportItem[]>,
  size: number,
  summaries: SummaryLine[],
): AsyncGenerator<readonly RowOrFault[]> {
  let batch: RowOrFault[] = [];
  for await (const items of all) {
    for (const item of items) {
      if (item.kind === 'summary') {
        summaries.push(item.summary);
        continue;
      }
      batch.push(item);
      if (batch.length < size) continue;
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

/** Works on that many batches at once and gives the results in the order of the batches. */
async function* inOrder<T, R>(
  batches: AsyncIterable<T>,
  atOnce: number,
  work: (batch: T) => Promise<R>,
): AsyncGenerator<R> {
  const inFlight: Promise<R>[] = [];
  for await (const batch of batches) {
    const result = work(batch);
    // Whoever awaits it later still sees the failure; until then it is not an unhandled one.
    result.catch(() => {});
    inFlight.push(result);
    if (inFlight.length >= atOnce) yield await (inFlight.shift() as Promise<R>);
  }
  for (const result of inFlight) yield await result;
}

/** What a row offers as proof. */
export const proofOf = (row: ReportRow): OwnershipProof => ({
  label: row.label,
  network: row.network,
  addressText: row.addressText,
  message: row.message,
  signature1: row.signature1,
  signature2: row.signature2,
  scriptOrPubkey: row.scriptOrPubkey,
  owner1: row.owner1,
  owner2: row.owner2,
  rowType: row.rowType,
});

type RowOrFault = Exclude<ReportItem, { readonly kind: 'summary' }>;

async function verifyBatch(
  batch: readonly RowOrFault[],
  resolve: (label: string, network: string | null) => Target,
  flagsOf: (row: ReportRow) => readonly OwnershipFlag[],
  checker: ProofChecker,
): Promise<readonly VerifiedItem[]> {
  const rows = batch.flatMap((item) => (item.kind === 'row' ? [item.row] : []));
  const targets = rows.map((row) => resolve(row.label, row.network));
  const checked = await checker.check(
    rows.map((row, at): ProofToCheck => ({ proof: proofOf(row), network: targets[at]?.network ?? null })),
  );
  let at = 0;
  return batch.map((item): VerifiedItem => {
    if (item.kind === 'fault') return item;
    const { row } = item;
    const { resolved } = targets[at] as Target;
    const done = verifiedRow(row, resolved, checked[at] as CheckedProof, flagsOf(row));
    at += 1;
    return done;
  });
}
