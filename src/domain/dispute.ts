import type { Attestation } from './attestation.ts';
import type { Address, EntityId } from './ids.ts';
import type { Entity } from './registry.ts';

/** What one list says of an account: on how many rows, on which line first, and whether any of them proves it. */
export interface AccountClaim {
  readonly rows: number;
  readonly line: number;
  /** A row has a proving grade and its message is not somebody else's (`countsAsProven`). */
  readonly proven: boolean;
}

/** An account (a CAIP-2 namespace and a canonical address: one key on all chains of its kind) that two lists claim. */
export interface SharedAccount {
  readonly namespace: string;
  readonly address: Address;
  readonly own: AccountClaim;
  readonly other: AccountClaim;
  /** Rows of both lists carry the very same signature bytes: one copied them from the other. */
  readonly sameSignature: boolean;
}

/** An account of an entity's list whose ownership another publisher's list puts in doubt. */
export interface Dispute {
  readonly namespace: string;
  readonly address: Address;
  /** The first line of the entity's own list that claims it. */
  readonly line: number;
  readonly with: EntityId;
  /** True where the entity's rows carry the other's very signatures and prove nothing, while the other's do. */
  readonly copied: boolean;
}

type Standing = Pick<AccountClaim, 'proven'>;

/**
 * Whether one list's claim puts another's in doubt: only what a publisher issued does, and an unsigned claim never outweighs
 * a signed one. So of two equal claims both are disputed, else the weaker one alone.
 */
export const outweighs = (other: Standing & Pick<Attestation, 'issuedBy'>, own: Standing): boolean =>
  other.issuedBy === 'publisher' && (other.proven || !own.proven);

/** The disputes that another entity's list raises against the own one. */
export function weighDisputes(
  other: Pick<Attestation, 'entity' | 'issuedBy'>,
  shared: readonly SharedAccount[],
): readonly Dispute[] {
  return shared
    .filter((account) => outweighs({ issuedBy: other.issuedBy, proven: account.other.proven }, account.own))
    .map(({ namespace, address, own, other: theirs, sameSignature }) => ({
      namespace,
      address,
      line: own.line,
      with: other.entity,
      copied: sameSignature && theirs.proven && !own.proven,
    }));
}

/** Turns what two lists share around: the other's view of it. */
export const seenFromOther = (shared: readonly SharedAccount[]): readonly SharedAccount[] =>
  shared.map(({ own, other, ...account }) => ({ ...account, own: other, other: own }));

/**
 * Whether two entities are one house, whose lists never dispute each other: one declares the other as affiliate, or they have
 * a name in common.
 */
export function areOneHouse(one: Entity, other: Entity): boolean {
  if (one.affiliates?.includes(other.id) || other.affiliates?.includes(one.id)) return true;
  const names = new Set(one.aliases.map((alias) => alias.toLowerCase()));
  return other.aliases.some((alias) => names.has(alias.toLowerCase()));
}
