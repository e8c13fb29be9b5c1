import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { archivedPath } from '../archive-file.ts';
import { createProofChecker } from '../check-proofs.ts';
import { quote } from '../domain/ids.ts';
import type { Entity } from '../domain/registry.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { openPublished } from '../published-file.ts';
import { openReport } from '../read-report.ts';
import type { VerifiedItem } from '../report-tally.ts';
import { type VerifiedReport, verifyReport } from '../verify-report.ts';
import { chooseBook } from './choose-book.ts';
import type { CliContext } from './context.ts';
import { type LimitFlags, limitsOf } from './limit-flags.ts';

/** A published list, read and graded whole. */
export interface ReadList {
  readonly entity: Entity | null;
  readonly verified: VerifiedReport;
  readonly rows: readonly VerifiedRow[];
}

/** A graded row of a list. */
export type VerifiedRow = Extract<VerifiedItem, { readonly kind: 'row' }>;

/** How a list is read. */
export interface ReadListOptions extends LimitFlags {
  readonly entity?: string;
  readonly db?: string;
  readonly allowPrivateAddress?: boolean;
  /** Which rows are handed back; all are read and graded all the same. */
  readonly only?: (item: VerifiedRow) => boolean;
}

/** Reads a list that a path, a URL, or the beginning of a kept report's SHA-256 (six digits or more) names. */
export async function readList(
  context: CliContext,
  place: string,
  options: ReadListOptions,
): Promise<Result<ReadList>> {
  const kept = /^[0-9a-f]{6,64}$/.test(place) && !existsSync(place) ? await findKept(context, place, options) : null;
  if (kept && !kept.ok) return kept;
  const limits = limitsOf(options);
  if (!limits.ok) return limits;
  const published = await openPublished(kept?.value.path ?? place, {
    limits: limits.value,
    entry: options.entry,
    allowPrivateAddress: options.allowPrivateAddress === true,
    signal: context.stopped,
  });
  if (!published.ok) return published;
  try {
    const report = await openReport(published.value.file, limits.value);
    if (!report.ok) return err(`${place}: ${report.error}`);
    const registry = await context.registry();
    if (!registry.ok) return registry;
    const entity = options.entity ?? kept?.value.entity;
    const chosen = chooseBook(registry.value, entity === undefined ? {} : { entity }, report.value.format);
    if (!chosen.ok) return chosen;
    const checker = await createProofChecker(report.value.size);
    const rows: VerifiedRow[] = [];
    try {
      const verified = await verifyReport(report.value, {
        registry: registry.value,
        ...chosen.value,
        checker,
        salt: randomUUID(),
        onItems: (items) => {
          for (const item of items) if (item.kind === 'row' && (options.only?.(item) ?? true)) rows.push(item);
        },
      });
      return verified.ok
        ? ok({ entity: chosen.value.entity, verified: verified.value, rows })
        : err(`${place}: ${verified.error}`);
    } finally {
      await checker.close();
    }
  } finally {
    await published.value.drop();
  }
}

async function findKept(
  context: CliContext,
  prefix: string,
  { db, entity }: ReadListOptions,
): Promise<Result<{ readonly path: string; readonly entity: string }>> {
  const opened = await context.openStore(db ?? null, { mustExist: true });
  if (!opened.ok) return opened;
  const { store, archiveFolder } = opened.value;
  try {
    const found = store
      .reports()
      .filter((one) => one.file.sha256.startsWith(prefix) && (entity === undefined || one.entity === entity));
    const [first] = found;
    if (first === undefined) return err(`${quote(prefix)} is no file and no kept report begins with it`);
    if (found.some((one) => one.file.sha256 !== first.file.sha256)) {
      return err(`several kept reports begin with ${quote(prefix)}: give more of its digits`);
    }
    return ok({ path: archivedPath(archiveFolder, first.file.sha256), entity: first.entity });
  } finally {
    store.close();
  }
}
