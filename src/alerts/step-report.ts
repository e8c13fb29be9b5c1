import type { AlertState, ReportRule, Severity } from '../domain/alert.ts';
import { type Attestation, listInUse, listWaiting } from '../domain/attestation.ts';
import { close, fire, isOpen } from './fingerprint.ts';
import type { Step } from './step-level.ts';

/**
 * The list that an alert is about, of `reports` with the newest import first: for `report.approval` the one that waits, or while one
 * is told or its end is (`sinceMs`) that one; else the one in use.
 */
export function listOf(rule: ReportRule, reports: readonly Attestation[], sinceMs: number | null): Attestation | null {
  if (rule.name !== 'report.approval') return listInUse(reports);
  return reports.find(({ importedAtMs }) => importedAtMs === sinceMs) ?? listWaiting(reports);
}

/**
 * The list before it from the same address with other bytes, by the address that it was fetched from where both have one, else by
 * its name: the publisher replaced a file, or reuses one name.
 */
export function replacedBy(reports: readonly Attestation[], list: Attestation): Attestation | null {
  const older = reports.slice(reports.indexOf(list) + 1);
  return (
    older.find(({ file, origin }) =>
      origin !== undefined && list.origin !== undefined ? origin === list.origin : file.name === list.file.name,
    ) ?? null
  );
}

/** The latest moment that a list is of: its as-of, or when it was imported where nobody said. */
export function latestMoment(reports: readonly Attestation[]): number | null {
  const moments = reports.map(({ asOfMs, importedAtMs }) => asOfMs ?? importedAtMs);
  return moments.length === 0 ? null : Math.max(...moments);
}

/**
 * Moves one alert about published lists by one look. `report.overdue` fires when the latest list is older than the cadence
 * allows, and resolves when a newer one is there. `report.new` fires at the look after a list came into use and resolves at the
 * next; what was there at the rule's first look is not new. `report.approval` fires while a list waits, one episode a list. Pure.
 */
export function stepReport(rule: ReportRule, before: AlertState, reports: readonly Attestation[], nowMs: number): Step {
  if (rule.name === 'report.new') return stepNew(before, reports, nowMs);
  return rule.name === 'report.approval'
    ? stepApproval(before, reports, nowMs)
    : stepOverdue(rule, before, reports, nowMs);
}

function stepNew(before: AlertState, reports: readonly Attestation[], nowMs: number): Step {
  const sinceMs = listInUse(reports)?.importedAtMs ?? 0;
  const came = before.sinceMs !== null && sinceMs > before.sinceMs;
  if (isOpen(before)) return { state: close(before), happened: 'resolved', count: 0 };
  if (came) return { state: fire({ ...before, sinceMs }, nowMs), happened: 'fired', count: 0 };
  return { state: { ...before, sinceMs }, happened: null, count: 0 };
}

function stepApproval(before: AlertState, reports: readonly Attestation[], nowMs: number): Step {
  const sinceMs = listWaiting(reports)?.importedAtMs ?? null;
  if (isOpen(before)) {
    if (sinceMs === before.sinceMs) return { state: before, happened: null, count: 0 };
    return { state: { ...close(before), sinceMs: null }, happened: 'resolved', count: 0 };
  }
  if (sinceMs === null) return { state: { ...before, sinceMs }, happened: null, count: 0 };
  return { state: fire({ ...before, sinceMs }, nowMs), happened: 'fired', count: 0 };
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

/**
 * The severity of an alert about lists: a file replaced at its own address for the same moment is a warning, and so is a list
 * without addresses that held more than 5 % of an asset; other news is not.
 */
export function reportSeverity(rule: ReportRule, reports: readonly Attestation[]): Severity {
  const list = rule.name === 'report.new' ? listInUse(reports) : null;
  if (list === null) return rule.severity;
  const old = replacedBy(reports, list);
  const replaced = old !== null && list.asOfMs !== null && old.asOfMs === list.asOfMs;
  return replaced || (list.change?.largeRemovals ?? 0) > 0 ? 'warning' : rule.severity;
}
