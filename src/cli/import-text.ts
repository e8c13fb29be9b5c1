import type { VerdictCounts } from '../cached-checker.ts';
import type { Attestation } from '../domain/attestation.ts';
import { quote } from '../domain/ids.ts';
import type { DisputeParts } from '../find-disputes.ts';
import type { ImportedReport } from '../import-report.ts';
import { type CliContext, EXIT } from './context.ts';
import { disputesJson, disputeWarnings } from './dispute-text.ts';
import { type ListHistory, listHistoryJson, listHistoryText } from './import-history.ts';
import { listWarnings } from './list-warnings.ts';
import { note, printJson, write } from './output.ts';
import { arrivalNotes, listState } from './report-decide.ts';
import { verdictsText } from './verdict-words.ts';

/** Prints what an import found and changed, as text or JSON, and sets the exit code: 5 where lines were not understood, else 0. */
export async function printImport(
  context: CliContext,
  imported: ImportedReport,
  reports: readonly Attestation[],
  history: ListHistory,
  parts: DisputeParts & Parameters<typeof listWarnings>[0],
  verdicts: VerdictCounts,
  json: boolean,
): Promise<void> {
  const { outcome, archived, attestation } = imported;
  const known = outcome === 'known';
  const { file, rows, faults, entity, set, change = null } = attestation;
  const notes = [...arrivalNotes(attestation, reports, !known || imported.approved), ...issuerNotes(attestation)];
  const own = known ? [] : [...imported.verified.totals.warnings, ...listWarnings(parts, attestation)];
  const warnings = [...own, ...disputeWarnings(parts, entity)];
  if (json) {
    await printJson(
      context,
      'reservewatch.import/1',
      {
        outcome,
        entity,
        file,
        rows,
        faults,
        ...(known ? {} : { verdicts }),
        set,
        change,
        state: listState(attestation, reports),
        issuedBy: attestation.issuedBy,
        disputes: disputesJson(parts, entity),
        archived,
        ...listHistoryJson(history),
      },
      warnings,
    );
  } else {
    const changed = known && imported.approved ? 'and approved now' : 'nothing was changed';
    const what = known ? `is kept for ${entity} already, ${changed}` : `is kept for ${entity}`;
    await write(
      context.stdout,
      `${quote(file.name)} ${what}: ${file.format}, ${rows} rows, ${faults} faults, sha256 ${file.sha256}\n` +
        (known ? '' : `${verdictsText(verdicts)}\n`) +
        listHistoryText(history),
    );
    for (const warning of warnings) await note(context, `warning: ${warning}`);
  }
  for (const one of notes) await note(context, one);
  if (!known)
    for (const { line, reason } of imported.verified.tally.faults.slice(0, 10))
      await note(context, `line ${line}: ${reason}`);
  context.exit(faults > 0 ? EXIT.partly : EXIT.good);
}

const issuerNotes = ({ issuedBy, entity }: Attestation): readonly string[] =>
  issuedBy === 'publisher'
    ? []
    : [
        `It is a third party's list: it disputes nothing, and stands for ${entity} only where no list of its own is kept.`,
      ];
