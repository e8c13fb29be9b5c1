import { verifyRow } from './diagnose-row.ts';
import type { ResolvedLabel } from './domain/attestation.ts';
import { type Address, quote, type Sha256 } from './domain/ids.ts';
import { isStaticMessage, namesAlias } from './domain/message.ts';
import type { Network } from './domain/network.ts';
import type { OwnershipFlag, OwnershipProof, OwnershipVerdict } from './domain/ownership.ts';
import type { LabelBook, Registry } from './domain/registry.ts';
import { resolveLabel } from './domain/resolve-label.ts';
import type { Result } from './domain/result.ts';
import { sha256Hex } from './lib/hash.ts';
import { stringifyJson } from './lib/json.ts';
import { letOthersIn, ROWS_A_BREATH } from './lib/let-others-in.ts';
import { loadChainFamily } from './load-chain.ts';
import type { ChainFamily } from './seams.ts';

/** Counts up whenever a change of rules may change a verdict, so that cached verdicts of older rules are not used. */
export const POLICY_VERSION = 6;

/** What a row's labels mean, and the network they name; null where that is not known. */
export interface Target {
  readonly resolved: ResolvedLabel;
  readonly network: Network | null;
}

/** What the chain family made of one proof: verdict and canonical address, before flags about the file or the entity. */
export interface CheckedProof {
  readonly verdict: OwnershipVerdict;
  readonly address: Address | null;
  readonly addressFault: string | null;
}

/** Remembered look-ups end here: a file has hundreds of distinct labels, a hostile one any number. */
const KEPT_LABELS = 10_000;

/** Resolves a publisher's labels through its book: pure look-ups, remembered. */
export function createLabelResolver(
  registry: Pick<Registry, 'networks'>,
  book: LabelBook,
): (label: string, network: string | null) => Target {
  const kept = new Map<string, Target>();
  return (label, network) => {
    const key = `${label}\n${network ?? ''}`;
    let target = kept.get(key);
    if (target === undefined) {
      const resolved = resolveLabel(registry, book, label, network);
      target = { resolved, network: (resolved.network && registry.networks.get(resolved.network)) ?? null };
      if (kept.size < KEPT_LABELS) kept.set(key, target);
    }
    return target;
  };
}

/**
 * Checks one proof on its network. Without a network, or without a chain family that can check it, a row with a signature
 * is `undecided` with the reason and one without is `listed`. Never throws.
 */
export async function checkProof(proof: OwnershipProof, network: Network | null): Promise<CheckedProof> {
  if (network !== null && !loadedFamilies.has(network.family)) await rememberFamily(network.family);
  return checkProofNow(proof, network) as CheckedProof;
}

/** Checks proofs one after the other, as `checkProof` does; signals and progress come in between. */
export async function checkProofs(
  proofs: readonly { readonly proof: OwnershipProof; readonly network: Network | null }[],
): Promise<readonly CheckedProof[]> {
  const checked: CheckedProof[] = [];
  for (const { proof, network } of proofs) {
    checked.push(checkProofNow(proof, network) ?? (await checkProof(proof, network)));
    if (checked.length % ROWS_A_BREATH === 0) await letOthersIn();
  }
  return checked;
}

/** As `checkProof`, without a promise a row; null where the chain family must be loaded first, which `checkProof` does. */
export function checkProofNow(proof: OwnershipProof, network: Network | null): CheckedProof | null {
  if (network === null) {
    const where = proof.network === null ? '' : ` on network ${quote(proof.network)}`;
    return uncheckable(
      proof,
      `label ${quote(proof.label)}${where} is not in the label book, so its chain is not known`,
    );
  }
  const family = loadedFamilies.get(network.family);
  if (family === undefined) return null;
  return family.ok ? checkOn(proof, network, family.value) : uncheckable(proof, `${network.name}: ${family.error}`);
}

/** Families already loaded: spares the hot path a promise per row. */
const loadedFamilies = new Map<string, Result<ChainFamily>>();

