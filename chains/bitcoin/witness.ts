import { schnorr, secp256k1 } from '@noble/curves/secp256k1.js';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { fitsOnce } from '../../src/lib/curve-work.ts';
import { trace } from '../../src/lib/trace.ts';
import { type Destination, scriptPubKey } from './address.ts';
import { SIGHASH_ALL, SIGHASH_DEFAULT, segwitSighash, taprootSighash, toSpendId } from './bip322.ts';
import { readDerSignature } from './der.ts';
import { hash160, sameBytes } from './hash.ts';
import { isWitnessScriptOf } from './multisig.ts';
import { parseMultisig } from './script.ts';
import { isTaprootLeaf } from './taproot.ts';

/** What the witness of a BIP-322 simple signature comes to. */
export type WitnessOutcome =
  /** It satisfies the address's script: by so many distinct keys of so many demanded. */
  | { readonly kind: 'holds'; readonly scheme: string; readonly threshold: number; readonly distinctSigners: number }
  | { readonly kind: 'fails'; readonly scheme: string; readonly reason: string }
  | { readonly kind: 'undecided'; readonly scheme: string; readonly reason: string };

/** BIP-341: a last item of two or more that begins so is an annex, to which nobody has given a meaning yet. */
const ANNEX = 0x50;

/**
 * Whether a witness lets BIP-322's virtual transaction spend from the address: P2WPKH, P2SH-P2WPKH, P2TR by its key path,
 * bare multisig in P2WSH and P2SH-P2WSH. Strict as BIP-322 demands: hash type ALL (or DEFAULT), low S in strict DER, no
 * superfluous item, 33-byte keys. Other scripts are undecided. Never throws.
 */
export function checkWitness(
  destination: Destination,
  message: string,
  witness: readonly Uint8Array[],
): WitnessOutcome {
  const { kind } = destination;
  if (kind === 'p2tr') return checkTaproot(destination, message, witness);
  if (kind === 'p2wsh') return checkScript(destination, message, witness);
  if (kind === 'p2wpkh') return checkKey(destination, message, witness);
  if (kind === 'p2sh') {
    const isKey = witness.length === 2 && witness[1]?.length === 33;
    return isKey ? checkKey(destination, message, witness) : checkScript(destination, message, witness);
  }
  const reason = 'the simple form of BIP-322 is a witness, and this address is spent without one';
  return { kind: 'fails', scheme: `bip322-${kind}`, reason };
}

function checkKey(destination: Destination, message: string, witness: readonly Uint8Array[]): WitnessOutcome {
  const scheme = destination.kind === 'p2sh' ? 'bip322-p2sh-p2wpkh' : 'bip322-p2wpkh';
  const fails = (reason: string): WitnessOutcome => ({ kind: 'fails', scheme, reason });
  const [signature, key] = witness;
  if (witness.length !== 2 || signature === undefined || key === undefined) {
    return fails(`its witness has ${witness.length} items, a signature and a key are due`);
  }
  if (key.length !== 33) return fails('its key is not of 33 bytes');
  const program = hash160(key);
  const own = destination.kind === 'p2sh' ? hash160(Uint8Array.of(0x00, 0x14, ...program)) : program;
  const isOwn = sameBytes(own, destination.hash);
  trace?.compare(
    `${destination.kind === 'p2sh' ? 'hash160 of 0014 and ' : ''}hash160 of the key, the hash in the address`,
    own,
    destination.hash,
    isOwn,
  );
  if (!isOwn) return fails("its key is not the address's");
  const scriptCode = Uint8Array.of(0x76, 0xa9, 0x14, ...program, 0x88, 0xac);
  const sighash = segwitSighash(toSpendId(message, scriptPubKey(destination)), scriptCode);
  const checked = checkEcdsa(signature, sighash, key);
  return checked.ok ? { kind: 'holds', scheme, threshold: 1, distinctSigners: 1 } : fails(checked.error);
}

