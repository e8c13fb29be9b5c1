import { type AddressChanges, collectCells, diffAddresses, type ListContent } from './diff-reports.ts';
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

/** The addresses that are new in a kept list or gone from it, beside the list before. */
export const compareFormer = (
  store: Pick<Store, 'listedRows'>,
  former: Attestation,
  list: Attestation,
): AddressChanges => diffAddresses(contentOf(store, former), contentOf(store, list));

/** Rows that only name an owner claim nothing: their addresses are not the publisher's list. */
function contentOf(store: Pick<Store, 'listedRows'>, { file, entity }: Attestation): ListContent {
  function* claims() {
    for (const row of store.listedRows(file.sha256, entity)) if (row.listed.row.rowType !== OWNER_ROW) yield row;
  }
  return collectCells(claims());
}
