import { base58, base64 } from '@scure/base';
import { quote } from '../domain/ids.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { trace } from './trace.ts';

const HEX = /^(?:0x)?([0-9a-fA-F]*)$/;
const BASE58_64_BYTES = /^[1-9A-HJ-NP-Za-km-z]{64,88}$/;
const BASE64_64_BYTES = /^[A-Za-z0-9+/]{86}==$/;

/**
 * The 64 bytes of a printed Ed25519 signature. The three spellings cannot be confused, because each has its exact form:
 * hex is 128 digits with or without `0x` (OKX), base64 is 86 digits and `==` with zero spare bits (HTX, RFC 4648 section 3.5),
 * base58 is 64 to 88 digits that decode to 64 bytes (wallets). No blanks, no URL-safe digits, no missing padding.
 */
export function decodeSignature64(text: string): Result<Uint8Array> {
  const decoded = decodePrinted(text);
  if (decoded.ok) {
    const { encoding, bytes } = decoded.value;
    trace?.read(`signature: 64 bytes in ${encoding}`, { R: bytes.subarray(0, 32), S: bytes.subarray(32) });
  }
  return decoded.ok ? ok(decoded.value.bytes) : decoded;
}

function decodePrinted(text: string): Result<{ readonly encoding: string; readonly bytes: Uint8Array }> {
  const hex = HEX.exec(text)?.[1];
  if (hex?.length === 128) return ok({ encoding: 'hex', bytes: Buffer.from(hex, 'hex') });
  if (BASE64_64_BYTES.test(text)) {
    try {
      return ok({ encoding: 'base64', bytes: base64.decode(text) });
    } catch {
      return err(`signature ${quote(text)} is base64 with stray bits in its last digit`);
    }
  }
  if (BASE58_64_BYTES.test(text)) {
    const bytes = base58.decode(text);
    if (bytes.length === 64) return ok({ encoding: 'base58', bytes });
  }
  return err(
    `signature ${quote(text)} is not 64 bytes in hex (128 digits), base64 (88 characters) or base58${
      hex !== undefined && hex.length > 0 ? `; as hex it has ${hex.length} digits` : ''
    }`,
  );
}

/** The 32 bytes of a published Ed25519 key: 64 hex digits with or without `0x` (OKX's script column). */
export function decodeKeyHex(text: string): Result<Uint8Array> {
  const hex = HEX.exec(text)?.[1];
  return hex?.length === 64
    ? ok(Buffer.from(hex, 'hex'))
    : err(`public key ${quote(text)} is not 32 bytes in hex (64 digits)`);
}

/** Spellings that people meant while breaking a rule, for a diagnosis only: blanks inside or around, URL-safe or unpadded base64, `0X`. */
export function nearbySignatures(text: string): readonly { readonly what: string; readonly bytes: Uint8Array }[] {
  const bare = text.replace(/\s+/g, '').slice(0, 200);
  const tries = [
    { what: 'without its blanks', text: bare },
    { what: 'as base64 with padding', text: `${bare.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '')}==` },
    { what: 'with a lower-case 0x', text: bare.replace(/^0X/, '0x') },
  ];
  return tries.flatMap((attempt) => {
    const decoded = attempt.text === text ? err('') : decodeSignature64(attempt.text);
    return decoded.ok ? [{ what: attempt.what, bytes: decoded.value }] : [];
  });
}
