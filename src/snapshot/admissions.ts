import type { Result } from '../domain/result.ts';
import type { ReadFailure } from '../domain/snapshot.ts';
import type { Admission, ChainAdapter, Clock } from '../seams.ts';

/** Remembers which providers passed their probes, so that they are repeated hourly, after errors, and when asked. */
export interface Admissions {
  admit(adapter: ChainAdapter, signal: AbortSignal): Promise<Result<Admission, ReadFailure>>;
  /** The next use of every provider probes again: before a confirmation, after a fault. */
  forget(adapter?: ChainAdapter): void;
}

const ADMISSION_MS = 3_600_000;

/** Admissions with a memory of one hour for those that passed; a provider that failed is probed again at its next use. */
export function createAdmissions(clock: Clock): Admissions {
  const passed = new Map<ChainAdapter, { readonly at: number; readonly admission: Result<Admission, ReadFailure> }>();
  return {
    async admit(adapter, signal) {
      const known = passed.get(adapter);
      if (known && clock.monotonic() - known.at < ADMISSION_MS) return known.admission;
      const admission = await adapter.admit(signal);
      if (admission.ok) passed.set(adapter, { at: clock.monotonic(), admission });
      return admission;
    },
    forget(adapter) {
      if (adapter) passed.delete(adapter);
      else passed.clear();
    },
  };
}
