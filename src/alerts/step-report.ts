import type { AlertState, ReportRule, Severity } from '../domain/alert.ts';
import type { Attestation } from '../domain/attestation.ts';
import { close, fire, isOpen } from './fingerprint.ts';
import type { Step } from './step-level.ts';

/** The list that came last, as `reports` has it: newest import first. */
export const newestReport = (reports: readonly Attestation[]): Attestation | null => reports[0] ?? null;

/** The list before it of the same name with other bytes: the publisher replaced a file, or reuses one name. */
export function replacedBy(reports: readonly Attestation[]): Attestation | null {
  const [newest, ...older] = reports;
  return older.find(({ file }) => newest !== undefined && file.name === newest.file.name) ?? null;
}

/** The latest moment that a list is of: its as-of, or when it was imported where nobody said. */
export function latestMoment(reports: readonly Attestation[]): number | null {
  const moments = reports.map(({ asOfMs, importedAtMs }) => asOfMs ?? importedAtMs);
  return moments.length === 0 ? null : Math.max(...moments);
}

/**
 * Moves one alert about published lists by one look. `report.overdue` fires when the latest list is older than the cadence
 * allows, and resolves when a newer one is there. `report.new` fires at the look after an import and resolves at the next; what was
 * there at the rule's first look is not new. Pure.
 */
export function stepReport(rule: ReportRule, before: AlertState, reports: readonly Attestation[], nowMs: number): Step {
  return rule.name === 'report.new' ? stepNew(before, reports, nowMs) : stepOverdue(rule, before, reports, nowMs);
}

function stepNew(before: AlertState, reports: readonly Attestation[], nowMs: number): Step {
  const sinceMs = newestReport(reports)?.importedAtMs ?? 0;
  const came = before.sinceMs !== null && sinceMs > before.sinceMs;
  if (isOpen(before)) return { state: close(before), happened: 'resolved', count: 0 };
  if (came) return { state: fire({ ...before, sinceMs }, nowMs), happened: 'fired', count: 0 };
  return { state: { ...before, sinceMs }, happened: null, count: 0 };
}

function stepOverdue(rule: ReportRule, before: AlertState, reports: readonly Attestation[], nowMs: number): Step {
  const sinceMs = latestMoment(reports);
  if (sinceMs === null) return { state: before, happened: null, count: 0 };
  const open = isOpen(before);
  if (nowMs - sinceMs <= rule.afterMs)
    return { state: { ...close(before), sinceMs }, happened: open ? 'resolved' : null, count: 0 };
  if (open) return { state: { ...before, sinceMs }, happened: null, count: 0 };
  return { state: fire({ ...before, sinceMs }, nowMs), happened: 'fired', count: 0 };
}

/** The severity of an alert about lists: a file replaced under its own name for the same moment is a warning, other news is not. */
export function reportSeverity(rule: ReportRule, reports: readonly Attestation[]): Severity {
  const old = rule.name === 'report.new' ? replacedBy(reports) : null;
  const moment = newestReport(reports)?.asOfMs ?? null;
  return old !== null && moment !== null && old.asOfMs === moment ? 'warning' : rule.severity;
}
