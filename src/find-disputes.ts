import { type Attestation, listInUse } from './domain/attestation.ts';
import {
  type AccountClaim,
  areOneHouse,
  type Dispute,
  type SharedAccount,
  seenFromOther,
  weighDisputes,
} from './domain/dispute.ts';
import { type Address, type ChainId, chainOfAsset, type EntityId } from './domain/ids.ts';
import type { Registry } from './domain/registry.ts';
import { groupBy } from './lib/group-by.ts';
import type { Store, TrackedCell } from './seams.ts';

/** What the search for disputes asks: the kept lists, and which entities are one house. */
export interface DisputeParts {
  readonly store: Pick<Store, 'reports' | 'sharedAccounts'>;
  readonly registry: Pick<Registry, 'entities'>;
}

/** One other entity's list in use, and what it shares with the own one. */
export interface Overlapping {
  readonly own: Attestation;
  readonly other: Attestation;
  readonly shared: readonly SharedAccount[];
  /** Own accounts that the other list puts in doubt. */
  readonly disputes: readonly Dispute[];
  /** The other's accounts that the own list puts in doubt. */
  readonly raised: readonly Dispute[];
}

/**
 * The lists in use of all other houses that claim an account of this entity's list too, by entity id. Asked anew at every
 * look: what is disputed changes whenever anybody's list does, and ends when a newer list drops the account.
 */
export function findOverlapping({ store, registry }: DisputeParts, entity: EntityId): readonly Overlapping[] {
  const lists = listsInUse(store);
  const own = lists.find((list) => list.entity === entity);
  if (own === undefined) return [];
  const ref = (list: Attestation) => ({ report: list.file.sha256, entity: list.entity });
  const house = registry.entities.get(entity);
  return lists
    .filter((other) => {
      const theirs = registry.entities.get(other.entity);
      return other !== own && !(house && theirs && areOneHouse(house, theirs));
    })
    .sort((a, b) => (a.entity < b.entity ? -1 : 1))
    .map((other): Overlapping => {
      const shared = store.sharedAccounts(ref(own), ref(other));
      return {
        own,
        other,
        shared,
        disputes: weighDisputes(other, shared),
        raised: weighDisputes(own, seenFromOther(shared)),
      };
    })
    .filter(({ shared }) => shared.length > 0);
}

const listsInUse = (store: DisputeParts['store']): readonly Attestation[] =>
  [...groupBy(store.reports(), (one) => one.entity).values()].flatMap((own) => listInUse(own) ?? []);

/** What one list in use says of an account that another house's list claims too. */
export interface KeptClaim {
  readonly list: Attestation;
  readonly claim: AccountClaim;
  /** Whose lists put this claim in doubt, and from which of them its signatures are copied. */
  readonly disputedWith: readonly EntityId[];
  readonly copiedFrom: readonly EntityId[];
}

/** An account that the lists in use of two or more houses claim. */
export interface KeptOverlap {
  readonly namespace: string;
  readonly address: Address;
  readonly claims: readonly KeptClaim[];
}

/** Every account that the kept lists in use of two houses claim, or those of one entity; by account. */
export function findKeptOverlaps(parts: DisputeParts, entity: EntityId | null): readonly KeptOverlap[] {
  const entities = entity === null ? listsInUse(parts.store).map((list) => list.entity) : [entity];
  const accounts = new Map<
    string,
    { readonly namespace: string; readonly address: Address; readonly claims: Claims }
  >();
  const note = (of: Overlapping, { namespace, address, ...sides }: SharedAccount): void => {
    const key = accountKey(namespace, address);
    const account = accounts.get(key) ?? { namespace, address, claims: new Map() };
    accounts.set(key, account);
    const add = (list: Attestation, claim: AccountClaim): void => {
      if (!account.claims.has(list.entity)) account.claims.set(list.entity, { list, claim, with: new Map() });
    };
    add(of.own, sides.own);
    add(of.other, sides.other);
  };
  for (const one of entities) {
    for (const of of findOverlapping(parts, one)) {
      for (const account of of.shared) note(of, account);
      for (const [loser, disputes] of [
        [of.own, of.disputes],
        [of.other, of.raised],
      ] as const)
        for (const { namespace, address, with: other, copied } of disputes)
          accounts.get(accountKey(namespace, address))?.claims.get(loser.entity)?.with.set(other, copied);
    }
  }
  return [...accounts.values()].map(({ claims, ...account }) => ({
    ...account,
    claims: [...claims.values()].map(({ with: others, ...claim }) => ({
      ...claim,
      disputedWith: [...others.keys()],
      copiedFrom: [...others].flatMap(([other, copied]) => (copied ? [other] : [])),
    })),
  }));
}

type Claims = Map<
  EntityId,
  { readonly list: Attestation; readonly claim: AccountClaim; readonly with: Map<EntityId, boolean> }
>;

/** All disputes against an entity's list in use, by the other's id and then by line. */
export const findDisputes = (parts: DisputeParts, entity: EntityId): readonly Dispute[] =>
  findOverlapping(parts, entity).flatMap(({ disputes }) => disputes);

/** Who disputes an account, by a chain of it and its address; nobody for most. */
export function disputersOf(disputes: readonly Dispute[]): (chain: ChainId, address: Address) => readonly EntityId[] {
  const byAddress = groupBy(disputes, ({ address }) => address);
  return (chain, address) =>
    byAddress.get(address)?.flatMap((one) => (chain.startsWith(`${one.namespace}:`) ? [one.with] : [])) ?? [];
}

/** The cells with those of disputed accounts marked: any asset of the account, as it is one key that is in doubt. */
export function markDisputed(cells: readonly TrackedCell[], disputes: readonly Dispute[]): readonly TrackedCell[] {
  if (disputes.length === 0) return cells;
  const disputers = disputersOf(disputes);
  return cells.map((cell) => {
    const disputedWith = disputers(chainOfAsset(cell.assetId), cell.address);
    if (disputedWith.length === 0) return cell;
    return { ...cell, verdict: { ...cell.verdict, flags: [...cell.verdict.flags, 'disputed' as const] }, disputedWith };
  });
}

const accountKey = (namespace: string, address: Address): string => `${namespace}:${address}`;
