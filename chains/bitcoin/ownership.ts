import { quote } from '../../src/domain/ids.ts';
import type { Network } from '../../src/domain/network.ts';
import type { Grade, OwnershipProof, OwnershipVerdict } from '../../src/domain/ownership.ts';
import { isWellFormed } from '../../src/lib/nearby-texts.ts';
import { trace } from '../../src/lib/trace.ts';
import type { OwnershipVerifier } from '../../src/seams.ts';
import { decodeAddress } from './address.ts';
import { gradeWitnesses, type WitnessColumn } from './bip322-row.ts';
import { type BitcoinParams, bitcoinParams } from './params.ts';
import { gradePublishedScript, printsScript } from './published-script.ts';
import { gradeRecovered, type RecoverableColumn } from './recovered-row.ts';
import { readScriptCell } from './script.ts';
import { readSignature } from './signature.ts';

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

const verdict = (grade: Grade, scheme: string | null, reason: string | null): OwnershipVerdict => ({
  grade,
  scheme,
  reason,
  flags: [],
});

function verifyRow(proof: OwnershipProof, network: Network, params: BitcoinParams): OwnershipVerdict {
  const address = decodeAddress(proof.addressText, params);
  if (!address.ok) return verdict('invalid', null, `${address.error} (${network.slug})`);
  const columns = (['signature1', 'signature2'] as const).flatMap((column) => {
    const text = proof[column];
    if (text === null) return [];
    trace?.part(column);
    return [{ column, read: readSignature(text) }];
  });
  if (columns.length === 0) {
    return printsScript(proof) ? gradePublishedScript(proof, address.value) : verdict('listed', null, 'no signature');
  }
  const { message } = proof;
  if (message === null) return verdict('invalid', null, 'a signature is given but no message that it signs');
  if (!isWellFormed(message)) return verdict('invalid', null, `message ${quote(message)} is not well-formed Unicode`);
  if (address.value.kind === 'witness') {
    return verdict('undecided', null, 'nobody has said yet how addresses of this witness version sign');
  }
  const recoverable: RecoverableColumn[] = [];
  const witnesses: WitnessColumn[] = [];
  for (const { column, read } of columns) {
    if (read.kind === 'malformed') return verdict('invalid', null, `${column} ${read.reason}`);
    if (read.kind === 'bip322-other') return verdict('undecided', 'bip322', `${column}: ${read.reason}`);
    if (read.kind === 'bip322') witnesses.push({ column, witness: read.witness });
    else recoverable.push({ column, signature: read });
  }
  const cell = readScriptCell(proof.scriptOrPubkey);
  if (witnesses.length > 0) {
    return recoverable.length > 0
      ? verdict('undecided', 'bip322', 'one signature is of BIP-322 and the other is not')
      : gradeWitnesses(address.value, message, witnesses, cell);
  }
  if (address.value.kind === 'p2tr') {
    return verdict('invalid', 'bip322-p2tr', 'a taproot address signs by BIP-322; this signature is of another kind');
  }

  const row = {
    destination: address.value,
    message,
    header: params.messageHeader,
    cell,
    cellText: proof.scriptOrPubkey,
  };
  return gradeRecovered(row, recoverable);
}
