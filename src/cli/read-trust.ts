import type { Attestation } from '../domain/attestation.ts';
import type { AssetCode, EntityId } from '../domain/ids.ts';
import type { ListTrust } from '../query/point-trust.ts';
import type { Store } from '../seams.ts';

type TrustStore = Pick<Store, 'reports' | 'reportOfPoll' | 'reportTrust'>;

/** Looks up the trust of the list behind a poll; each list and asset once. Null where the poll had no list, or the list not the asset. */
export function createTrustReader(
  store: TrustStore,
): (poll: number, entity: EntityId, asset: AssetCode) => ListTrust | null {
  const lists = new Map<string, Attestation>();
  for (const list of store.reports()) lists.set(`${list.entity} ${list.file.sha256}`, list);
  const known = new Map<string, ListTrust | null>();
  return (poll, entity, asset) => {
    const list = lists.get(`${entity} ${store.reportOfPoll(poll)}`);
    if (list === undefined) return null;
    const key = `${entity} ${list.file.sha256} ${asset}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const trust = trustIn(store, list, asset);
    known.set(key, trust);
    return trust;
  };
}

/** The trust of one asset in a kept list; null where the list has no row of it. */
export function trustIn(store: TrustStore, list: Attestation, asset: AssetCode): ListTrust | null {
  const [trust] = store.reportTrust(list.file.sha256, list.entity, asset);
  return trust === undefined ? null : { list, trust };
}
