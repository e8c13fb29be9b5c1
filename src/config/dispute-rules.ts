import type { DisputeRule } from '../domain/alert.ts';
import type { EntityId } from '../domain/ids.ts';

/** A claim of somebody else stands until a list changes: more often than weekly would only teach people to look away. */
const REPEAT_MS = 7 * 86_400_000;

/** The rule about what other publishers claim too: always there, as a dispute is news whoever raises it. */
export const disputeRules = (entity: EntityId): readonly DisputeRule[] => [
  {
    family: 'dispute',
    name: 'ownership.disputed',
    entity,
    asset: null,
    with: null,
    repeatMs: REPEAT_MS,
    severity: 'warning',
  },
];
