import { ok, type Result } from '../../src/domain/result.ts';
import type { RecoverableSignature } from '../../src/lib/recoverable-signature.ts';
import { isHighS } from '../../src/lib/secp256k1.ts';
import { trace } from '../../src/lib/trace.ts';

const BASE64_64_BYTES = /^[A-Za-z0-9+/]{85}[AQgw]==$/;

/**
 * The 64 bytes r, s of a Cosmos signature, in base64 with its padding (RFC 4648, no spare bits) or 128 hex digits, once for each
 * recovery id; null where the text is neither.
 */
export function parseCompactSignature(text: string): readonly Result<RecoverableSignature>[] | null {
  const hex = /^(?:0x)?([0-9a-fA-F]{128})$/.exec(text)?.[1];
  if (hex === undefined && !BASE64_64_BYTES.test(text)) return null;
  const rs = hex === undefined ? Buffer.from(text, 'base64') : Buffer.from(hex, 'hex');
  const canonical = !isHighS(rs);
  trace?.read('signature: r, s, no recovery id: both are tried', {
    r: rs.subarray(0, 32),
    s: rs.subarray(32),
    highS: !canonical,
  });
  return [ok({ rs, recoveryId: 0, canonical }), ok({ rs, recoveryId: 1, canonical })];
}
