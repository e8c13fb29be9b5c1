import type { AlertEventType, ReportRule } from '../domain/alert.ts';
import { type Attestation, listInUse, stateOf } from '../domain/attestation.ts';
import { escapeText, quote } from '../domain/ids.ts';
import { formatAge, formatTime } from '../domain/time.ts';
import { setText } from './set-text.ts';
import { latestMoment, listOf, replacedBy } from './step-report.ts';

/**
 * What an alert about published lists says: which list, of when, how its set of addresses changed, whether it took another's
 * place, and what the operator can do. `name` is escaped; `sinceMs` is that of the alert's state.
 */
export function explainReport(
  type: AlertEventType,
  rule: ReportRule,
  name: string,
  reports: readonly Attestation[],
  sinceMs: number | null,
  nowMs: number,
): string {
  const list = listOf(rule, reports, sinceMs);
  const moment = latestMoment(reports);
  if (list === null || moment === null) return `${name}: no published list is kept any more.`;
  const resolved = type === 'alert.resolved';
  const again = type === 'alert.repeated' ? 'Still: ' : '';
  if (rule.name === 'report.new')
    return resolved
      ? `Resolved: ${name}: the new list is in use.`
      : `${name}: ${listText(list)} was imported and is polled from now on.${changeText(list)}${replacedText(reports, list)}`;
  if (rule.name === 'report.approval')
    return resolved ? `Resolved: ${name}: ${decisionText(list)}` : `${again}${name}: ${askText(list, reports)}`;
  if (resolved) {
    const latest = reports.find(({ asOfMs, importedAtMs }) => (asOfMs ?? importedAtMs) === moment) ?? list;
    return `Resolved: ${name}: ${listText(latest)} is not overdue.`;
  }
  return `${again}${name}: the newest published list is ${formatAge(nowMs - moment)} old (${formatTime(moment)}); the next was due after ${formatAge(rule.afterMs)}. What is read is what ${listText(list)} names: addresses that came since are not in it.`;
}

/** The command that lets a waiting list be used. */
export const approveCommand = ({ file, entity }: Attestation): string =>
  `reservewatch report approve ${file.sha256} --entity ${entity}`;

function askText(list: Attestation, reports: readonly Attestation[]): string {
  const inUse = listInUse(reports);
  const meanwhile =
    inUse === null
      ? 'Until then no list is in use.'
      : `Until then ratios rest on the list before it (sha256 ${inUse.file.sha256}, set version ${inUse.set.version}).`;
  return `${listText(list)} waits for approval and is not used.${changeText(list)}${replacedText(reports, list)} ${meanwhile} Look at it with \`reservewatch report diff\`, then: ${approveCommand(list)}, or report reject.`;
}

function decisionText(list: Attestation): string {
  const { decision } = list;
  const state = stateOf(list);
  if (state === 'waiting') return `${listText(list)} was never used: a newer list took its place.`;
  const said = decision ? ` by ${escapeText(decision.by)} at ${formatTime(decision.atMs)}` : '';
  const note = decision?.note ? `: ${quote(decision.note)}` : '';
  return state === 'approved'
    ? `${listText(list)} was approved${said}${note}, and is used from now on.`
    : `${listText(list)} was rejected${said}${note}, and is not used.`;
}

const changeText = ({ change }: Attestation): string => (change === undefined ? '' : ` ${setText(change)}`);

function replacedText(reports: readonly Attestation[], list: Attestation): string {
  const old = replacedBy(reports, list);
  if (old === null) return '';
  const where = list.origin !== undefined && old.origin !== undefined ? 'at the same address' : 'of the same name';
  return ` A file ${where} had other bytes before: sha256 ${old.file.sha256}, imported ${formatTime(old.importedAtMs)}.`;
}

function listText({ file, asOfMs, rows, faults }: Attestation): string {
  const of = asOfMs === null ? 'of no stated moment' : `as of ${formatTime(asOfMs)}`;
  return `the list ${quote(file.name)} ${of} (${rows} rows, ${faults} faults, sha256 ${file.sha256})`;
}