async function rememberFamily(name: string): Promise<Result<ChainFamily>> {
  const family = await loadChainFamily(name);
  loadedFamilies.set(name, family);
  return family;
}

function checkOn(proof: OwnershipProof, network: Network, family: ChainFamily): CheckedProof {
  const address = family.parseAddress(proof.addressText, network);
  const verdict = verifyRow(proof, network, family);
  return {
    verdict,
    address: address.ok ? address.value : null,
    addressFault: address.ok ? null : address.error,
  };
}

function uncheckable(proof: OwnershipProof, reason: string): CheckedProof {
  const signed = hasSignature(proof);
  const verdict: OwnershipVerdict = {
    grade: signed ? 'undecided' : 'listed',
    scheme: null,
    reason: signed ? reason : `no signature is published; ${reason}`,
    flags: [],
  };
  return { verdict, address: null, addressFault: reason };
}

/** The canonical address of a row whose verdict is known already, or why it has none. */
export async function decodeAddress(
  text: string,
  network: Network | null,
): Promise<Pick<CheckedProof, 'address' | 'addressFault'>> {
  const family =
    network === null ? null : (loadedFamilies.get(network.family) ?? (await rememberFamily(network.family)));
  if (network === null || family === null) return { address: null, addressFault: 'its chain is not known' };
  const address = family.ok ? family.value.parseAddress(text, network) : family;
  return address.ok ? { address: address.value, addressFault: null } : { address: null, addressFault: address.error };
}

const hasSignature = (proof: OwnershipProof): boolean => proof.signature1 !== null || proof.signature2 !== null;

/** The flags that a row's message earns whatever its chain. */
export type MessageFlags = (
  row: Pick<OwnershipProof, 'message' | 'signature1' | 'signature2' | 'addressText'>,
) => readonly OwnershipFlag[];

/** Remembered messages end here: a file has a handful, a hostile one as many as rows. */
const KEPT_MESSAGES = 256;

/**
 * Makes the function that flags messages: `static-message` for an undated text, `foreign-message` for one that names no alias
 * of the entity (never where no alias is known). Rows without message or signature get neither.
 */
export function createMessageFlags(aliases: readonly string[]): MessageFlags {
  const kept = new Map<string, readonly OwnershipFlag[]>();
  const judge = (message: string, addressText: string): readonly OwnershipFlag[] => [
    ...(isStaticMessage(message, addressText) ? (['static-message'] as const) : []),
    ...(aliases.length > 0 && !namesAlias(message, aliases) ? (['foreign-message'] as const) : []),
  ];
  return ({ message, signature1, signature2, addressText }) => {
    if (message === null || (signature1 === null && signature2 === null)) return [];
    if (message.includes(addressText)) return judge(message, addressText);
    let flags = kept.get(message);
    if (flags === undefined) {
      flags = judge(message, '');
      if (kept.size >= KEPT_MESSAGES) kept.clear();
      kept.set(message, flags);
    }
    return flags;
  };
}

const networkKeys = new WeakMap<Network, string>();

/** The key under which a verdict is kept: a hash of all that it depends on, the rules' version included. */
export function verdictKey(proof: OwnershipProof, network: Network | null, policyVersion = POLICY_VERSION): Sha256 {
  const { label, addressText, message, signature1, signature2, scriptOrPubkey, owner1, owner2, rowType } = proof;
  const inputs = [
    label,
    proof.network,
    addressText,
    message,
    signature1,
    signature2,
    scriptOrPubkey,
    owner1,
    owner2,
    rowType,
  ];
  return sha256Hex(stringifyJson([policyVersion, network === null ? null : networkKey(network), inputs]));
}

function networkKey(network: Network): string {
  let key = networkKeys.get(network);
  if (key === undefined) {
    key = stringifyJson([network.family, network.chainId, network.params]);
    networkKeys.set(network, key);
  }
  return key;
}
