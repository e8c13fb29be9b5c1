import type { Dispute } from '../domain/dispute.ts';
import type { EntityId } from '../domain/ids.ts';
import { type DisputeParts, findOverlapping } from '../find-disputes.ts';

/** So many addresses are named, the others counted. */
const NAMED = 3;

/**
 * What an entity's list in use and the lists of others dispute with each other, one sentence each way for each other entity:
 * how many addresses, the first of them, and whether they were copied.
 */
export function disputeWarnings(parts: DisputeParts, entity: EntityId): readonly string[] {
  return findOverlapping(parts, entity).flatMap(({ other, disputes, raised }) => [
    ...sentence(disputes, entity, other.entity, 'whose list claims them with no weaker proof'),
    ...sentence(raised, other.entity, entity, 'whose list claims them with no weaker proof'),
  ]);
}

function sentence(disputes: readonly Dispute[], loser: EntityId, other: EntityId, why: string): readonly string[] {
  const first = disputes.slice(0, NAMED).map(({ address }) => address);
  if (first.length === 0) return [];
  const more = disputes.length > first.length ? ` and ${disputes.length - first.length} more` : '';
  const copied = disputes.filter((one) => one.copied).length;
  const copies = copied === 0 ? '' : `; ${copied} carry the very signatures of ${other}: copied from it`;
  const what = disputes.length === 1 ? '1 address' : `${disputes.length} addresses`;
  return [
    `${what} of ${loser} ${disputes.length === 1 ? 'is' : 'are'} disputed with ${other}, ${why} (${first.join(', ')}${more}): never proven, and in the upper end of the reserves alone${copies}`,
  ];
}

/** The same counts as data: for each other entity the accounts of either side that the other's list puts in doubt. */
export const disputesJson = (parts: DisputeParts, entity: EntityId): readonly unknown[] =>
  findOverlapping(parts, entity).map(({ other, shared, disputes, raised }) => ({
    with: other.entity,
    addresses: shared.length,
    disputed: sideJson(disputes),
    raised: sideJson(raised),
  }));

const sideJson = (disputes: readonly Dispute[]): unknown => ({
  addresses: disputes.length,
  copied: disputes.filter(({ copied }) => copied).length,
  examples: disputes.slice(0, NAMED).map(({ namespace, address, line }) => ({ namespace, address, line })),
});
