import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { archivedPath, receiveFile } from './archive-file.ts';
import { createCachedChecker, type VerdictCounts } from './cached-checker.ts';
import { createProofChecker } from './check-proofs.ts';
import {
  type Attestation,
  type IssuedBy,
  type ListedRow,
  type ReportFile,
  type RowFault,
  stateOf,
} from './domain/attestation.ts';
import { LIMITS, type Limits } from './domain/limits.ts';
import type { OwnershipVerdict } from './domain/ownership.ts';
import type { Entity, Registry } from './domain/registry.ts';
import { bookOfLayout } from './domain/resolve-label.ts';
import { err, ok, type Result } from './domain/result.ts';
import { flagReused } from './flag-reused.ts';
import { decidedByHand, type HoldPolicy, judgeList } from './judge-list.ts';
import { type ReadableFile, readableFile } from './lib/files.ts';
import { openSpool } from './lib/spool.ts';
import { type OpenReport, openReport } from './read-report.ts';
import type { VerifiedItem } from './report-tally.ts';
import type { Clock, Store } from './seams.ts';
import { type VerifiedReport, verifyReport } from './verify-report.ts';

/** What a published file is imported with. */
export interface ImportOptions {
  readonly store: Store;
  /** The folder where published files are kept by their hash. */
  readonly archiveFolder: string;
  readonly registry: Registry;
  readonly entity: Entity;
  /** When the publisher took the snapshot, ms since 1970, if known. */
  readonly asOfMs: number | null;
  readonly clock: Clock;
  /** Whether it waits for the operator before it is used (default: he brings it himself, and it does not). */
  readonly policy?: HoldPolicy;
  /** Host and path of the URL that it came from; null where it is a file. */
  readonly origin?: string | null;
  /** Who made the list (default: its publisher); of a list that is known already it corrects what was said before. */
  readonly issuedBy?: IssuedBy;
  /** What is read at most (default: `LIMITS`). */
  readonly limits?: Limits;
  /** Bytes done so far, and of how many. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Told after every batch, when its verdicts are kept. */
  readonly onVerdicts?: (counts: VerdictCounts) => void;
}

/** An import that is in the store now: new with what was found in it, or there already and left as it was. */
export type ImportedReport =
  | {
      readonly outcome: 'stored';
      readonly verified: VerifiedReport;
      readonly attestation: Attestation;
      readonly archived: string;
    }
  | {
      readonly outcome: 'known';
      readonly attestation: Attestation;
      /** It waited, and this import approved it. */
      readonly approved: boolean;
      readonly archived: string;
    };

/**
 * Reads, verifies, archives and stores a published list. The file is copied first and everything is read from the copy; it
 * lies in the archive before the store names it. An error leaves nothing behind; a file known for the entity changes nothing,
 * but one that waits is approved by whoever imports it without holding it.
 */
export async function importReport(source: ReadableFile, options: ImportOptions): Promise<Result<ImportedReport>> {
  const { name } = source;
  const limits = options.limits ?? LIMITS;
  const arriving = await receiveFile(source, options.archiveFolder, limits);
  if (!arriving.ok) return arriving;
  const copy = arriving.value;
  try {
    const received = await readableFile(copy.path, name);
    if (!received.ok) return received;
    const report = await openReport(received.value, limits);
    if (!report.ok) return err(`${name}: ${report.error}`);
    const file = await identify(report.value);
    if (!file.ok) return err(`${name}: ${file.error}`);
    const archived = archivedPath(options.archiveFolder, file.value.sha256);
    const kept = () => options.store.reports(options.entity.id).find((one) => one.file.sha256 === file.value.sha256);
    const known = kept();
    if (known) {
      // Heals an archive that lost the file.
      await copy.keep(file.value.sha256);
      if (options.issuedBy !== undefined)
        options.store.recordIssuer(file.value.sha256, options.entity.id, options.issuedBy, options.clock.now());
      const approved = stateOf(known) === 'waiting' && (options.policy ?? BY_HAND).hold === 'never';
      if (approved) {
        const decision = decidedByHand('approved', options.clock.now(), 'imported by hand');
        options.store.decideReport(file.value.sha256, options.entity.id, decision);
      }
      return ok({ outcome: 'known', attestation: kept() ?? known, approved, archived });
    }
    const verified = await verifyAndStore(report.value, options, () => copy.keep(file.value.sha256));
    if (!verified.ok) return err(`${name}: ${verified.error}`);
    const attestation = kept();
    if (!attestation) throw new Error(`${name} was stored and is not there`);
    return ok({ outcome: 'stored', verified: verified.value, attestation, archived });
  } finally {
    await copy.drop();
  }
}

/** Who imports a list himself has looked at it: it is used at once. */
const BY_HAND: HoldPolicy = { hold: 'never', watched: null, by: 'operator' };

/** Reads the file once for its hash alone: a known file is not verified again. */
async function identify(report: OpenReport): Promise<Result<ReportFile>> {
  const reading = report.read();
  for await (const _ of reading.items);
  return reading.file();
}

async function verifyAndStore(
  report: OpenReport,
  options: ImportOptions,
  keepFile: () => Promise<void>,
): Promise<Result<VerifiedReport>> {
  const { store, registry, entity, archiveFolder, clock } = options;
  const spoolPath = join(archiveFolder, `.rows-${randomUUID()}`);
  const spool = openSpool<VerifiedItem>(spoolPath);
  const checker = await createProofChecker(report.size);
  try {
    const verified = await verifyReport(report, {
      registry,
      entity,
      book: bookOfLayout(registry, entity, report.format),
      checker: createCachedChecker(checker, store, { onVerdicts: options.onVerdicts }),
      salt: randomUUID(),
      onItems: (items) => spool.append(items),
      ...(options.onProgress ? { onProgress: options.onProgress } : {}),
    });
    if (!verified.ok) return verified;
    await keepFile();
    const importedAtMs = clock.now();
    const { sha256 } = verified.value.file;
    const parts = { store, registry, atMs: importedAtMs };
    store.importReport({
      file: verified.value.file,
      entity: entity.id,
      ...(options.issuedBy === undefined ? {} : { issuedBy: options.issuedBy }),
      asOfMs: options.asOfMs,
      importedAtMs,
      origin: options.origin ?? null,
      judge: judgeList({ sha256, entity: entity.id }, options.policy ?? BY_HAND, parts),
      summaries: verified.value.summaries,
      faults: [...faultsIn(spool.read())],
      rows: flagReused(rowsIn(spool.read()), store, options.asOfMs ?? importedAtMs),
    });
    return verified;
  } finally {
    spool.close();
    await checker.close();
    await rm(spoolPath, { force: true });
  }
}

function* faultsIn(items: Iterable<VerifiedItem>): Generator<RowFault> {
  for (const item of items) if (item.kind === 'fault') yield item.fault;
}

function* rowsIn(
  items: Iterable<VerifiedItem>,
): Generator<{ readonly listed: ListedRow; readonly verdict: OwnershipVerdict }> {
  for (const item of items) if (item.kind === 'row') yield { listed: item.listed, verdict: item.verdict };
}
