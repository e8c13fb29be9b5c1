import { base64, hex } from '@scure/base';
import { quote } from '../../src/domain/ids.ts';
import { compressPublicKey, isHighS, recoverPublicKey } from '../../src/lib/secp256k1.ts';
import { trace } from '../../src/lib/trace.ts';

/** A signature cell, read but not yet checked against a message. */
export type SignatureCell =
  /** BIP-137: base64 of header, r, s. `header` says which address class and key form the signer's wallet meant. */
  | { readonly kind: 'bip137'; readonly header: number; readonly recoveryId: RecoveryId; readonly rs: Uint8Array }
  /** OKX envelope: `0x`, then hex of r, s, v; v says nothing of the key's form. */
  | { readonly kind: 'okx-hex'; readonly recoveryId: RecoveryId; readonly rs: Uint8Array }
  /** BIP-322, simple form: the witness of its virtual transaction. */
  | { readonly kind: 'bip322'; readonly witness: readonly Uint8Array[] }
  /** BIP-322 in a form that is not verified here. */
  | { readonly kind: 'bip322-other'; readonly reason: string }
  | { readonly kind: 'malformed'; readonly reason: string };

/** A signature that can be tried against a digest. */
export type RecoverableSignature = Extract<SignatureCell, { readonly rs: Uint8Array }>;

export type RecoveryId = 0 | 1 | 2 | 3;

/** Who made a signature. */
export interface Signer {
  /** The key in its 33-byte form: two signers are one where these are equal. */
  readonly compressed: Uint8Array;
  /** The forms (33 or 65 bytes) in which the signature's header lets the key stand in an address or script. */
  readonly forms: readonly Uint8Array[];
}

/** One signature of a row, the column it stood in, and who made it. */
export interface SignedBy {
  readonly column: 'signature1' | 'signature2';
  readonly signature: RecoverableSignature;
  readonly signer: Signer;
}

/**
 * Reads a signature cell. Base64 must be standard alphabet with exact padding (one spelling per signature);
 * BIP-137 header 27-30: P2PKH uncompressed, 31-34: P2PKH compressed, 35-38: P2SH-P2WPKH, 39-42: P2WPKH.
 * BIP-322: prefix `smp`, `ful` or `pof` (since its version 1.0); a witness stack without prefix is the simple form.
 */
export function readSignature(text: string): SignatureCell {
  const cell = readCell(text);
  if (trace !== null) traceCell(cell);
  return cell;
}

function traceCell(cell: SignatureCell): void {
  if (cell.kind === 'bip322') {
    const items = cell.witness.map((item, at): [string, Uint8Array] => [`item ${at + 1}`, item]);
    trace?.read('signature: BIP-322 simple, witness stack in base64', Object.fromEntries(items));
  } else if (cell.kind === 'bip137' || cell.kind === 'okx-hex') {
    const { rs, recoveryId } = cell;
    const parts = { r: rs.subarray(0, 32), s: rs.subarray(32), recoveryId, highS: isHighS(rs) };
    if (cell.kind === 'okx-hex') trace?.read('signature: r, s, v in hex', parts);
    else trace?.read('signature: BIP-137, header, r, s in base64', { header: cell.header, ...parts });
  }
}

function readCell(text: string): SignatureCell {
  if (text !== text.trim()) return malformed('has blanks or a line end around it');
  if (/^0x/i.test(text)) return readHex(text);
  const prefix = /^(?:smp|ful|pof)/.exec(text)?.[0];
  if (prefix !== undefined && (prefix === 'smp' || isBase64(text.slice(3)))) return readBip322(prefix, text.slice(3));
  if (!isBase64(text)) return malformed(`${quote(text)} ${whyNotBase64(text)}`);
  const bytes = base64.decode(text);
  if (bytes.length !== 65) return readOther(bytes);
  const header = bytes[0] as number;
  if (header < 27 || header > 42) return malformed(`has the header byte ${header}, BIP-137 knows 27 to 42`);
  return { kind: 'bip137', header, recoveryId: ((header - 27) & 3) as RecoveryId, rs: bytes.slice(1) };
}

