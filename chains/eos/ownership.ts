import { quote } from '../../src/domain/ids.ts';
import type { OwnershipFlag, OwnershipProof, OwnershipVerdict } from '../../src/domain/ownership.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { invalid, isAbsent, readyToCheck, verdict } from '../../src/lib/account-rows.ts';
import { sha256Bytes } from '../../src/lib/hash.ts';
import { field, isObject, parseJson } from '../../src/lib/json.ts';
import { nearbyTexts } from '../../src/lib/nearby-texts.ts';
import { okxEnvelope } from '../../src/lib/okx-envelope.ts';
import type { RecoverableSignature } from '../../src/lib/recoverable-signature.ts';
import { compressPublicKey, recoverPublicKey } from '../../src/lib/secp256k1.ts';
import { trace } from '../../src/lib/trace.ts';
import { parseEosKey, parseEosSignature } from './key-text.ts';

const SCHEME = 'okx-eos';
const NOT_READ = 'which keys the account has was not read on chain';

/** An account's name (Antelope `name`): up to 12 of a-z, 1-5 and dots, no dot last; the 13th could only be a-j or 1-5. */
export function parseEosName(text: string): Result<string> {
  return /^[a-z1-5.]{0,11}[a-z1-5]$|^[a-z1-5.]{12}[a-j1-5]$/.test(text)
    ? ok(text)
    : err(`account name ${quote(text)} must be 1 to 12 of a-z, 1-5 and dots; copy it again`);
}

/**
 * Grades rows of EOS and its kin: each signature is of the SHA-256 of OKX's envelope by a key of the public key column. A name says nothing of
 * keys, so such a row is `key-only`; two keys need two signatures, else it is `partial`.
 */
export function gradeEosRow(proof: OwnershipProof): OwnershipVerdict {
  const name = parseEosName(proof.addressText);
  if (!name.ok) return invalid(name.error);
  const ready = readyToCheck(proof);
  if (!ready.ok) return ready.error;
  const { message, signature1 } = ready.value;
  if (/^SIG_(R1|WA)_/.test(signature1)) {
    return verdict('undecided', SCHEME, 'signatures of the curve P-256 (R1, WA) are not checked yet');
  }
  if (isAbsent(proof.scriptOrPubkey)) {
    return verdict('undecided', SCHEME, `no public key is published to check signature1 with; ${NOT_READ}`);
  }
  const keys = parseKeys(proof.scriptOrPubkey);
  if (!keys.ok) return invalid(keys.error);
  const flags = new Set<OwnershipFlag>(['message-variant:okx-envelope']);
  const signed = new Set<string>();
  const signatures = isAbsent(proof.signature2) ? [signature1] : [signature1, proof.signature2];
  for (const [index, text] of signatures.entries()) {
    trace?.part(`signature${index + 1}, by a key of the public key column`);
    const signature = parseEosSignature(text);
    if (!signature.ok) return invalid(`signature${index + 1} cannot be read: ${signature.error}`);
    trace?.attempt("okx-eos: SHA-256 of OKX's own envelope of the message");
    const key = keyOf(signature.value, message);
    const isNamed = key !== null && keys.value.includes(key);
    if (key !== null) trace?.compare('recovered key, the keys of the row', key, keys.value.join(' or '), isNamed);
    if (!isNamed) {
      return invalid(`signature${index + 1} fits no key of the row${hint(signature.value, message, keys.value)}`);
    }
    if (signed.has(key)) flags.add('duplicate-signer');
    if (!signature.value.canonical) flags.add('non-canonical');
    signed.add(key);
  }
  const needed = new Set(keys.value).size;
  trace?.compare('distinct signers, the keys named', `${signed.size}`, `${needed}`, signed.size >= needed);
  return signed.size < needed
    ? verdict('partial', SCHEME, `${needed} keys are named and ${signed.size} has signed`, [...flags])
    : verdict('key-only', SCHEME, `signed by the key that the row itself names; ${NOT_READ}`, [...flags]);
}

function parseKeys(text: string): Result<readonly string[]> {
  if (!text.trimStart().startsWith('{')) {
    const key = parseEosKey(text);
    return key.ok ? ok([key.value]) : key;
  }
  const json = parseJson(text);
  if (!json.ok || !isObject(json.value)) return err(`the public key column ${quote(text)} is not JSON`);
  const keys: string[] = [];
  for (const name of ['publicKey1', 'publicKey2']) {
    const cell = field(json.value, name);
    if (cell === undefined || cell === null || cell === '') continue;
    const key = typeof cell === 'string' ? parseEosKey(cell) : err('it is not text');
    if (!key.ok) return err(`${name}: ${key.error}`);
    keys.push(key.value);
  }
  return keys.length === 0 ? err(`the public key column ${quote(text)} names no publicKey1`) : ok(keys);
}

function keyOf({ rs, recoveryId }: RecoverableSignature, message: string): string | null {
  const key = recoverPublicKey(sha256Bytes(okxEnvelope(message)), rs, recoveryId);
  return key === null ? null : Buffer.from(compressPublicKey(key)).toString('hex');
}

function hint(signature: RecoverableSignature, message: string, keys: readonly string[]): string {
  const near = nearbyTexts(message).find(({ what, text }) => {
    trace?.attempt(what, false);
    return keys.includes(keyOf(signature, text) ?? '');
  });
  return near ? `; it would fit ${near.what}: publish the message exactly as signed` : '';
}
