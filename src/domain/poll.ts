import type { AlertEvent, AlertState } from './alert.ts';
import type { EntityId, Sha256 } from './ids.ts';
import type { Snapshot } from './snapshot.ts';
import type { Point } from './solvency.ts';

/** All that one poll leaves behind: committed in one transaction, or not at all. */
export interface PollRecord {
  readonly entity: EntityId;
  /** The report whose address list was polled. */
  readonly report: Sha256 | null;
  readonly snapshot: Snapshot;
  readonly points: readonly Point[];
  /** The states that changed. */
  readonly alertStates: readonly AlertState[];
  /** Events in order; the store writes one outbox row a receiver and event in the same transaction. */
  readonly events: readonly AlertEvent[];
  readonly receivers: readonly string[];
  /** SHA-256 of the resolved config, for provenance. */
  readonly configSha256: Sha256;
  readonly codeVersion: string;
}
