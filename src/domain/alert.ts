import type { AssetCode, EntityId } from './ids.ts';
import type { Ppm } from './ratio.ts';
import type { Assurance } from './snapshot.ts';
import type { Basis, ComparisonKind } from './solvency.ts';

/** The ratio levels, mildest first. */
export const LEVELS = ['warning', 'critical', 'below-100'] as const;
export type Level = (typeof LEVELS)[number];

/** What a page says of itself, mildest first. */
export const SEVERITIES = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What a level is unless the config says otherwise: the numbers of a ratio rule that do not depend on its subject. */
export interface LevelDefaults {
  readonly firePpm: Ppm;
  readonly clearPpm: Ppm;
  readonly confirmations: number;
  readonly clears: number;
  readonly repeatMs: number;
  readonly severity: Severity;
}

const HOUR_MS = 3_600_000;

/** The levels a rule takes unless the config says otherwise: fire strictly below, clear at or above, in ppm. */
export const DEFAULT_LEVELS: Readonly<Record<Level, LevelDefaults>> = {
  warning: {
    firePpm: 1_020_000n,
    clearPpm: 1_025_000n,
    confirmations: 3,
    clears: 3,
    repeatMs: 24 * HOUR_MS,
    severity: 'warning',
  },
  critical: {
    firePpm: 1_005_000n,
    clearPpm: 1_010_000n,
    confirmations: 2,
    clears: 3,
    repeatMs: 4 * HOUR_MS,
    severity: 'critical',
  },
  'below-100': {
    firePpm: 1_000_000n,
    clearPpm: 1_002_000n,
    confirmations: 2,
    clears: 3,
    repeatMs: HOUR_MS,
    severity: 'critical',
  },
};

/** Liabilities older than this cap a coverage rule at `warning` unless the rule lifts the cap. */
export const DEFAULT_MAX_SKEW_MS = 48 * HOUR_MS;

/** A ratio or coverage rule of one subject and level, as the config states it. */
export interface RatioRule {
  readonly family: 'level';
  /** e.g. `coverage.critical`: the kind and the level. */
  readonly name: string;
  readonly entity: EntityId;
  readonly asset: AssetCode;
  readonly kind: ComparisonKind;
  readonly basis: Basis;
  readonly level: Level;
  readonly firePpm: Ppm;
  readonly clearPpm: Ppm;
  /** Distinct confirmations before it fires (design: 2 for critical and below-100, 3 for warning). */
  readonly confirmations: number;
  /** Complete clear points before it resolves. */
  readonly clears: number;
  readonly minAssurance: Assurance;
  readonly repeatMs: number;
  /** Liabilities older than this cap a coverage rule at warning, unless `liftAgeCap`. */
  readonly maxSkewMs: number;
  readonly liftAgeCap: boolean;
  readonly severity: Severity;
}

/** A rule about the data itself: its own machine, never a state of a ratio rule. */
export interface DataRule {
  readonly family: 'data';
  readonly name: 'data.stale' | 'data.incomplete' | 'data.disagree';
  readonly entity: EntityId;
  /** The ratio asset, or null for the entity as a whole. */
  readonly asset: AssetCode | null;
  readonly afterMs: number;
  readonly repeatMs: number;
  readonly severity: Severity;
}

/** What every rule about statements has: its own machine, one alert an asset. */
interface OfStatements {
  readonly family: 'statement';
  readonly entity: EntityId;
  readonly asset: AssetCode;
  readonly repeatMs: number;
  readonly severity: Severity;
}

/** The liabilities in force are older than the publisher's cadence plus grace. */
export interface StaleRule extends OfStatements {
  readonly name: 'liabilities.stale';
  /** The age above which they are overdue. */
  readonly afterMs: number;
}

/** The statement in force differs from the one before it by more than a share of that one. */
export interface ChangedRule extends OfStatements {
  readonly name: 'liabilities.changed' | 'custody.changed';
  readonly sharePpm: Ppm;
}

