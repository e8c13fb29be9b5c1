import type { ProofChecker, Work } from './check-proofs.ts';
import type { ReportFile, ReportItem, ReportRow, SummaryLine } from './domain/attestation.ts';
import type { OwnershipFlag, OwnershipProof } from './domain/ownership.ts';
import type { Entity, LabelBook, Registry } from './domain/registry.ts';
import { err, ok, type Result } from './domain/result.ts';
import { compareTotals, type TotalsComparison } from './domain/totals.ts';
import { createPairIndex, type PairIndex } from './lib/pair-index.ts';
import type { ProofToCheck } from './proof-chunk.ts';
import type { OpenReport, ReportReading } from './read-report.ts';
import { createTally, type Tally, type VerifiedItem } from './report-tally.ts';
import { type CheckedProof, createLabelResolver, createMessageFlags, type Target } from './verify-ownership.ts';

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
  /** Bytes done so far, and of how many. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** A file verified whole. */
export interface VerifiedReport {
  readonly file: ReportFile;
  readonly summaries: readonly SummaryLine[];
  readonly tally: Tally;
  readonly totals: TotalsComparison;
  readonly work: Work;
}

/** Batches under way at once: while one is checked, the next is read and the last is written. */
const BATCHES_IN_FLIGHT = 3;

/**
 * Verifies a published file. Memory is bounded whatever the file's length. Where rows are asked for, a first pass finds the
 * signatures that stand at more than one address, so that every row comes with all its flags; otherwise they are
 * counted as they come. An error says why the file cannot be read, or that it changed in between; nothing of it holds then.
 */
export async function verifyReport(report: OpenReport, options: VerifyOptions): Promise<Result<VerifiedReport>> {
  const signatures = createPairIndex(options.salt);
  const survey = options.onItems ? await surveyReport(report, signatures) : null;
  if (survey && !survey.ok) return survey;

  const resolve = createLabelResolver(options.registry, options.book);
  const messageFlags = createMessageFlags(options.entity?.aliases ?? []);
  const reading = report.read();
  const tally = createTally();
  const summaries: SummaryLine[] = [];
  const flagsOf = (row: ReportRow): readonly OwnershipFlag[] =>
    survey && signatures.isShared(signaturesOf(row)) ? ['repeated-signature', ...messageFlags(row)] : messageFlags(row);

  const batches = inBatches(reading, options.checker.batch, summaries);
  for await (const items of inOrder(batches, (batch) => verifyBatch(batch, resolve, flagsOf, options.checker))) {
    for (const item of items) {
      tally.add(item);
      if (!survey && item.kind === 'row') addSignatures(signatures, item.listed.row);
    }
    await options.onItems?.(items);
    options.onProgress?.(reading.bytesRead(), report.size);
  }
  if (!survey) tally.addFlag('repeated-signature', signatures.sharedEntries());

  const file = reading.file();
  if (!file.ok) return file;
  if (survey && file.value.sha256 !== survey.value.sha256) {
    return err('the file changed while it was read; run the command again');
  }
  const counted = tally.done();
  const totals = compareTotals(counted.sums, summaries, (label) => resolve(label, null).resolved.asset);
  return ok({ file: file.value, summaries, tally: counted, totals, work: options.checker.work() });
}

async function surveyReport(report: OpenReport, signatures: PairIndex): Promise<Result<ReportFile>> {
  const reading = report.read();
  for await (const items of reading.items) {
    for (const item of items) if (item.kind === 'row') addSignatures(signatures, item.row);
  }
  return reading.file();
}

/** Rows and faults in batches of that size; totals are put aside. */
async function* inBatches(
  reading: ReportReading,
  size: number,
  summaries: SummaryLine[],
): AsyncGenerator<readonly RowOrFault[]> {
  let batch: RowOrFault[] = [];
  for await (const items of reading.items) {
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

/** Works on a few batches at once and gives the results in the order of the batches. */
async function* inOrder<T, R>(batches: AsyncIterable<T>, work: (batch: T) => Promise<R>): AsyncGenerator<R> {
  const inFlight: Promise<R>[] = [];
  for await (const batch of batches) {
    const result = work(batch);
    // Whoever awaits it later still sees the failure; until then it is not an unhandled one.
    result.catch(() => {});
    inFlight.push(result);
    if (inFlight.length >= BATCHES_IN_FLIGHT) yield await (inFlight.shift() as Promise<R>);
  }
  for (const result of inFlight) yield await result;
}

const addSignatures = (signatures: PairIndex, row: ReportRow): void =>
  signatures.add(signaturesOf(row), addressKey(row.addressText));

/** Case and a `prefix:` are spelling, not another address: good enough to tell two addresses of one signature apart. */
const addressKey = (text: string): string => text.slice(text.indexOf(':') + 1).toLowerCase();

/** A row's signatures without `0x` and in one case: both are spelling in hex, and case alone never makes two others equal. */
function signaturesOf({ signature1, signature2 }: ReportRow): readonly string[] {
  if (signature1 === null) return signature2 === null ? [] : [spelledOneWay(signature2)];
  return signature2 === null ? [spelledOneWay(signature1)] : [spelledOneWay(signature1), spelledOneWay(signature2)];
}

const spelledOneWay = (signature: string): string => {
  const lower = signature.toLowerCase();
  return lower.startsWith('0x') ? lower.slice(2) : lower;
};

const proofOf = (row: ReportRow): OwnershipProof => ({
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
    const { verdict, address, addressFault } = checked[at] as CheckedProof;
    const { resolved } = targets[at] as Target;
    at += 1;
    const flags = [...verdict.flags, ...flagsOf(row)];
    return { kind: 'row', listed: { row, resolved, address, addressFault }, verdict: { ...verdict, flags } };
  });
}
