import { quote } from '../domain/ids.ts';
import type { Grade, OwnershipFlag, OwnershipProof, OwnershipVerdict } from '../domain/ownership.ts';
import { isUsableEd25519Key, verifyEd25519 } from './ed25519.ts';
import type { Ed25519Chain, KeyedAddress, SignatureCell, SignedFormat } from './ed25519-chain.ts';
import { diagnoseKey, diagnoseSignature, diagnoseText, type FailedRow } from './ed25519-diagnosis.ts';
import { decodeKeyHex, decodeSignature64 } from './ed25519-text.ts';
import { isWellFormed } from './nearby-texts.ts';
import { trace } from './trace.ts';

/** One row on the way to its verdict. */
interface Row {
  readonly chain: Ed25519Chain;
  readonly proof: OwnershipProof;
  readonly message: string;
  readonly formats: readonly SignedFormat[];
  readonly address: KeyedAddress;
  /** Who must have signed: owner1 where the row names one, else the address. */
  readonly signer: KeyedAddress;
  readonly signerName: 'the address' | 'owner1';
}

const verdict = (
  grade: Grade,
  scheme: string | null,
  reason: string | null,
  flags: readonly OwnershipFlag[] = [],
): OwnershipVerdict => ({ grade, scheme, reason, flags });

const invalid = (reason: string): OwnershipVerdict => verdict('invalid', null, reason);

/**
 * Grades a row signed with Ed25519: `address-bound` where the address is the key's, `owner-bound` where it is owner1's that
 * signed, `key-only` where nothing in the row ties the key to the address. The key is the address itself or the 32 bytes of
 * the key column (OKX), and every one given must be the same. Never throws.
 */
export function gradeEd25519Row(chain: Ed25519Chain, proof: OwnershipProof): OwnershipVerdict {
  const address = chain.decode(proof.addressText);
  if (!address.ok) return invalid(address.error);
  traceKeyedAddress('address', address.value);
  if (proof.signature1 === null) {
    return proof.signature2 === null
      ? verdict('listed', null, 'no signature is published')
      : verdict('undecided', null, 'signature2 stands without signature1: no known scheme of such rows');
  }
  const { message } = proof;
  if (message === null) return invalid('a signature is given but no message that it signs');
  if (!isWellFormed(message)) return invalid(`message ${quote(message)} is not well-formed Unicode`);
  const owner = proof.owner1 === null ? null : chain.decode(proof.owner1);
  if (owner?.ok === false) return invalid(`owner1: ${owner.error}`);
  if (owner !== null) traceKeyedAddress('owner1', owner.value);
  const formats = proof.scriptOrPubkey === null ? chain.formats : chain.formats.toSorted(envelopeFirst);
  const signer = owner?.value ?? address.value;
  const signerName = owner === null ? 'the address' : 'owner1';
  return gradeSigned({ chain, proof, message, formats, address: address.value, signer, signerName }, proof.signature1);
}

/** Takes an address down as it was decoded. */
export const traceKeyedAddress = (what: string, address: KeyedAddress): void =>
  trace?.read(what, {
    canonical: address.canonical,
    kind: KINDS[address.kind],
    ...(address.kind === 'key' ? { key: address.key } : {}),
    ...('reason' in address ? { note: address.reason } : {}),
  });

const KINDS: Readonly<Record<KeyedAddress['kind'], string>> = {
  key: 'spells its key out',
  hash: 'a hash that one key alone leads to',
  open: 'may have keys that it does not show',
  none: 'no Ed25519 key can sign for it',
};

/** OKX's rows carry the key: trying its envelope first spares a curve operation, and no signature fits two formats. */
const envelopeFirst = (a: SignedFormat, b: SignedFormat): number => Number(b.name === 'okx') - Number(a.name === 'okx');

const readPlainSignature = (text: string): SignatureCell => {
  const decoded = decodeSignature64(text);
  return decoded.ok
    ? { kind: 'signature', bytes: decoded.value, key: null }
    : { kind: 'malformed', reason: decoded.error };
};

