import type { AlertEventType, ReportRule } from '../domain/alert.ts';
import type { Attestation } from '../domain/attestation.ts';
import { quote } from '../domain/ids.ts';
import { formatAge, formatTime } from '../domain/time.ts';
import { latestMoment, newestReport, replacedBy } from './step-report.ts';

/** What an alert about published lists says: which list, of when, and whether it took another's place. `name` is escaped. */
export function explainReport(
  type: AlertEventType,
  rule: ReportRule,
  name: string,
  reports: readonly Attestation[],
  nowMs: number,
): string {
  const newest = newestReport(reports);
  const moment = latestMoment(reports);
  if (newest === null || moment === null) return `${name}: no published list is kept any more.`;
  if (type === 'alert.resolved')
    return rule.name === 'report.new'
      ? `Resolved: ${name}: the new list is in use.`
      : `Resolved: ${name}: ${listText(newest)} is not overdue.`;
  if (rule.name === 'report.new')
    return `${name}: ${listText(newest)} was imported and is polled from now on.${replacedText(reports)}`;
  const again = type === 'alert.repeated' ? 'Still: ' : '';
  return `${again}${name}: the newest published list is ${formatAge(nowMs - moment)} old (${formatTime(moment)}); the next was due after ${formatAge(rule.afterMs)}. What is read is what that list names: addresses that came since are not in it.`;
}

function replacedText(reports: readonly Attestation[]): string {
  const old = replacedBy(reports);
  if (old === null) return '';
  return ` A file of the same name had other bytes before: sha256 ${old.file.sha256}, imported ${formatTime(old.importedAtMs)}.`;
}

function listText({ file, asOfMs, rows, faults }: Attestation): string {
  const of = asOfMs === null ? 'of no stated moment' : `as of ${formatTime(asOfMs)}`;
  return `the list ${quote(file.name)} ${of} (${rows} rows, ${faults} faults, sha256 ${file.sha256})`;
}
