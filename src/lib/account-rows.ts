import { quote } from '../domain/ids.ts';
import type { Grade, OwnershipFlag, OwnershipProof, OwnershipVerdict } from '../domain/ownership.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { isWellFormed } from './nearby-texts.ts';
import { trace } from './trace.ts';

/** An address as a chain decodes it. */
export interface Account {
  /** The canonical spelling. */
  readonly canonical: string;
  /** Why a key that the address is not derived from may still be its own (a contract, an id, a replaced key); null: it cannot. */
  readonly otherKeys: string | null;
  /** Whether the address is derived from a key at all. */
  readonly derived: boolean;
}

/** What one signature shows about the account that should have made it. */
export type SignatureCheck =
  /** It was made by the key that the address is derived from. */
  | { readonly shows: 'account'; readonly scheme: string; readonly flags: readonly OwnershipFlag[] }
  /** It fits the public key column only. */
  | { readonly shows: 'key'; readonly scheme: string; readonly flags: readonly OwnershipFlag[] }
  /** It fits nothing that counts; the reason goes on after `signature1`. */
  | { readonly shows: 'nothing'; readonly reason: string }
  | { readonly shows: 'unknown'; readonly scheme: string; readonly reason: string };

/** What a chain knows: its addresses, its keys and its signatures. */
export interface AccountRules {
  /** Decodes with the checksum of that very chain. */
  readonly parseAccount: (text: string) => Result<Account>;
  /** Decodes an owner column; left out: as an address. */
  readonly parseOwner?: (text: string) => Result<Account>;
  /** A published public key in one spelling. */
  readonly parseKey: (text: string) => Result<string>;
  /** Whether the signature of the message comes from the account, or else from the key column's key. */
  readonly check: (signature: string, message: string, account: Account, key: string | null) => SignatureCheck;
}

/**
 * The grade of a row whose address stands for one account. Without owner columns signature1 must come from the address:
 * `address-bound`, or `key-only` where it fits the key column and the chain allows the account other keys. With owner1 it must come
 * from owner1, and signature2 from owner2 where that is given: `owner-bound`; an address that signed for itself stays
 * address-bound all the same.
 */
export function gradeAccountRow(proof: OwnershipProof, rules: AccountRules): OwnershipVerdict {
  const account = rules.parseAccount(proof.addressText);
  if (!account.ok) return invalid(account.error);
  traceAccount('address', account.value);
  const ready = readyToCheck(proof);
  if (!ready.ok) return ready.error;
  const key = isAbsent(proof.scriptOrPubkey) ? ok(null) : rules.parseKey(proof.scriptOrPubkey);
  if (!key.ok) return invalid(key.error);
  const { message, signature1 } = ready.value;
  if (!isAbsent(proof.owner1)) return gradeOwners(proof, rules, ready.value, account.value);
  trace?.part('signature1, by the address');
  return verdictOf(rules.check(signature1, message, account.value, key.value), account.value);
}

/** Takes an account down as it was decoded. */
export const traceAccount = (what: string, { canonical, derived, otherKeys }: Account): void =>
  trace?.read(what, { canonical, derivedFromAKey: derived, mayHaveOtherKeys: otherKeys });

/** The message and first signature of a row, or the verdict on a row that offers none or only half of them. */
export function readyToCheck(
  proof: OwnershipProof,
): Result<{ readonly message: string; readonly signature1: string }, OwnershipVerdict> {
  if (isAbsent(proof.signature1)) {
    return err(
      isAbsent(proof.signature2)
        ? verdict('listed', null, 'no signature is published')
        : invalid('signature2 stands without signature1'),
    );
  }
  if (proof.message === null) return err(invalid('a signature is given but no message that it signs'));
  if (!isWellFormed(proof.message)) {
    return err(invalid(`message ${quote(proof.message)} is not well-formed Unicode`));
  }
  return ok({ message: proof.message, signature1: proof.signature1 });
}

/** Whether a published cell offers nothing. */
export const isAbsent = (cell: string | null): cell is null => cell === null || cell === '';

function verdictOf(check: SignatureCheck, account: Account): OwnershipVerdict {
  if (check.shows === 'account') return verdict('address-bound', check.scheme, null, check.flags);
  if (check.shows === 'nothing') return invalid(`signature1 ${check.reason}`);
  if (check.shows === 'unknown') return verdict('undecided', check.scheme, check.reason);
  const why = account.otherKeys ?? 'the address is not derived from it';
  return verdict('key-only', check.scheme, `signed by the key that the row itself names; ${why}`, check.flags);
}

function gradeOwners(
  proof: OwnershipProof,
  rules: AccountRules,
  { message, signature1 }: { readonly message: string; readonly signature1: string },
  account: Account,
): OwnershipVerdict {
  const parseOwner = rules.parseOwner ?? rules.parseAccount;
  const owner1 = parseOwner(proof.owner1 as string);
  if (!owner1.ok) return invalid(`owner1: ${owner1.error}`);
  traceAccount('owner1', owner1.value);
  trace?.part('signature1, by owner1');
  const first = rules.check(signature1, message, owner1.value, null);
  const self = owner1.value.canonical === account.canonical;
  if (first.shows !== 'account') {
    if (!self) trace?.part('signature1, by the address instead of owner1');
    const own = self ? first : rules.check(signature1, message, account, null);
    if (own.shows !== 'account') return verdictOf(first, owner1.value);
    return verdict('address-bound', own.scheme, 'signed by the address itself, not by the owner named', own.flags);
  }
  if (isAbsent(proof.owner2)) {
    return self ? verdictOf(first, account) : verdict('owner-bound', first.scheme, NOT_READ, first.flags);
  }
  const owner2 = parseOwner(proof.owner2);
  if (!owner2.ok) return invalid(`owner2: ${owner2.error}`);
  if (isAbsent(proof.signature2)) return invalid('owner2 is named but signature2 is missing');
  traceAccount('owner2', owner2.value);
  trace?.part('signature2, by owner2');
  const second = rules.check(proof.signature2, message, owner2.value, null);
  if (second.shows === 'nothing') return invalid(`signature2 ${second.reason}`);
  if (second.shows !== 'account') return verdictOf(second, owner2.value);
  const twice = owner1.value.canonical === owner2.value.canonical;
  const flags = [...new Set([...first.flags, ...second.flags, ...(twice ? (['duplicate-signer'] as const) : [])])];
  const reason = twice ? `owner1 and owner2 are one account; ${NOT_READ}` : NOT_READ;
  return verdict('owner-bound', first.scheme, reason, flags);
}

const NOT_READ = 'signed by the named owner; that it owns the address was not read on chain';

/** The verdict on a row that cannot be right, with the reason. */
export const invalid = (reason: string): OwnershipVerdict => verdict('invalid', null, reason);

/** A verdict of those parts. */
export const verdict = (
  grade: Grade,
  scheme: string | null,
  reason: string | null,
  flags: readonly OwnershipFlag[] = [],
): OwnershipVerdict => ({ grade, scheme, reason, flags });
