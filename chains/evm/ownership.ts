import { quote } from '../../src/domain/ids.ts';
import type { Network } from '../../src/domain/network.ts';
import type { Grade, OwnershipFlag, OwnershipProof, OwnershipVerdict } from '../../src/domain/ownership.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { trace } from '../../src/lib/trace.ts';
import type { OwnershipVerifier } from '../../src/seams.ts';
import { hasOddPrefix, parseEvmAddress } from './address.ts';
import { VARIANTS, VARIANTS_WITH_ENVELOPE, type Variant } from './message-digests.ts';
import { evmParams } from './params.ts';
import { type Fit, fitSigner, nearbyMessage } from './recover-signer.ts';
import { foreignSignatureKind, parseEvmSignature } from './signature.ts';

/**
 * Grades rows of EVM networks. Without owner columns signature1 must come from the address itself: `address-bound`. With owner1
 * it must come from owner1, and signature2 from owner2 where that is named too: `owner-bound`, or `address-bound` where the owner
 * is the address. Eigenlayer rows name a contract (the EigenPod) as owner2, which signs only sometimes. The message variant is
 * flagged unless it is the EIP-191 text standard; `non-canonical` marks high s, EIP-2098 and an address spelled with `0X`.
 */
export const evmOwnership: OwnershipVerifier = {
  verify(proof: OwnershipProof, network: Network): OwnershipVerdict {
    const verdict = gradeRow(proof, network);
    const odd = [proof.addressText, proof.owner1, proof.owner2].some((text) => text !== null && hasOddPrefix(text));
    if (!odd || verdict.grade === 'invalid' || verdict.flags.includes('non-canonical')) return verdict;
    return { ...verdict, flags: [...verdict.flags, 'non-canonical'] };
  },
};

function gradeRow(proof: OwnershipProof, network: Network): OwnershipVerdict {
  const address = decodeRowAddress(proof, network);
  if (!address.ok) return invalid(address.error);
  if (isAbsent(proof.signature1)) {
    return isAbsent(proof.signature2)
      ? verdict('listed', null, 'no signature is published')
      : invalid('signature2 stands without signature1');
  }
  if (proof.message === null) return invalid('a signature is given but no message that it signs');
  if (!isWellFormed(proof.message)) return invalid(`message ${quote(proof.message)} is not well-formed Unicode`);
  const kind = foreignSignatureKind(proof.signature1);
  if (kind === 'erc-6492' || (kind === 'bls12-381' && address.value === null)) {
    return verdict('undecided', kind, `signatures of the scheme ${kind} are not checked yet`);
  }
  if (!isAbsent(proof.owner1)) return gradeOwners(proof, network, proof.message, address.value);
  if (address.value === null) return invalid('a validator key cannot sign as an account and no owner is named');
  const of = { message: proof.message, variants: variantsOf(network) };
  const fit = check('signature1', proof.signature1, of, address.value, 'the address');
  return fit.ok ? verdictOf('address-bound', null, [fit.value]) : fit.error;
}

/** The hashes that count on the network; params that are wrong have made the address wrong already, or change nothing here. */
function variantsOf(network: Network): readonly Variant[] {
  const params = evmParams(network);
  return params.ok && params.value.okxEnvelope ? VARIANTS_WITH_ENVELOPE : VARIANTS;
}

const isAbsent = (cell: string | null): cell is null => cell === null || cell === '';

const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text);

/** The canonical address, or null for the 48-byte validator key of a staking row. */
function decodeRowAddress(proof: OwnershipProof, network: Network): Result<string | null> {
  const address = parseEvmAddress(proof.addressText, network);
  if (address.ok) return address;
  const validator = /^(0x)?[0-9a-fA-F]{96}$/.test(proof.addressText) && mayBeValidator(proof);
  return validator ? ok(null) : address;
}

/** `Native ETH Staking`, `Eigenlayer Staking` name staking rows, `Non Staking` does not; BETH rows are staking without saying so. */
const mayBeValidator = ({ rowType, label }: OwnershipProof): boolean =>
  rowType === null ? label.trim().toUpperCase() === 'BETH' : /staking/i.test(rowType) && !/\bnon\b/i.test(rowType);

function gradeOwners(
  proof: OwnershipProof,
  network: Network,
  message: string,
  address: string | null,
): OwnershipVerdict {
  const owner1 = parseEvmAddress(proof.owner1 as string, network);
  if (!owner1.ok) return invalid(`owner1: ${owner1.error}`);
  const of = { message, variants: variantsOf(network) };
  const first = check('signature1', proof.signature1 as string, of, owner1.value, 'owner1');
  if (!first.ok) return first.error;
  const bound = 'signed by the named owner; that it owns the address was not read on chain';
  const pod = /eigenlayer/i.test(proof.rowType ?? '') && isAbsent(proof.signature2);
  if (isAbsent(proof.owner2) || pod) {
    return owner1.value === address
      ? verdictOf('address-bound', null, [first.value])
      : verdictOf('owner-bound', bound, [first.value]);
  }
  const owner2 = parseEvmAddress(proof.owner2, network);
  if (!owner2.ok) return invalid(`owner2: ${owner2.error}`);
  if (isAbsent(proof.signature2)) return invalid('owner2 is named but signature2 is missing');
  const second = check('signature2', proof.signature2, of, owner2.value, 'owner2');
  if (!second.ok) return second.error;
  const twice = owner1.value === owner2.value;
  return verdictOf(
    'owner-bound',
    twice ? `owner1 and owner2 are one account; ${bound}` : bound,
    [first.value, second.value],
    twice ? ['duplicate-signer'] : [],
  );
}

/** The variant under which the signature comes from the signer, or the verdict on the row. */
function check(
  column: string,
  text: string,
  { message, variants }: { readonly message: string; readonly variants: readonly Variant[] },
  signer: string,
  signerName: string,
): Result<Fit, OwnershipVerdict> {
  trace?.part(`${column}, by ${signerName} ${signer}`);
  const signature = parseEvmSignature(text);
  if (!signature.ok) return err(invalid(`${column} cannot be read: ${signature.error}`));
  const fit = fitSigner(signature.value, message, signer, variants);
  if (fit !== null) return ok(fit);
  const nearby = nearbyMessage(signature.value, message, signer, variants);
  const hint = nearby === null ? '' : `; it would fit ${nearby}`;
  return err(invalid(`${column} was not made by ${signerName} for this message${hint}`));
}

const SCHEMES: Readonly<Record<Variant, string>> = {
  text: 'evm-text',
  digest32: 'evm-digest32',
  'raw-keccak': 'evm-raw-keccak',
  'okx-envelope': 'okx-ecdsa',
};

function verdictOf(
  grade: Grade,
  reason: string | null,
  fits: readonly [Fit, ...Fit[]],
  more: readonly OwnershipFlag[] = [],
): OwnershipVerdict {
  const flags = new Set<OwnershipFlag>();
  if (fits.some(({ canonical }) => !canonical)) flags.add('non-canonical');
  for (const { variant } of fits) if (variant !== 'text') flags.add(`message-variant:${variant}`);
  for (const flag of more) flags.add(flag);
  return verdict(grade, SCHEMES[fits[0].variant], reason, [...flags]);
}

const invalid = (reason: string): OwnershipVerdict => verdict('invalid', 'evm', reason);

function verdict(
  grade: Grade,
  scheme: string | null,
  reason: string | null,
  flags: readonly OwnershipFlag[] = [],
): OwnershipVerdict {
  return { grade, scheme, reason, flags };
}
