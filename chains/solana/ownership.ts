import { quote } from '../../src/domain/ids.ts';
import type { Grade, OwnershipFlag, OwnershipProof, OwnershipVerdict } from '../../src/domain/ownership.ts';
import { isUsableEd25519Key, verifyEd25519 } from '../../src/lib/ed25519.ts';
import type { OwnershipVerifier } from '../../src/seams.ts';
import { decodeSolanaAddress, solanaAddressOf } from './address.ts';
import { isWellFormed, type MessageVariant, messageVariants, nearbyMessages } from './messages.ts';
import { decodeKeyHex, decodeSignature64, nearbySignatures } from '../../src/lib/ed25519-text.ts';

/**
 * Grades Solana rows. A Solana address is its Ed25519 key, so a signature by it is `address-bound`; with an owner column the
 * owner's key must have signed (`owner-bound`), and owner2 too where signature2 is given. A public key column must name
 * that very signer. Program-derived addresses have no key: only an owner can sign for them.
 */
export const solanaOwnership: OwnershipVerifier = {
  verify(proof: OwnershipProof): OwnershipVerdict {
    const address = decodeSolanaAddress(proof.addressText);
    if (!address.ok) return invalid(address.error);
    if (proof.signature1 === null) {
      return proof.signature2 === null
        ? verdict('listed', null, 'no signature is published')
        : verdict('undecided', null, 'signature2 stands without signature1: no known scheme of Solana rows');
    }
    if (proof.message === null) return invalid('a signature is given but no message that it signs');
    if (!isWellFormed(proof.message)) return invalid(`message ${quote(proof.message)} is not well-formed Unicode`);
    return gradeSigned(proof, address.value, proof.message, proof.signature1);
  },
};

/** The same answer for every cell that this family decodes itself. */
const invalid = (reason: string): OwnershipVerdict => verdict('invalid', null, reason);

function verdict(
  grade: Grade,
  scheme: string | null,
  reason: string | null,
  flags: readonly OwnershipFlag[] = [],
): OwnershipVerdict {
  return { grade, scheme, reason, flags };
}

function gradeSigned(proof: OwnershipProof, address: Uint8Array, message: string, text: string): OwnershipVerdict {
  const owner = proof.owner1 === null ? null : decodeSolanaAddress(proof.owner1);
  if (owner?.ok === false) return invalid(`owner1: ${owner.error}`);
  const signer = owner?.value ?? address;
  const signerName = owner === null ? 'the address' : 'owner1';
  if (!isUsableEd25519Key(signer)) {
    return invalid(`${signerName} is not a key that can sign: a point of small order, which any signature would fit`);
  }
  const supplied = proof.scriptOrPubkey === null ? null : decodeKeyHex(proof.scriptOrPubkey);
  if (supplied?.ok === false) return invalid(supplied.error);
  const inOrder = messageVariants(message);
  // OKX's rows carry the key: trying its envelope first spares one curve operation, and no signature fits both.
  const variants = supplied === null ? inOrder : inOrder.toReversed();
  const search: Search = { variants, message, signer, signerName, address, supplied: supplied?.value ?? null };
  const signature = decodeSignature64(text);
  if (!signature.ok) return invalid(`${signature.error}${diagnoseText(search, text)}`);
  if (supplied !== null && !same(supplied.value, signer)) {
    return invalid(diagnoseSuppliedKey(search, supplied.value, signature.value));
  }
  const match = firstFit(variants, signer, signature.value);
  if (match === null) return invalid(diagnoseMismatch(search, signature.value));
  const scheme = `ed25519-${match.name}`;
  // Wallets sign the bare text: anything else is worth a flag.
  const flags: OwnershipFlag[] = match.name === 'raw' ? [] : ['message-variant:okx-envelope'];
  return owner === null || same(owner.value, address)
    ? verdict('address-bound', scheme, null, flags)
    : gradeOwners(proof, variants, scheme, flags);
}

/** The first owner has signed; the second must have, where the row gives its signature. */
function gradeOwners(
  proof: OwnershipProof,
  variants: readonly MessageVariant[],
  scheme: string,
  flags: OwnershipFlag[],
): OwnershipVerdict {
  const bound = 'signed by owner1; that it owns the address was not read on chain';
  if (proof.owner2 === null) return verdict('owner-bound', scheme, bound, flags);
  const second = decodeSolanaAddress(proof.owner2);
  if (!second.ok) return invalid(`owner2: ${second.error}`);
  if (proof.signature2 === null) return verdict('owner-bound', scheme, `${bound}; owner2 has not signed`, flags);
  const signature = decodeSignature64(proof.signature2);
  if (!signature.ok) return invalid(`signature2: ${signature.error}`);
  if (firstFit(variants, second.value, signature.value) === null) return invalid('signature2 does not fit owner2');
  if (proof.owner1 === proof.owner2) flags.push('duplicate-signer');
  return verdict('owner-bound', scheme, bound, flags);
}

const firstFit = (variants: readonly MessageVariant[], key: Uint8Array, signature: Uint8Array): MessageVariant | null =>
  variants.find((variant) => verifyEd25519(key, variant.bytes, signature)) ?? null;

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

interface Search {
  readonly variants: readonly MessageVariant[];
  readonly message: string;
  readonly signer: Uint8Array;
  readonly signerName: string;
  readonly address: Uint8Array;
  readonly supplied: Uint8Array | null;
}

function diagnoseText(search: Search, text: string): string {
  const near = nearbySignatures(text).find(({ bytes }) => firstFit(search.variants, search.signer, bytes) !== null);
  return near === undefined ? '' : `; ${near.what} it would fit`;
}

function diagnoseSuppliedKey(search: Search, supplied: Uint8Array, signature: Uint8Array): string {
  const named = solanaAddressOf(supplied);
  const signer = solanaAddressOf(search.signer);
  const byCase = named.toLowerCase() === signer.toLowerCase() ? ' (they differ in letter case only)' : '';
  const fits = firstFit(search.variants, supplied, signature) !== null ? 'the signature fits' : 'no signature fits';
  return `the public key column is the key of ${named}, not of ${search.signerName}${byCase}; ${fits} that key`;
}

function diagnoseMismatch(search: Search, signature: Uint8Array): string {
  const base = `the signature does not fit ${search.signerName} over the message, bare or in the OKX envelope`;
  if (!same(search.signer, search.address) && firstFit(search.variants, search.address, signature) !== null) {
    return `${base}; it fits the address itself instead of owner1`;
  }
  const near = nearbyMessages(search.message).find(({ bytes }) => verifyEd25519(search.signer, bytes, signature));
  return near === undefined ? base : `${base}; it would fit ${near.what}`;
}