function checkScript(destination: Destination, message: string, witness: readonly Uint8Array[]): WitnessOutcome {
  const scheme = destination.kind === 'p2sh' ? 'bip322-p2sh-p2wsh' : 'bip322-p2wsh';
  const fails = (reason: string): WitnessOutcome => ({ kind: 'fails', scheme, reason });
  const script = witness.at(-1) ?? new Uint8Array(0);
  if (!isWitnessScriptOf(destination, script)) return fails('its witness script does not hash to the address');
  const parsed = parseMultisig(script);
  if (!parsed.ok) {
    return {
      kind: 'undecided',
      scheme,
      reason: `the witness script is no bare multisig (${parsed.error}), and others are not evaluated`,
    };
  }
  const { threshold, keys } = parsed.value;
  if (trace !== null) {
    const shown = keys.map((key) => Buffer.from(key).toString('hex')).join(' ');
    trace.read('witness script', { hex: script, threshold, keys: shown });
  }
  if (keys.some((key) => key.length !== 33)) return fails('its script has a key that is not of 33 bytes');
  // CHECKMULTISIG takes one item too many, which must be empty (BIP-147), and nothing may be left over.
  if (witness.length !== threshold + 2 || witness[0]?.length !== 0) {
    return fails(`its witness has not the form: an empty item, ${threshold} signatures, the script`);
  }
  const sighash = segwitSighash(toSpendId(message, scriptPubKey(destination)), script);
  const signers = new Set<string>();
  let next = 0;
  for (const signature of witness.slice(1, -1)) {
    const der = readDerSignature(signature, SIGHASH_ALL);
    if (!der.ok) return fails(der.error);
    // As CHECKMULTISIG does: signatures stand in the order of the keys.
    while (next < keys.length && !fitsEcdsa(der.value, sighash, keys[next] as Uint8Array)) next += 1;
    const key = keys[next];
    if (key === undefined)
      return fails(`signature ${signers.size + 1} fits no further key of the script over the message`);
    signers.add(Buffer.from(key).toString('hex'));
    next += 1;
  }
  const enough = signers.size >= threshold;
  trace?.compare('distinct signers, the threshold of the script', `${signers.size}`, `${threshold}`, enough);
  return { kind: 'holds', scheme, threshold, distinctSigners: signers.size };
}

function checkTaproot(destination: Destination, message: string, witness: readonly Uint8Array[]): WitnessOutcome {
  const scheme = 'bip322-p2tr';
  const fails = (reason: string): WitnessOutcome => ({ kind: 'fails', scheme, reason });
  if (witness.length > 1) {
    const hasAnnex = witness.at(-1)?.[0] === ANNEX;
    const rest = hasAnnex ? witness.slice(0, -1) : witness;
    const isForm =
      rest.length === 1 ? rest[0]?.length === 64 || rest[0]?.length === 65 : isTaprootLeaf(rest, destination.hash);
    const what = rest.length === 1 ? 'an annex' : "a spend by the address's script path";
    return isForm
      ? { kind: 'undecided', scheme, reason: `its witness has ${what}, which is not evaluated` }
      : fails('its witness is neither one signature nor a script that the address commits to');
  }
  const [item = new Uint8Array(0)] = witness;
  const hashType = item.length === 65 ? (item[64] as number) : SIGHASH_DEFAULT;
  if (item.length !== 64 && item.length !== 65)
    return fails(`its signature has ${item.length} bytes, 64 or 65 are due`);
  if (item.length === 65 && hashType !== SIGHASH_ALL) return fails(`its hash type is ${hashType}, ALL or none is due`);
  const output = scriptPubKey(destination);
  const sighash = taprootSighash(toSpendId(message, output), output, hashType);
  return fitsSchnorr(item.slice(0, 64), sighash, destination.hash)
    ? { kind: 'holds', scheme, threshold: 1, distinctSigners: 1 }
    : fails("it does not fit the address's key over the message");
}

function checkEcdsa(signature: Uint8Array, sighash: Uint8Array, key: Uint8Array): Result<null> {
  const der = readDerSignature(signature, SIGHASH_ALL);
  if (!der.ok) return der;
  return fitsEcdsa(der.value, sighash, key) ? ok(null) : err("it does not fit the address's key over the message");
}

function fitsEcdsa(rs: Uint8Array, sighash: Uint8Array, key: Uint8Array): boolean {
  const holds = fitsOnce('ecdsa-verify', [key, sighash, rs], () =>
    orFalse(() => secp256k1.verify(rs, sighash, key, { prehash: false, lowS: true })),
  );
  trace?.verify('ECDSA over secp256k1 of a 32-byte digest, r ‖ s', key, sighash, rs, holds);
  return holds;
}

function fitsSchnorr(signature: Uint8Array, sighash: Uint8Array, key: Uint8Array): boolean {
  const holds = fitsOnce('schnorr', [key, sighash, signature], () =>
    orFalse(() => schnorr.verify(signature, sighash, key)),
  );
  trace?.verify('Schnorr over secp256k1 (BIP-340)', key, sighash, signature, holds);
  return holds;
}

/** The library throws for bytes that are no key or signature at all. */
function orFalse(check: () => boolean): boolean {
  try {
    return check();
  } catch {
    return false;
  }
}