function gradeSigned(row: Row, text: string): OwnershipVerdict {
  const { chain, proof, signer, signerName, formats } = row;
  trace?.part(`signature1, by ${signerName}`);
  if (signer.kind === 'none') return invalid(`${signerName}: ${signer.reason}`);
  const spelled = signer.kind === 'key' ? signer.key : null;
  if (spelled !== null && !isUsableEd25519Key(spelled)) {
    return invalid(`${signerName} is not a key that can sign: a point of small order, which any signature would fit`);
  }
  const column = proof.scriptOrPubkey === null ? null : decodeKeyHex(proof.scriptOrPubkey);
  if (column?.ok === false) return invalid(column.error);
  const cell = (chain.readSignature ?? readPlainSignature)(text);
  const supplied = column?.value ?? (cell.kind === 'signature' ? cell.key : null);
  const key = supplied ?? spelled;
  const search = { ...row, key };
  if (cell.kind === 'malformed') return invalid(`${cell.reason}${diagnoseText(search, text)}`);
  if (cell.kind === 'unsupported') return verdict('undecided', null, cell.reason);
  if (key === null)
    return invalid(`${signerName} does not show its key, and the row gives none: nothing to check the signature by`);
  if (!isUsableEd25519Key(key))
    return invalid('the key in the row is a point of small order, which any signature would fit');
  if (cell.key !== null && !same(cell.key, key)) return invalid('the key column and the signature name different keys');
  trace?.read('public key', {
    from: supplied === null ? signerName : column === null ? 'the signature cell' : 'the key column',
    key,
  });
  const isOfSigner = leadsTo(row, key);
  if (!isOfSigner && signer.kind !== 'open') return invalid(diagnoseKey(search, key, cell.bytes));
  const format = formats.find((one) => {
    trace?.attempt(`ed25519-${one.name}: ${one.what}`);
    return verifyEd25519(key, one.bytes(row.message), cell.bytes);
  });
  if (format === undefined) return gradeMisfit(search, key, cell.bytes);
  const scheme = `ed25519-${format.name}`;
  const flags: OwnershipFlag[] = format.flag === undefined ? [] : [`message-variant:${format.flag}`];
  const second = checkSecond(row, key, scheme, flags);
  if (second !== null) return second;
  if (signer.kind === 'open' && !isOfSigner) return verdict('key-only', scheme, signer.reason, flags);
  if (signer.canonical === row.address.canonical) return verdict('address-bound', scheme, null, flags);
  const open = proof.owner2 !== null && proof.signature2 === null ? '; owner2 has not signed' : '';
  return verdict(
    'owner-bound',
    scheme,
    `signed by owner1; that it owns the address was not read on chain${open}`,
    flags,
  );
}

/** Whether the key leads to the address of whoever must have signed. */
function leadsTo({ chain, signer, signerName }: Row, key: Uint8Array): boolean {
  const leads = signer.kind === 'key' ? same(signer.key, key) : signer.kind !== 'none' && signer.isOf(key);
  trace?.compare(
    `usual address of the key, ${signerName}${leads && chain.addressOf(key) !== signer.canonical ? ' (another form of it)' : ''}`,
    chain.addressOf(key) ?? 'none: nothing here is made of a key',
    signer.canonical,
    leads,
  );
  return leads;
}

/** A signature that fits no format is invalid, unless it says itself that it is of a scheme that is not verified here. */
function gradeMisfit(row: FailedRow, key: Uint8Array, signature: Uint8Array): OwnershipVerdict {
  const other = row.chain.otherScheme?.(signature) ?? null;
  const near = diagnoseSignature(row, key, signature);
  return other !== null && near.nearby === null ? verdict('undecided', null, other) : invalid(near.reason);
}

/** What signature2 changes: null where there is none or it fits owner2 (or, without an owner2, the same key again: flagged). */
function checkSecond(row: Row, first: Uint8Array, scheme: string, flags: OwnershipFlag[]): OwnershipVerdict | null {
  const { chain, proof, formats, message } = row;
  const owner = proof.owner2 === null || proof.owner1 === null ? null : chain.decode(proof.owner2);
  if (owner?.ok === false) return invalid(`owner2: ${owner.error}`);
  if (proof.signature2 === null) return null;
  trace?.part(`signature2, by ${owner === null ? 'the key of signature1' : 'owner2'}`);
  const cell = (chain.readSignature ?? readPlainSignature)(proof.signature2);
  if (cell.kind === 'malformed') return invalid(`signature2: ${cell.reason}`);
  if (cell.kind === 'unsupported') return verdict('undecided', scheme, `signature2: ${cell.reason}`, flags);
  const who = owner === null ? 'the key that made signature1' : 'owner2';
  const key = owner === null ? first : (cell.key ?? keyOf(owner.value, first));
  if (key === null) return verdict('undecided', scheme, 'signature2: the row does not give the key of owner2', flags);
  if (!formats.some((format) => verifyEd25519(key, format.bytes(message), cell.bytes))) {
    return invalid(`signature2 does not fit ${who}`);
  }
  if (same(key, first)) flags.push('duplicate-signer');
  return null;
}

/** The key of an owner that has no key column of its own: spelled out, or the key of owner1 again. */
const keyOf = (owner: KeyedAddress, first: Uint8Array): Uint8Array | null =>
  owner.kind === 'key' ? owner.key : owner.kind !== 'none' && owner.isOf(first) ? first : null;

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
