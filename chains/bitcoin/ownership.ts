import { quote } from '../../src/domain/ids.ts';
import type { Network } from '../../src/domain/network.ts';
import type { Grade, OwnershipFlag, OwnershipProof, OwnershipVerdict } from '../../src/domain/ownership.ts';
import { isWellFormed } from '../../src/lib/nearby-texts.ts';
import { compressPublicKey, isHighS } from '../../src/lib/secp256k1.ts';
import type { OwnershipVerifier } from '../../src/seams.ts';
import { type Destination, decodeAddress } from './address.ts';
import { gradeWitnesses, type WitnessColumn } from './bip322-row.ts';
import { explainFailure } from './diagnose.ts';
import { sameBytes } from './hash.ts';
import { okxEnvelopeDigest, signedMessageDigest } from './message.ts';
import { checkMultisig } from './multisig.ts';
import { type BitcoinParams, bitcoinParams } from './params.ts';
import { readScriptCell, type ScriptCell } from './script.ts';
import { type RecoverableSignature, readSignature, recoverSigner, type SignedBy, type Signer } from './signature.ts';
import { matchSingleKey, statedClass } from './single-key.ts';

/**
 * Verifies rows of the UTXO family: BIP-137 with the coin's own message header, OKX's hex envelope, and multisig by
 * redeem or witness script. The address must decode for its own chain and every signature in the row must fit; the
 * header byte's key form is binding, its address class is not (Electrum and Core sign for bc1q with 31-34).
 * BIP-322 in its simple form for keys and bare multisig; its other forms and other scripts are `undecided`.
 */
export const ownership: OwnershipVerifier = {
  verify(proof, network) {
    const params = bitcoinParams(network);
    return params.ok ? verifyRow(proof, network, params.value) : verdict('undecided', null, params.error);
  },
};

const verdict = (
  grade: Grade,
  scheme: string | null,
  reason: string | null,
  flags: readonly OwnershipFlag[] = [],
): OwnershipVerdict => ({ grade, scheme, reason, flags });

/** All that is known of a row once its signatures are recovered. */
interface SignedRow {
  readonly destination: Destination;
  readonly message: string;
  readonly header: string;
  readonly signed: readonly SignedBy[];
  readonly cell: ScriptCell;
  readonly flags: readonly OwnershipFlag[];
}

function verifyRow(proof: OwnershipProof, network: Network, params: BitcoinParams): OwnershipVerdict {
  const address = decodeAddress(proof.addressText, params);
  if (!address.ok) return verdict('invalid', null, `${address.error} (${network.slug})`);
  const columns = (['signature1', 'signature2'] as const).flatMap((column) => {
    const text = proof[column];
    return text === null ? [] : [{ column, read: readSignature(text) }];
  });
  if (columns.length === 0) return verdict('listed', null, 'no signature');
  const { message } = proof;
  if (message === null) return verdict('invalid', null, 'a signature is given but no message that it signs');
  if (!isWellFormed(message)) return verdict('invalid', null, `message ${quote(message)} is not well-formed Unicode`);
  if (address.value.kind === 'witness') {
    return verdict('undecided', null, 'nobody has said yet how addresses of this witness version sign');
  }
  const recoverable: { column: SignedBy['column']; signature: RecoverableSignature }[] = [];
  const witnesses: WitnessColumn[] = [];
  for (const { column, read } of columns) {
    if (read.kind === 'malformed') return verdict('invalid', null, `${column} ${read.reason}`);
    if (read.kind === 'bip322-other') return verdict('undecided', 'bip322', `${column}: ${read.reason}`);
    if (read.kind === 'bip322') witnesses.push({ column, witness: read.witness });
    else recoverable.push({ column, signature: read });
  }
  if (witnesses.length > 0) {
    return recoverable.length > 0
      ? verdict('undecided', 'bip322', 'one signature is of BIP-322 and the other is not')
      : gradeWitnesses(address.value, message, witnesses, readScriptCell(proof.scriptOrPubkey));
  }
  if (address.value.kind === 'p2tr') {
    return verdict('invalid', 'bip322-p2tr', 'a taproot address signs by BIP-322; this signature is of another kind');
  }

  const header = params.messageHeader;
  const signed: SignedBy[] = [];
  for (const { column, signature } of recoverable) {
    const digest = signature.kind === 'okx-hex' ? okxEnvelopeDigest(message) : signedMessageDigest(header, message);
    const signer = recoverSigner(signature, digest);
    if (signer === null) return verdict('invalid', signature.kind, `${column} recovers to no key`);
    signed.push({ column, signature, signer });
  }
  const flags: OwnershipFlag[] = signed.some(({ signature }) => isHighS(signature.rs)) ? ['non-canonical'] : [];
  const row = {
    destination: address.value,
    message,
    header,
    signed,
    flags,
    cell: readScriptCell(proof.scriptOrPubkey),
  };
  return gradeSuppliedKey(row) ?? gradeScript(row) ?? gradeSingleKey(row, proof);
}

