import { hex } from '@scure/base';
import { sha256Bytes } from '../../src/lib/hash.ts';
import { trace } from '../../src/lib/trace.ts';
import type { Destination } from './address.ts';
import { hash160, sameBytes, sha256d } from './hash.ts';
import { parseMultisig } from './script.ts';
import type { SignedBy, Signer } from './signature.ts';

/** A P2SH script above this can never be spent (BIP-16 with the 520-byte limit of pushes). */
const MAX_REDEEM_SCRIPT = 520;

/** What the script of a row and its signatures come to. */
export type MultisigOutcome =
  /** The script is not the one that the address commits to. */
  | { readonly kind: 'wrong-script'; readonly reason: string }
  /** It is the address's script, but no bare multisig. */
  | { readonly kind: 'other-script'; readonly reason: string }
  /** A signature by a key that is not in the script. */
  | { readonly kind: 'stranger'; readonly by: SignedBy; readonly isSigner: (signer: Signer) => boolean }
  | { readonly kind: 'signed'; readonly threshold: number; readonly keys: number; readonly distinctSigners: number };

/** Counts the distinct keys of the script that signed; the script's hash must be the address, its threshold is its own. */
export function checkMultisig(
  destination: Destination,
  script: Uint8Array,
  signed: readonly SignedBy[],
): MultisigOutcome {
  trace?.part('the script in the row');
  if (!isScriptOf(destination, script))
    return { kind: 'wrong-script', reason: 'the script in the row does not hash to the address' };
  const parsed = parseMultisig(script);
  if (!parsed.ok)
    return { kind: 'other-script', reason: `the script is the address's, but no bare multisig: ${parsed.error}` };
  const { threshold, keys } = parsed.value;
  if (trace !== null)
    trace.read('script', { hex: script, threshold, keys: keys.map((key) => hex.encode(key)).join(' ') });
  const keysText = trace === null ? '' : keys.map((key) => hex.encode(key)).join(' or ');
  const isSigner = ({ forms, compressed }: Signer): boolean => {
    const isOne = forms.some((form) => keys.some((key) => sameBytes(key, form)));
    trace?.compare('recovered key, the keys of the script', compressed, keysText, isOne);
    return isOne;
  };
  const stranger = signed.find(({ signer }) => !isSigner(signer));
  if (stranger) return { kind: 'stranger', by: stranger, isSigner };
  const distinctSigners = new Set(signed.map(({ signer }) => hex.encode(signer.compressed))).size;
  trace?.compare(
    'distinct signers, the threshold of the script',
    `${distinctSigners}`,
    `${threshold}`,
    distinctSigners >= threshold,
  );
  return { kind: 'signed', threshold, keys: keys.length, distinctSigners };
}

/** P2SH: hash160(script), or of its P2WSH program; P2WSH: sha256; P2SH32: sha256d (CHIP-2022-05). */
function isScriptOf(destination: Destination, script: Uint8Array): boolean {
  const { kind, hash } = destination;
  if (kind === 'p2sh32') return commits('double SHA-256 of the script', sha256d(script), hash);
  if (
    kind === 'p2sh' &&
    script.length <= MAX_REDEEM_SCRIPT &&
    commits('hash160 of the script', hash160(script), hash)
  ) {
    return true;
  }
  return isWitnessScriptOf(destination, script);
}

/** Whether a P2WSH address, or a P2SH address of a P2WSH program (BIP-141), commits to that witness script. */
export function isWitnessScriptOf({ kind, hash }: Destination, script: Uint8Array): boolean {
  const program = sha256Bytes(script);
  if (kind === 'p2wsh') return commits('SHA-256 of the script', program, hash);
  if (kind !== 'p2sh') return false;
  return commits('hash160 of 0020 and SHA-256 of the script', hash160(Uint8Array.of(0x00, 0x20, ...program)), hash);
}

function commits(what: string, found: Uint8Array, wanted: Uint8Array): boolean {
  const equal = sameBytes(found, wanted);
  trace?.compare(`${what}, the hash in the address`, found, wanted, equal);
  return equal;
}
