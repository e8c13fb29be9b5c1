import { randomUUID } from 'node:crypto';
import type { VerdictCounts } from '../cached-checker.ts';
import { createProofChecker } from '../check-proofs.ts';
import type { ReportFile } from '../domain/attestation.ts';
import type { Limits } from '../domain/limits.ts';
import { ok } from '../domain/result.ts';
import type { ReadableFile } from '../lib/files.ts';
import type { ProofChecker } from '../proof-checker.ts';
import { openPublished } from '../published-file.ts';
import { type OpenReport, openReport } from '../read-report.ts';
import { type VerifiedReport, type VerifyOptions, verifyReport } from '../verify-report.ts';
import { chooseBook } from './choose-book.ts';
import { type CliContext, EXIT, type ExitCode, worstExit } from './context.ts';
import { limitsOf } from './limit-flags.ts';
import { fail, jsonEnvelope, note, startProgress, write } from './output.ts';
import { openVerdictCache, type VerdictCache } from './verdict-cache.ts';
import { verdictsText, workText } from './verdict-words.ts';
import type { VerifyFlags } from './verify-flags.ts';
import { openRowsOutput, type RowsOutput } from './verify-rows.ts';
import { verifyText } from './verify-text.ts';
import { type KeptKnowledge, readKeptKnowledge, trustSentences, verifiedTrustJson } from './verify-trust.ts';
import { namelessNote, warningsOf } from './verify-warnings.ts';

/** Runs `verify`; `early` is a checker whose threads are starting already, or null. The caller closes it. */
export async function verifyFile(
  context: CliContext,
  path: string,
  flags: VerifyFlags,
  early: ProofChecker | null,
): Promise<void> {
  const limits = limitsOf(flags);
  if (!limits.ok) return fail(context, EXIT.usage, limits.error);
  const published = await openPublished(path, {
    limits: limits.value,
    entry: flags.entry,
    allowPrivateAddress: flags.allowPrivateAddress === true,
    signal: context.stopped,
  });
  if (!published.ok) return fail(context, EXIT.usage, published.error);
  try {
    await verifyPublished(context, path, published.value.file, limits.value, flags, early);
  } finally {
    await published.value.drop();
  }
}

async function verifyPublished(
  context: CliContext,
  path: string,
  file: ReadableFile,
  limits: Limits,
  flags: VerifyFlags,
  early: ProofChecker | null,
): Promise<void> {
  const report = await openReport(file, limits);
  if (!report.ok) return fail(context, EXIT.usage, `${path}: ${report.error}`);
  // Where the file was not looked at before, threads start while this one reads the registry.
  const threads = early ?? (await createProofChecker(report.value.size));
  const cache = await openVerdictCache(context, threads, flags.verdicts);
  try {
    if (!cache.ok) return await fail(context, EXIT.usage, `--verdicts: ${cache.error}`);
    const { checker } = cache.value;
    const registry = await context.registry();
    if (!registry.ok) return await fail(context, EXIT.usage, registry.error);
    const publisher = chooseBook(registry.value, flags, report.value.format);
    if (!publisher.ok) return await fail(context, EXIT.usage, publisher.error);
    const rows = flags.rows === undefined ? ok(null) : await openRowsOutput(context, flags.rows);
    if (!rows.ok) return await fail(context, EXIT.usage, rows.error);
    await verifyOpened(
      context,
      report.value,
      { registry: registry.value, ...publisher.value, checker },
      flags,
      rows.value,
      cache.value,
    );
  } finally {
    if (cache.ok) cache.value.close();
    if (early === null) await threads.close();
  }
}

async function verifyOpened(
  context: CliContext,
  report: OpenReport,
  options: Omit<VerifyOptions, 'salt'>,
  flags: VerifyFlags,
  rows: RowsOutput | null,
  cache: VerdictCache,
): Promise<void> {
  const progress = startProgress(context, 'bytes verified');
  const { registry, entity } = options;
  let kept: KeptKnowledge | null = null;
  const readKept = async ({ sha256 }: ReportFile): Promise<KeptKnowledge> => {
    kept ??= await readKeptKnowledge(context, registry, { sha256, entity: entity?.id ?? null, db: flags.db });
    return kept;
  };
  try {
    const verified = await verifyReport(report, {
      ...options,
      salt: randomUUID(),
      onProgress: progress.update,
      ...(rows === null
        ? {}
        : {
            onSurveyed: async (file) => void (await readKept(file)),
            onItems: (items) => rows.write(kept?.flagged(items) ?? items),
          }),
    });
    progress.stop();
    if (!verified.ok) {
      await rows?.discard();
      return await fail(context, EXIT.usage, `${report.name}: ${verified.error}`);
    }
    await rows?.finish();
    const knowledge = await readKept(verified.value.file);
    await printResult(context, verified.value, knowledge, options, flags, rows, cache.counts());
  } catch (error) {
    progress.stop();
    await rows?.discard();
    if (context.stopped.aborted) await note(context, cache.stoppedText());
    throw error;
  } finally {
    progress.stop();
  }
}

async function printResult(
  context: CliContext,
  verified: VerifiedReport,
  kept: KeptKnowledge,
  { entity, registry }: Pick<VerifyOptions, 'entity' | 'registry'>,
  flags: VerifyFlags,
  rows: RowsOutput | null,
  verdicts: VerdictCounts | null,
): Promise<void> {
  const { file, tally, totals, work } = verified;
  const stream = rows?.usesStdout ? context.stderr : context.stdout;
  const trust = kept.withAges(tally.trust);
  const marked = kept.disputedRows === 0 ? tally : { ...tally, flags: { ...tally.flags, disputed: kept.disputedRows } };
  const nowMs = context.clock.now();
  const warnings = [...warningsOf(verified), ...kept.warnings];
  const data = {
    file: { name: file.name, sha256: file.sha256, format: file.format, bytes: file.bytes },
    entity: entity?.id ?? null,
    rows: tally.rows,
    ...(verdicts === null ? {} : { verdicts }),
    grades: tally.grades,
    flags: marked.flags,
    assets: totals.assets,
    trust: verifiedTrustJson(trust, entity, nowMs),
    faults: tally.faults,
    ...(verified.repeatedCells.rows === 0 ? {} : { repeatedCells: verified.repeatedCells }),
    backend: work,
  };
  if (flags.json) await write(stream, jsonEnvelope('reservewatch.verify/1', data, warnings));
  else {
    const sentences = [...trustSentences(trust, entity, nowMs), ...namelessNote(registry, verified, entity)];
    const said = verdicts === null ? workText(work) : `${workText(work)}; ${verdictsText(verdicts)}`;
    await write(
      stream,
      verifyText(context, stream, { ...verified, tally: marked }, entity, [...sentences, said], warnings),
    );
  }
  context.exit(exitOf(verified));
}

/** 3 for an invalid or partial row or a sum that differs, 4 for what could not be decided, else 0. */
function exitOf({ tally: { grades, rows, unmatched }, totals }: VerifiedReport): ExitCode {
  const bad = grades.invalid > 0 || grades.partial > 0 || totals.assets.some(({ equal }) => equal === false);
  const open = grades.undecided > 0 || rows.faults > 0 || rows.counted === 0 || unmatched.rows > 0;
  return worstExit(bad ? EXIT.bad : EXIT.good, open ? EXIT.undecided : EXIT.good);
}