/**
 * A public key in the row must be the signer's; null where the row has none. Such a row is `key-only` even where its
 * address is derived from the key: it states a key and is checked by it (OKX's recover rows; the vectors bind them to the key).
 */
function gradeSuppliedKey(row: SignedRow): OwnershipVerdict | null {
  const { cell, signed, destination } = row;
  if (cell.kind !== 'public-key') return null;
  const supplied = cell.key.length === 33 ? cell.key : compressPublicKey(cell.key);
  const isSupplied = (signer: Signer) => sameBytes(signer.compressed, supplied);
  const other = signed.find(({ signer }) => !isSupplied(signer));
  if (other) return invalid(row, 'utxo-key', other, isSupplied, 'is not by the public key in the row');
  const derived = signed.every(({ signer }) => matchSingleKey(destination, signer) !== null);
  const link = derived ? 'the address is derived from it' : 'nothing in the row ties the address to it';
  return verdict('key-only', 'utxo-key', `signed by the public key that the row itself supplies; ${link}`, row.flags);
}

/** A script in the row of a script address decides the row; null where there is none. */
function gradeScript(row: SignedRow): OwnershipVerdict | null {
  const { cell, destination, signed } = row;
  if (cell.kind !== 'script' || !isScriptAddress(destination)) return null;
  const scheme = 'utxo-multisig';
  const outcome = checkMultisig(destination, cell.script, signed);
  if (outcome.kind === 'wrong-script') return verdict('invalid', scheme, outcome.reason, row.flags);
  if (outcome.kind === 'other-script') return verdict('undecided', scheme, outcome.reason, row.flags);
  if (outcome.kind === 'stranger') {
    return invalid(row, scheme, outcome.by, outcome.isSigner, 'is by no key of the script');
  }
  const { threshold, keys, distinctSigners } = outcome;
  const flags: readonly OwnershipFlag[] =
    distinctSigners < signed.length ? [...row.flags, 'duplicate-signer'] : row.flags;
  if (distinctSigners >= threshold) return verdict('address-bound', scheme, null, flags);
  const reason = `${distinctSigners} distinct signer${distinctSigners === 1 ? '' : 's'}, the ${threshold}-of-${keys} script demands ${threshold}`;
  return verdict('partial', scheme, reason, flags);
}

function gradeSingleKey(row: SignedRow, proof: OwnershipProof): OwnershipVerdict {
  const { destination, signed } = row;
  const matched = signed.map((by) => ({ by, match: matchSingleKey(destination, by.signer) }));
  const failed = matched.find(({ match }) => match === null);
  if (failed === undefined) {
    const misfits = matched.some(({ by, match }) => ![null, match].includes(statedClass(by.signature)));
    const scheme = `${matched[0]?.by.signature.kind}-${matched[0]?.match}`;
    return verdict('address-bound', scheme, null, misfits ? ['non-canonical'] : row.flags);
  }
  const { by } = failed;
  if (isScriptAddress(destination) && statedClass(by.signature) === null) {
    const unread = row.cell.kind === 'unreadable' ? `unreadable ${quote(proof.scriptOrPubkey ?? '')}` : 'no script';
    return verdict(
      'invalid',
      'utxo-multisig',
      `a script address with ${unread} in the row: nothing shows whose keys it needs`,
    );
  }
  const accepts = (signer: Signer) => matchSingleKey(destination, signer) !== null;
  return invalid(row, `${by.signature.kind}-${destination.kind}`, by, accepts, "is by another key than the address's");
}

const isScriptAddress = ({ kind }: Destination): boolean => kind === 'p2sh' || kind === 'p2wsh' || kind === 'p2sh32';

/** An invalid verdict that also says what would have fitted; costs recoveries, so only failures come here. */
function invalid(
  { message, header, flags }: SignedRow,
  scheme: string,
  by: SignedBy,
  accepts: (signer: Signer) => boolean,
  what: string,
): OwnershipVerdict {
  const hint = explainFailure(by.signature, message, header, accepts);
  return verdict('invalid', scheme, `${by.column} ${what}${hint === null ? '' : `; ${hint}`}`, flags);
}
