import type { EntityId, Sha256 } from './ids.ts';

/** A kept report as a time at which something was seen. */
export interface SeenIn {
  readonly report: Sha256;
  /** When the publisher took the snapshot, or else when the report was imported, ms since 1970. */
  readonly atMs: number;
}

/** What is known of one signature from the reports that are kept of an entity: when it was seen, not when it was made. */
export interface SignatureHistory {
  readonly entity: EntityId;
  readonly first: SeenIn;
  readonly newest: SeenIn;
  readonly reports: number;
  /** Distinct addresses at which those reports carry it; token rows of one address are one. */
  readonly addresses: number;
}

/** What a report's signatures are beside those of the entity's older reports; each distinct signature counts once. */
export interface SignatureSummary {
  /** First seen in this report. */
  readonly fresh: number;
  readonly seenBefore: number;
  /** Where the oldest of those seen before was first seen; null where there is none. */
  readonly oldest: SeenIn | null;
  /** How many stand at more than one address in this report and the older ones, of any publisher. */
  readonly reused: number;
}