const FULL: SignatureCell = {
  kind: 'bip322-other',
  reason: 'the full form of BIP-322 needs a script interpreter, which is not built in',
};
const PROOF_OF_FUNDS: SignatureCell = {
  kind: 'bip322-other',
  reason: 'the proof-of-funds form of BIP-322 needs the outputs that it spends, which are not looked up',
};

function readBip322(prefix: string, text: string): SignatureCell {
  if (prefix !== 'smp') return prefix === 'ful' ? FULL : PROOF_OF_FUNDS;
  if (!isBase64(text)) return malformed(`${quote(text)} after smp ${whyNotBase64(text)}`);
  const witness = readWitness(base64.decode(text));
  return witness === null ? malformed('is no witness stack after smp') : { kind: 'bip322', witness };
}

/** What base64 without a prefix holds that is no BIP-137 signature (BIP-322 before its version 1.0 had no prefixes). */
function readOther(bytes: Uint8Array): SignatureCell {
  const witness = readWitness(bytes);
  if (witness !== null) return { kind: 'bip322', witness };
  if (isTransaction(bytes)) return FULL;
  if (Buffer.from(bytes.subarray(0, 5)).toString('latin1') === 'psbt\xff') return PROOF_OF_FUNDS;
  return malformed(`is ${bytes.length} bytes long, a BIP-137 signature is 65`);
}

function readHex(text: string): SignatureCell {
  if (!/^0x[0-9a-fA-F]{130}$/.test(text)) return malformed(`${quote(text)} is not 65 bytes of 0x hex`);
  const bytes = hex.decode(text.slice(2).toLowerCase());
  const v = bytes[64] as number;
  if (v < 27 || v > 34) return malformed(`ends in v = ${v}, the OKX envelope knows 27 to 34`);
  return { kind: 'okx-hex', recoveryId: ((v - 27) & 3) as RecoveryId, rs: bytes.slice(0, 64) };
}

const malformed = (reason: string): SignatureCell => ({ kind: 'malformed', reason });

/** Standard alphabet, whole groups, padding exact and its unused bits zero. */
function isBase64(text: string): boolean {
  if (text.length === 0 || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return false;
  return Buffer.from(text, 'base64').toString('base64') === text;
}

function whyNotBase64(text: string): string {
  if (/^[0-9a-fA-F]{130}$/.test(text)) return 'is hex without 0x';
  if (/^[A-Za-z0-9_-]+={0,2}$/.test(text) && /[-_]/.test(text)) return 'is in the URL alphabet of base64';
  if (/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return 'is base64 without its exact padding';
  return 'is not base64';
}

/** The items of a serialized witness stack (BIP-144), to the last byte; null where it is none or empty. */
function readWitness(bytes: Uint8Array): readonly Uint8Array[] | null {
  const count = bytes[0] ?? 0;
  if (count === 0 || count > 100) return null;
  const items: Uint8Array[] = [];
  let at = 1;
  for (let item = 0; item < count; item += 1) {
    let length = bytes[at] ?? 0xff;
    at += 1;
    if (length === 0xfd) {
      length = (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 256;
      at += 2;
      // CompactSize in its shortest form only: one spelling per signature.
      if (length < 0xfd) return null;
    } else if (length > 0xfd) return null;
    if (at + length > bytes.length) return null;
    items.push(bytes.slice(at, at + length));
    at += length;
  }
  return at === bytes.length ? items : null;
}

/** BIP-322 full without prefix (drafts before 1.0): a whole transaction of version 0, 1 or 2. */
const isTransaction = (bytes: Uint8Array): boolean =>
  bytes.length >= 60 && (bytes[0] as number) <= 2 && bytes[1] === 0 && bytes[2] === 0 && bytes[3] === 0;

/** Recovers who signed the digest, or null where no key fits. */
export function recoverSigner(signature: RecoverableSignature, digest: Uint8Array): Signer | null {
  const key = recoverPublicKey(digest, signature.rs, signature.recoveryId);
  if (key === null) return null;
  const compressed = compressPublicKey(key);
  if (signature.kind === 'okx-hex') return { compressed, forms: [compressed, key] };
  return { compressed, forms: [signature.header < 31 ? key : compressed] };
}
