import { verifyRow } from './diagnose-row.ts';
import type { ResolvedLabel } from './domain/attestation.ts';
import type { Address } from './domain/ids.ts';
import type { Network } from './domain/network.ts';
import type { Grade, OwnershipFlag, OwnershipProof, OwnershipVerdict } from './domain/ownership.ts';
import { type TraceStep, withTrace } from './lib/trace.ts';
import { loadChainFamily } from './load-chain.ts';
import { checkProof, type MessageFlags, type Target } from './verify-ownership.ts';

/** The whole reasoning about one proof. Bytes are lower-case hex; `steps` are what the verifier really did, in its order. */
export interface Explanation {
  /** The cells as printed, and the UTF-8 bytes of the message. */
  readonly printed: OwnershipProof & { readonly messageBytes: string | null };
  readonly label: ResolvedLabel & { readonly networkName: string | null; readonly family: string | null };
  readonly address: {
    readonly canonical: Address | null;
    readonly fault: string | null;
    readonly steps: readonly TraceStep[];
  };
  readonly steps: readonly TraceStep[];
  readonly verdict: OwnershipVerdict;
  /** What the grade says, and what it does not. */
  readonly shows: string;
  readonly doesNotShow: string;
  readonly flags: readonly { readonly flag: OwnershipFlag; readonly meaning: string }[];
}

/**
 * Checks a proof once more with a trace on, by the very code that graded it: the verdict is that of `checkProof` and the flags of its
 * message, and those of `more` that only its whole file shows. Memories of earlier results are not asked, so that every byte that is
 * hashed is there.
 */
export async function explainProof(
  proof: OwnershipProof,
  { resolved, network }: Target,
  messageFlags: MessageFlags,
  more: readonly OwnershipFlag[] = [],
): Promise<Explanation> {
  const traced = await trace(proof, network);
  const flags = [...new Set([...traced.verdict.flags, ...messageFlags(proof), ...more])];
  const { grade } = traced.verdict;
  return {
    printed: {
      ...proof,
      messageBytes: proof.message === null ? null : Buffer.from(proof.message, 'utf8').toString('hex'),
    },
    label: { ...resolved, networkName: network?.name ?? null, family: network?.family ?? null },
    address: traced.address,
    steps: traced.steps,
    verdict: { ...traced.verdict, flags },
    shows: GRADE_MEANING[grade].shows,
    doesNotShow: GRADE_MEANING[grade].doesNotShow,
    flags: flags.map((flag) => ({ flag, meaning: flagMeaning(flag) })),
  };
}

async function trace(
  proof: OwnershipProof,
  network: Network | null,
): Promise<Pick<Explanation, 'address' | 'steps' | 'verdict'>> {
  const family = network === null ? null : await loadChainFamily(network.family);
  if (network === null || !family?.ok) {
    const { verdict, addressFault } = await checkProof(proof, network);
    return { address: { canonical: null, fault: addressFault, steps: [] }, steps: [], verdict };
  }
  const [address, decoding] = withTrace(() => family.value.parseAddress(proof.addressText, network));
  const [verdict, steps] = withTrace(() => verifyRow(proof, network, family.value));
  return {
    address: {
      canonical: address.ok ? address.value : null,
      fault: address.ok ? null : address.error,
      steps: decoding,
    },
    steps,
    verdict,
  };
}

const NOT_OWED = 'that the coins are there now, that nobody else has the keys, or that nothing is owed against them';

/** What each grade shows, and what it does not, in a sentence. */
export const GRADE_MEANING: Readonly<Record<Grade, { readonly shows: string; readonly doesNotShow: string }>> = {
  'address-bound': {
    shows:
      'whoever made the signature held the key that the address is derived from, or enough keys of its script, when it was made',
    doesNotShow: `who that was, when it was where the message is not dated, ${NOT_OWED}`,
  },
  'owner-confirmed': {
    shows: 'another account signed, and the chain tied it to the address at the block that was read',
    doesNotShow: `that the tie holds at any other block, ${NOT_OWED}`,
  },
  'owner-bound': {
    shows: 'the account that the file names as owner signed',
    doesNotShow: `that this account owns the address: the file says so and no chain was read; nor ${NOT_OWED}`,
  },
  'key-only': {
    shows: 'the signature fits a key that the file itself supplies',
    doesNotShow: `that this key has anything to do with the address; nor ${NOT_OWED}`,
  },
  partial: {
    shows: 'some keys of the script signed',
    doesNotShow: 'that whoever signed could move the coins: fewer distinct keys signed than the script demands',
  },
  listed: {
    shows: 'the publisher lists the address',
    doesNotShow: 'that anybody holds its key: no signature is published',
  },
  undecided: {
    shows: 'the row is well-formed, but its scheme, variant or chain is not verified here',
    doesNotShow: 'anything: it counts neither as proven nor as wrong',
  },
  invalid: {
    shows: 'the row contradicts itself: signature, address, key or script do not fit each other',
    doesNotShow: 'why: a slip in publishing looks like a forgery',
  },
};

const FLAG_MEANING: Readonly<Record<string, string>> = {
  'static-message': 'the text states no date, height or nonce: the signature may have been made at any time',
  'foreign-message': 'the text names no alias of the entity: it may have been signed for somebody else',
  'repeated-signature': 'the same signature stands at another address in this file',
  'non-canonical': 'a second spelling of the same signature or key: valid mathematics, but not what wallets make',
  'duplicate-signer': 'two signatures of the row come from one key: they count once',
  'case-mismatch': 'the address differs from its canonical spelling in letter case where case carries meaning',
  disputed: 'another publisher lists the address too',
};

const flagMeaning = (flag: OwnershipFlag): string =>
  flag.startsWith('message-variant:')
    ? `the message was signed in the form ${flag.slice('message-variant:'.length)}, not in the chain's usual one`
    : (FLAG_MEANING[flag] ?? 'no meaning is written down for it');
