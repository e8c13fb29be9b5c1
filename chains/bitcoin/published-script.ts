import { hex } from '@scure/base';
import { SCRIPT_ROW } from '../../src/domain/attestation.ts';
import { quote } from '../../src/domain/ids.ts';
import type { OwnershipProof, OwnershipVerdict } from '../../src/domain/ownership.ts';
import type { Destination } from './address.ts';
import { readDescriptor } from './descriptor.ts';
import { checkMultisig, isWitnessScriptOf } from './multisig.ts';
import { type MultisigScript, parseMultisig } from './script.ts';

/** Whether a row prints the script of its address instead of a signature. */
export const printsScript = ({ rowType }: OwnershipProof): boolean => rowType?.startsWith(SCRIPT_ROW) === true;

/**
 * Grades a row that prints its script (BitMEX's reserves) and that nobody signed. The script must give the address, be the
 * `m of n` that the file claims (`owner2`), and hold, among its keys, as many of the keys that the file names (`owner1`) as it
 * demands signatures: then these keys could sign, which is `key-only`, as nothing shows who holds them. A descriptor's extended
 * keys likewise; with fewer of them named the row is `listed`. Whatever does not fit is `invalid`.
 */
export function gradePublishedScript(proof: OwnershipProof, destination: Destination): OwnershipVerdict {
  const kind = (proof.rowType ?? '').slice(SCRIPT_ROW.length);
  if (proof.scriptOrPubkey === null) return listed('no signature, and no script is printed');
  if (kind === 'sh' || kind === 'sh_wsh' || kind === 'wsh') return gradeScript(kind, proof, destination);
  if (kind === 'wpkh' || kind.startsWith('multisig_')) return gradeDescriptor(proof, destination);
  return verdict('undecided', null, `addresses of type ${quote(kind)} are not known`);
}

const verdict = (grade: OwnershipVerdict['grade'], scheme: string | null, reason: string): OwnershipVerdict => ({
  grade,
  scheme,
  reason,
  flags: [],
});
const listed = (reason: string): OwnershipVerdict => verdict('listed', null, reason);

const SCRIPT = 'bitmex-script';
const DESCRIPTOR = 'bitmex-descriptor';

function gradeScript(kind: 'sh' | 'sh_wsh' | 'wsh', proof: OwnershipProof, destination: Destination): OwnershipVerdict {
  const invalid = (reason: string) => verdict('invalid', SCRIPT, reason);
  const script = scriptBytes(proof.scriptOrPubkey as string);
  if (script === null) return invalid('the script is not hex');
  if (!locks(kind, destination, script)) return invalid(`the script does not give the address as ${kind}`);
  const multisig = parseMultisig(script);
  if (!multisig.ok) return invalid(`the script is the address's, but no bare multisig: ${multisig.error}`);
  const { threshold, keys } = multisig.value;
  if (kind !== 'sh' && keys.some((key) => key.length !== 33)) {
    return invalid('the script holds an uncompressed key, which a witness script must not (BIP-143)');
  }
  if (proof.owner1 === null || proof.owner2 === null) {
    return verdict('undecided', SCRIPT, 'the keys that the script should hold, or how many, are not named before it');
  }
  const claim = `${threshold} of ${keys.length}`;
  if (claim !== proof.owner2) return invalid(`the script is ${claim}, but the file claims ${quote(proof.owner2)}`);
  const named = namedKeys(multisig.value, proof.owner1);
  if (named < threshold) {
    return invalid(
      `only ${named} of the script's keys are keys that the file names; it demands ${threshold} signatures`,
    );
  }
  return verdict(
    'key-only',
    SCRIPT,
    `nobody signed: the script gives the address, and ${named} of its keys, enough to spend, are keys that the file itself names`,
  );
}

function scriptBytes(text: string): Uint8Array | null {
  const digits = text.toLowerCase();
  return digits !== '' && digits.length % 2 === 0 && /^[0-9a-f]+$/.test(digits) ? hex.decode(digits) : null;
}

/** Whether the address commits to that script in that very way. */
function locks(kind: 'sh' | 'sh_wsh' | 'wsh', destination: Destination, script: Uint8Array): boolean {
  if (destination.kind !== (kind === 'wsh' ? 'p2wsh' : 'p2sh')) return false;
  const inWitness = isWitnessScriptOf(destination, script);
  return kind === 'sh' ? !inWitness && checkMultisig(destination, script, []).kind !== 'wrong-script' : inWitness;
}

/** Distinct keys of the script that are named: by x alone, as a file names uncompressed keys, and P and -P have one holder. */
function namedKeys({ keys }: MultisigScript, named: string): number {
  const known = new Set(
    named
      .toLowerCase()
      .split(' ')
      .map((key) => key.slice(2, 66)),
  );
  return new Set(keys.map((key) => hex.encode(key.subarray(1, 33))).filter((x) => known.has(x))).size;
}

function gradeDescriptor(proof: OwnershipProof, destination: Destination): OwnershipVerdict {
  const invalid = (reason: string) => verdict('invalid', DESCRIPTOR, reason);
  const descriptor = readDescriptor(proof.scriptOrPubkey as string);
  if (!descriptor.ok) {
    const { kind, reason } = descriptor.error;
    return verdict(kind, DESCRIPTOR, reason);
  }
  const { pays, threshold, extendedKeys } = descriptor.value;
  if (!pays(destination)) return invalid('the descriptor does not give the address');
  if (proof.owner1 === null) {
    return verdict(
      'undecided',
      DESCRIPTOR,
      'the extended keys that the descriptor should hold are not named before it',
    );
  }
  const known = new Set(proof.owner1.split(' '));
  const named = new Set(extendedKeys.filter((key) => known.has(key))).size;
  if (named === 0) return invalid("none of the descriptor's keys is one that the file names");
  if (named < threshold) {
    return verdict(
      'listed',
      DESCRIPTOR,
      `nobody signed, and only ${named} of the ${threshold} keys that must sign are named`,
    );
  }
  return verdict(
    'key-only',
    DESCRIPTOR,
    `nobody signed: the descriptor gives the address, and ${named} of its keys, enough to spend, are keys that the file itself names`,
  );
}
