import type { AlertEvent, AlertEventType, AlertState, Rule, Severity } from '../domain/alert.ts';
import { type Attestation, listWaiting } from '../domain/attestation.ts';
import type { Dispute } from '../domain/dispute.ts';
import { type AssetCode, type EntityId, escapeText, type Sha256 } from '../domain/ids.ts';
import type { Statement } from '../domain/liability.ts';
import type { Registry } from '../domain/registry.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { ComparisonKind, Point } from '../domain/solvency.ts';
import type { Move } from '../seams.ts';
import type { Announcement } from './announce.ts';
import { eventBody } from './event-body.ts';
import { type Cause, explainData, explainLevel, explainRemoval } from './explain.ts';
import { disputeFigures, explainDispute } from './explain-dispute.ts';
import { explainReport } from './explain-report.ts';
import { explainStatement } from './explain-statement.ts';
import { close } from './fingerprint.ts';
import { listSentences } from './list-text.ts';
import { moreSevere } from './severity.ts';
import { listOf } from './step-report.ts';

/** What events say besides rule, state and point. Both lookups are asked only for events, and must be pure for one call. */
export interface AlertContext {
  readonly entity: { readonly id: EntityId; readonly name: string };
  /** The ratio assets in the config's scope: an open alert of another one resolves as `subject_removed`. */
  readonly subjects: readonly AssetCode[];
  readonly assets: Registry['assets'];
  readonly report: Sha256 | null;
  readonly providerFaults: Snapshot['providerFaults'];
  /** The entity's published lists, newest import first. */
  readonly reports: readonly Attestation[];
  /** What other publishers' lists claim of the entity's list in use too. */
  readonly disputes: readonly Dispute[];
  /** All entities whose lists are kept. */
  readonly publishers: readonly EntityId[];
  /** Statements of both kinds, those of the config included. */
  readonly statements: readonly Statement[];
  /** True for a demo or a drill: every event says so. */
  readonly test: boolean;
  /** The last complete point of that kind before a time, or null. */
  readonly pointBefore: (asset: AssetCode, kind: ComparisonKind, timeMs: number) => Point | null;
  /** The cells of a ratio asset that moved since a time, this look included. */
  readonly movesSince: (asset: AssetCode, sinceMs: number) => readonly Move[];
}

/** An event with the state that it leaves behind. */
export interface Made {
  readonly event: AlertEvent;
  readonly state: AlertState;
}

/** The event of an announcement: next sequence, deterministic id `fingerprint-episode-sequence`, frozen body. */
export function makeEvent(
  { of, type, cause }: Announcement,
  points: readonly Point[],
  nowMs: number,
  context: AlertContext,
): Made {
  const { rule, before, step, point } = of;
  const resolved = type === 'alert.resolved';
  const severity = resolved ? (before.severity ?? of.severity) : of.severity;
  const stepped = { ...step.state, sequence: step.state.sequence + 1, lastNotifiedAtMs: nowMs };
  const state = resolved ? stepped : { ...stepped, severity: moreSevere(stepped.severity ?? severity, severity) };
  const told = resolved ? { ...before, sequence: state.sequence, dataStale: state.dataStale } : state;
  const startedAtMs = told.startedAtMs ?? nowMs;
  const shown = rule.family === 'level' ? point : (points.find(({ asset }) => asset === rule.asset) ?? null);
  const { name } = context.entity;
  const pointBefore = rule.family === 'level' ? context.pointBefore(rule.asset, rule.kind, startedAtMs) : null;
  const reason =
    rule.family === 'level'
      ? [
          explainLevel(type, rule, name, point, pointBefore, cause),
          ...listSentences(point, pointBefore, startedAtMs),
        ].join(' ')
      : rule.family === 'data'
        ? explainData(type, rule, name, pointsOf(rule.asset, points), before.sinceMs, cause)
        : rule.family === 'report'
          ? explainReport(type, rule, escapeText(name), context.reports, told.sinceMs, nowMs)
          : rule.family === 'dispute'
            ? explainDispute(type, rule, escapeText(name), context.disputes, pointsOf(null, points))
            : explainStatement(type, rule, escapeText(name), context.statements, nowMs);
  const moves = rule.family === 'level' ? context.movesSince(rule.asset, startedAtMs) : [];
  const disputed =
    rule.family === 'dispute' ? disputeFigures(rule, context.disputes, pointsOf(null, points)) : undefined;
  const confirmations = rule.family !== 'level' ? 0 : type === 'alert.fired' ? step.count : rule.confirmations;
  return seal(
    { rule, type, told, state, previous: before, severity, point: shown, confirmations, moves, disputed, reason },
    nowMs,
    context,
  );
}

/** The event that ends an alert whose rule or subject is gone from the config; nothing is said of the reserves. */
export function makeRemoval(before: AlertState, cause: Cause, nowMs: number, context: AlertContext): Made {
  const sequence = before.sequence + 1;
  const state = { ...close(before), sequence, lastNotifiedAtMs: nowMs, sinceMs: null };
  const severity = before.severity ?? 'warning';
  const reason = explainRemoval(before.rule, cause);
  const told = { ...before, sequence };
  return seal(
    {
      rule: null,
      type: 'alert.resolved',
      told,
      state,
      previous: before,
      severity,
      point: null,
      confirmations: 0,
      moves: [],
      reason,
    },
    nowMs,
    context,
  );
}

interface Draft {
  readonly rule: Rule | null;
  readonly type: AlertEventType;
  /** The alert as the event tells of it. */
  readonly told: AlertState;
  readonly state: AlertState;
  readonly previous: AlertState;
  readonly severity: Severity;
  readonly point: Point | null;
  readonly confirmations: number;
  readonly moves: readonly Move[];
  readonly disputed?: unknown;
  readonly reason: string;
}

function seal({ told, state, previous, ...draft }: Draft, nowMs: number, context: AlertContext): Made {
  const { entity, report, reports, assets, test } = context;
  const about = draft.rule?.family === 'report' ? listOf(draft.rule, reports, told.sinceMs) : null;
  const { fingerprint, episode, sequence, rule } = told;
  const { type, severity } = draft;
  const body = eventBody({
    ...draft,
    state: told,
    previousPhase: previous.phase,
    atMs: nowMs,
    test,
    entity,
    report,
    setVersion: reports.find(({ file }) => file.sha256 === report)?.set.version ?? null,
    waiting: listWaiting(reports)?.file.sha256 ?? null,
    list: about,
    assets,
  });
  const id = `${fingerprint}-${episode}-${sequence}`;
  return { state, event: { id, type, fingerprint, episode, sequence, rule, severity, atMs: nowMs, test, body } };
}

/** The points of a data rule's subject, one an asset: both kinds rest on the same cells. */
function pointsOf(asset: AssetCode | null, points: readonly Point[]): readonly Point[] {
  const own = points.filter((point) => asset === null || point.asset === asset);
  return own.filter((point, index) => own.findIndex((other) => other.asset === point.asset) === index);
}
