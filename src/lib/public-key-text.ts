import { err, ok, type Result } from '../domain/result.ts';
import { parseHexBytes } from './recoverable-signature.ts';
import { compressPublicKey } from './secp256k1.ts';

const BASE64_33_BYTES = /^[A-Za-z0-9+/]{44}$/;

/**
 * The 33 compressed bytes of a published secp256k1 key, in lower-case hex: 33 or 65 bytes (SEC 1 section 2.3.3) or the 64 bytes x, y
 * in hex with or without `0x`, or 33 bytes in base64. That it is a point of the curve is not checked: it is
 * only ever compared with a recovered key.
 */
export function parsePublicKeyText(text: string): Result<string> {
  const bytes = BASE64_33_BYTES.test(text) ? ok(Buffer.from(text, 'base64')) : parseHexBytes(text);
  const wrong = (why: string) => err(`the public key column cannot be read: ${why}`);
  if (!bytes.ok) return wrong(bytes.error);
  const key = bytes.value;
  if (key.length === 33 && (key[0] === 2 || key[0] === 3)) return ok(hex(key));
  if (key.length === 65 && key[0] === 4) return ok(hex(compressPublicKey(key)));
  if (key.length === 64) return ok(hex(compressPublicKey(Buffer.concat([Buffer.from([4]), key]))));
  return wrong(`it has ${key.length} bytes, not the 33, 64 or 65 of a secp256k1 key`);
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
