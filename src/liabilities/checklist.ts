import type { CheckName } from './check-names.ts';
import type { ProofCheck } from './types.ts';

/** The running record of one proof's checks. */
export interface Checklist {
  /** Records a check and returns whether the verifier may go on. */
  require(name: CheckName, holds: boolean, detail: string): boolean;
  skip(name: CheckName, reason: string): void;
  /** Whether a check is switched off, for checks that are terms of a sum rather than a yes or no. */
  off(name: string): boolean;
  failed(): boolean;
  readonly items: readonly ProofCheck[];
}

/**
 * Starts an empty record. `disabled` exists for tests only: it shows that a suite notices when a check is missing; a
 * disabled check is recorded as skipped and stops nothing.
 */
export function createChecklist(disabled: ReadonlySet<string> = new Set()): Checklist {
  const items: ProofCheck[] = [];
  return {
    items,
    require(name, holds, detail) {
      if (disabled.has(name)) {
        items.push({ name, status: 'skipped', detail: 'switched off' });
        return true;
      }
      items.push({ name, status: holds ? 'pass' : 'fail', detail });
      return holds;
    },
    skip(name, reason) {
      items.push({ name, status: 'skipped', detail: reason });
    },
    off: (name) => disabled.has(name),
    failed: () => items.some((item) => item.status === 'fail'),
  };
}
