import type { ProofChecker, Work } from './check-proofs.ts';
import type { ReportFile, ReportItem, ReportRow, SummaryLine } from './domain/attestation.ts';
import type { OwnershipFlag, OwnershipProof } from './domain/ownership.ts';
import type { Entity, LabelBook, Registry } from './domain/registry.ts';
import { err, ok, type Result } from './domain/result.ts';
import { compareTotals, type TotalsComparison } from './domain/totals.ts';
import { createPairIndex, type PairIndex } from './lib/pair-index.ts';
import type { ProofToCheck } from './proof-chunk.ts';
import type { OpenReport } from './read-report.ts';
import { createTally, type Tally, type VerifiedItem } from './report-tally.ts';
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
  /** Gets every row and fault in file order, many at a time; the next ones wait for it. */
  readonly onItems?: (items: readonly VerifiedItem[]) => Promise<void> | void;
  /** Lines read so far, out of how many lines with items. */
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
 * Verifies a published file in two passes: the first finds its hash and the signatures that stand at more than one address,
 * the second grades every row. Memory is bounded whatever the file's length. An error says why the file cannot be
 * read, or that it changed in between; nothing of it holds then.
 */
export async function verifyReport(report: OpenReport, options: VerifyOptions): Promise<Result<VerifiedReport>> {
  const survey = await surveyReport(report, options.salt);
  if (!survey.ok) return survey;
  const { signatures, items: total } = survey.value;

  const resolve = createLabelResolver(options.registry, options.book);
  const messageFlags = createMessageFlags(options.entity?.aliases ?? []);
  const reading = report.read();
  const tally = createTally();
  const summaries: SummaryLine[] = [];
  const inFlight: Promise<readonly VerifiedItem[]>[] = [];
  let batch: ReportItem[] = [];
  let done = 0;

  const settle = async (): Promise<void> => {
    const items = (await inFlight.shift()) as readonly VerifiedItem[];
    for (const item of items) tally.add(item);
    await options.onItems?.(items);
    done += items.length;
    options.onProgress?.(done, total);
  };
  const start = (): void => {
    const verified = verifyBatch(batch, signatures, resolve, messageFlags, options.checker);
    // Whoever awaits it later still sees the failure; until then it is not an unhandled one.
    verified.catch(() => {});
    inFlight.push(verified);
    batch = [];
  };
  for await (const items of reading.items) {
    for (const item of items) {
      if (item.kind === 'summary') {
        summaries.push(item.summary);
        continue;
      }
      batch.push(item);
      if (batch.length < options.checker.batch) continue;
      start();
      if (inFlight.length >= BATCHES_IN_FLIGHT) await settle();
    }
  }
  if (batch.length > 0) start();
  while (inFlight.length > 0) await settle();

  const file = reading.file();
  if (!file.ok) return file;
  if (file.value.sha256 !== survey.value.file.sha256)
    return err('the file changed while it was read; run the command again');
  const counted = tally.done();
  const totals = compareTotals(counted.sums, summaries, (label) => resolve(label, null).resolved.asset);
  return ok({ file: file.value, summaries, tally: counted, totals, work: options.checker.work() });
}

interface Survey {
  readonly file: ReportFile;
  readonly items: number;
  readonly signatures: PairIndex;
}

async function surveyReport(report: OpenReport, salt: string): Promise<Result<Survey>> {
  const reading = report.read();
  const signatures = createPairIndex(salt);
  let items = 0;
  for await (const batch of reading.items) {
    for (const item of batch) {
      if (item.kind !== 'summary') items += 1;
      if (item.kind !== 'row') continue;
      const address = addressKey(item.row.addressText);
      for (const signature of signaturesOf(item.row)) signatures.add(signature, address);
    }
  }
  const file = reading.file();
  return file.ok ? ok({ file: file.value, items, signatures }) : file;
}

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

const REPEATED: readonly OwnershipFlag[] = ['repeated-signature'];

type Resolve = (label: string, network: string | null) => Target;

async function verifyBatch(
  batch: readonly ReportItem[],
  signatures: PairIndex,
  resolve: Resolve,
  messageFlags: MessageFlags,
  checker: ProofChecker,
): Promise<readonly VerifiedItem[]> {
  const rows = batch.flatMap((item) => (item.kind === 'row' ? [item.row] : []));
  const targets = rows.map((row) => resolve(row.label, row.network));
  const proofs = rows.map((row, at): ProofToCheck => ({ proof: proofOf(row), network: targets[at]?.network ?? null }));
  const checked = await checker.check(proofs);
  let at = 0;
  return batch.flatMap((item): VerifiedItem[] => {
    if (item.kind === 'summary') return [];
    if (item.kind === 'fault') return [item];
    const { row } = item;
    const { verdict, address, addressFault } = checked[at] as CheckedProof;
    const { resolved } = targets[at] as Target;
    at += 1;
    const repeated = signatures.anyShared && signaturesOf(row).some((signature) => signatures.isShared(signature));
    const flags = [...verdict.flags, ...(repeated ? REPEATED : []), ...messageFlags(row)];
    return [{ kind: 'row', listed: { row, resolved, address, addressFault }, verdict: { ...verdict, flags } }];
  });
}