/** Two statements of one moment state different amounts of what is owed. */
export interface ConflictRule extends OfStatements {
  readonly name: 'liabilities.conflict';
}

/** A rule about what is stated, not about what was read. */
export type StatementRule = StaleRule | ChangedRule | ConflictRule;

/** A rule about an entity's published lists: one came into use, one waits for the operator, or the next one is overdue. */
export interface ReportRule {
  readonly family: 'report';
  readonly name: 'report.new' | 'report.approval' | 'report.overdue';
  readonly entity: EntityId;
  readonly asset: null;
  /** For `report.overdue` the age above which the newest list is overdue; 0 otherwise. */
  readonly afterMs: number;
  readonly repeatMs: number;
  readonly severity: Severity;
}

/** A rule about accounts of an entity's list that another publisher's list claims too: one alert for each other publisher. */
export interface DisputeRule {
  readonly family: 'dispute';
  readonly name: 'ownership.disputed';
  readonly entity: EntityId;
  readonly asset: null;
  /** Whose claim an alert is about; null where the rule is for all. */
  readonly with: EntityId | null;
  readonly repeatMs: number;
  readonly severity: Severity;
}

export type Rule = RatioRule | DataRule | StatementRule | ReportRule | DisputeRule;

/** Where one alert stands. */
export type AlertPhase = 'ok' | 'pending' | 'firing' | 'recovering';

/** The stored state of one (rule, subject). */
export interface AlertState {
  /** First 32 hex of sha256("por1|rule|entity|asset|subject"): values never enter it. */
  readonly fingerprint: string;
  readonly rule: string;
  readonly entity: EntityId;
  readonly asset: AssetCode | null;
  readonly phase: AlertPhase;
  /** Counts ok → firing. */
  readonly episode: number;
  /** Sequence of the last event of this episode. */
  readonly sequence: number;
  /** Confirmations so far while pending; clears so far while recovering; for disputes the accounts that are disputed. */
  readonly count: number;
  /** Heights by chain at the last counted confirmation or clear: the next must be newer on every heavy chain. */
  readonly lastHeights: Readonly<Record<string, string>>;
  readonly dataStale: boolean;
  /** The highest severity that an event of this open episode had: its resolution carries it, so that nobody who got the one misses the other. Null while ok or pending. */
  readonly severity: Severity | null;
  readonly startedAtMs: number | null;
  readonly firedAtMs: number | null;
  readonly lastNotifiedAtMs: number | null;
  /** When a data rule first saw its condition without a break, null while it does not hold; for `data.stale` the time of the last complete point (or of the rule's first look); for rules about statements the as-of of the statement that it is about; for rules about reports the time of the newest list (0: none yet). */
  readonly sinceMs: number | null;
}

/** What happened to an alert, in the payload's words. */
export type AlertEventType = 'alert.fired' | 'alert.escalated' | 'alert.repeated' | 'alert.resolved' | 'delivery.dead';

/** One event for the receivers. Its id is deterministic: fingerprint, episode and sequence. */
export interface AlertEvent {
  readonly id: string;
  readonly type: AlertEventType;
  readonly fingerprint: string;
  readonly episode: number;
  readonly sequence: number;
  readonly rule: string;
  readonly severity: Severity;
  readonly atMs: number;
  readonly test: boolean;
  /** The canonical JSON body (`por.alert/1`), frozen: every attempt sends the same bytes. */
  readonly body: string;
}

/** A row of the outbox: one event for one receiver. */
export interface Delivery {
  readonly id: string;
  readonly eventId: string;
  readonly receiver: string;
  /** Deliveries of one alert to one receiver go out in this order. */
  readonly fingerprint: string;
  readonly episode: number;
  readonly sequence: number;
  readonly type: AlertEventType;
  readonly body: string;
  readonly state: 'pending' | 'sent' | 'dead' | 'superseded';
  readonly attempts: number;
  readonly notBeforeMs: number;
  readonly createdAtMs: number;
  readonly lastError: string | null;
}
