import { type AddressChanges, collectCells, diffAddresses } from './diff-reports.ts';
import { type Attestation, OWNER_ROW, stateOf } from './domain/attestation.ts';
import type { Store } from './seams.ts';

/** When a list was seen: its as-of, or else its import, ms since 1970. */
export const seenMs = ({ asOfMs, importedAtMs }: Pick<Attestation, 'asOfMs' | 'importedAtMs'>): number =>
  asOfMs ?? importedAtMs;

/** The list before a kept one: of the same entity and issuer, not rejected, the newest that was seen earlier; null where there is none. */
export function formerOf(store: Pick<Store, 'reports'>, list: Attestation): Attestation | null {
  const earlier = store
    .reports(list.entity)
    .filter((one) => one.issuedBy === list.issuedBy && stateOf(one) !== 'rejected' && seenMs(one) < seenMs(list));
  return earlier.reduce<Attestation | null>((best, one) => (best && seenMs(best) >= seenMs(one) ? best : one), null);
}

/** The addresses that are new in a kept list or gone from it, beside the list before. Only what came or went is read: a list may be long. */
export function compareFormer(
  store: Pick<Store, 'listedRows' | 'changedAddresses'>,
  former: Attestation,
  list: Attestation,
): AddressChanges {
  const changed = store.changedAddresses(former.file.sha256, list.file.sha256, list.entity);
  // Rows that only name an owner claim nothing: their addresses are not the publisher's list.
  function* claims({ file, entity }: Attestation) {
    for (const row of store.listedRows(file.sha256, entity, changed))
      if (row.listed.row.rowType !== OWNER_ROW) yield row;
  }
  return diffAddresses(collectCells(claims(former)), collectCells(claims(list)));
}
