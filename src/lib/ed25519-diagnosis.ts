import { verifyEd25519 } from './ed25519.ts';
import type { Ed25519Chain, KeyedAddress, SignedFormat } from './ed25519-chain.ts';
import { nearbySignatures } from './ed25519-text.ts';
import { sha256Bytes } from './hash.ts';
import { nearbyTexts } from './nearby-texts.ts';
import { okxEnvelope } from './okx-envelope.ts';
import { trace } from './trace.ts';

/** A row that failed, as far as it was understood. */
export interface FailedRow {
  readonly chain: Ed25519Chain;
  readonly message: string;
  readonly formats: readonly SignedFormat[];
  readonly address: KeyedAddress;
  readonly signer: KeyedAddress;
  readonly signerName: string;
  /** The key that was to be tried; null where the row has none. */
  readonly key: Uint8Array | null;
}

/** Says of a malformed signature cell which nearby spelling would have fitted; empty where none would. */
export function diagnoseText(row: FailedRow, text: string): string {
  const { key } = row;
  const near = key === null ? undefined : nearbySignatures(text).find(({ what, bytes }) => fits(row, key, bytes, what));
  return near === undefined ? '' : `; ${near.what} it would fit`;
}

/** Says of a key that does not lead to the signer whose key it is, and whether it made the signature at all. */
export function diagnoseKey(row: FailedRow, key: Uint8Array, signature: Uint8Array): string {
  const named = row.chain.addressOf(key);
  const byCase =
    named?.toLowerCase() === row.signer.canonical.toLowerCase() ? ' (they differ in letter case only)' : '';
  const whose = named === null ? 'another key' : `the key of ${named}`;
  const made = fits(row, key, signature, 'the signature by the key in the row')
    ? 'the signature fits'
    : 'no signature fits';
  const hint = row.signer.kind === 'hash' && row.signer.otherwise !== undefined ? ` (${row.signer.otherwise})` : '';
  return `the public key in the row is ${whose}, not of ${row.signerName}${byCase}; ${made} that key${hint}`;
}

/** Why a signature fits no format, and what it would fit nearby (null: nothing): the address instead of the owner, other bytes. */
export function diagnoseSignature(
  row: FailedRow,
  key: Uint8Array,
  signature: Uint8Array,
): { readonly reason: string; readonly nearby: string | null } {
  const tried = row.formats.map(({ what }) => what).join(', ');
  const base = `the signature does not fit the key of ${row.signerName} over the message (tried: ${tried})`;
  const nearby = findNearby(row, key, signature);
  return { reason: nearby === null ? base : `${base}; ${nearby}`, nearby };
}

function findNearby(row: FailedRow, key: Uint8Array, signature: Uint8Array): string | null {
  const { message, address, signer } = row;
  if (signer !== address && address.kind === 'key' && fits(row, address.key, signature, 'the address itself')) {
    return 'it fits the address itself instead of owner1';
  }
  const near = nearbyBytes(row, message).find(({ what, bytes }) => {
    trace?.attempt(what, false);
    return verifyEd25519(key, bytes, signature);
  });
  if (near !== undefined) return `it would fit ${near.what}`;
  const cleared = Uint8Array.from(signature, (byte, at) => (at === 63 ? byte & 0x7f : byte));
  return signature.length === 64 && fits(row, key, cleared, 'the signature without its topmost bit')
    ? 'it would fit without its topmost bit'
    : null;
}

const fits = ({ formats, message }: FailedRow, key: Uint8Array, signature: Uint8Array, what: string): boolean =>
  formats.some((format) => {
    trace?.attempt(`${what}, ${format.what}`, false);
    return verifyEd25519(key, format.bytes(message), signature);
  });

function nearbyBytes({ formats }: FailedRow, message: string): readonly { what: string; bytes: Uint8Array }[] {
  const raw = Buffer.from(message, 'utf8');
  const texts = nearbyTexts(message).flatMap(({ what, text }) =>
    formats.map((one) => ({ what, bytes: one.bytes(text) })),
  );
  const others = [
    { what: 'the bare message', bytes: raw },
    { what: 'the message in the OKX envelope', bytes: okxEnvelope(message) },
    { what: 'the SHA-256 of the message', bytes: sha256Bytes(raw) },
    { what: 'the SHA-256 of the OKX envelope', bytes: sha256Bytes(okxEnvelope(message)) },
  ];
  const hex = /^(?:0x)?((?:[0-9a-fA-F]{2})+)$/.exec(message)?.[1];
  if (hex !== undefined)
    others.push({ what: 'the bytes that the message spells in hex', bytes: Buffer.from(hex, 'hex') });
  return [...texts, ...others];
}
