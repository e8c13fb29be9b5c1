import type { AlertEvent, AlertState, Severity } from './alert.ts';
import type { EntityId, Sha256 } from './ids.ts';
import type { Snapshot } from './snapshot.ts';
import type { Point } from './solvency.ts';

/** Who is told of events: those of at least its severity. */
export interface Receiver {
  readonly name: string;
  readonly minSeverity: Severity;
}

/** All that one poll leaves behind: committed in one transaction, or not at all. */
export interface PollRecord {
  readonly entity: EntityId;
  /** The report whose address list was polled. */
  readonly report: Sha256 | null;
  readonly snapshot: Snapshot;
  readonly points: readonly Point[];
  /** The states that changed. */
  readonly alertStates: readonly AlertState[];
  /** Events in order; the store writes one outbox row for each and every receiver that wants its severity, in the same transaction. */
  readonly events: readonly AlertEvent[];
  readonly receivers: readonly Receiver[];
  /** SHA-256 of the resolved config, for provenance. */
  readonly configSha256: Sha256;
  readonly codeVersion: string;
}
