import { base58 } from '@scure/base';
import { quote } from '../../src/domain/ids.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { ripemd160 } from '../../src/lib/digests.ts';
import type { RecoverableSignature } from '../../src/lib/recoverable-signature.ts';
import { isHighS } from '../../src/lib/secp256k1.ts';
import { trace } from '../../src/lib/trace.ts';

/** The bytes of base58 with the first four of RIPEMD-160 over bytes and curve name behind them; null where that does not hold. */
function decode(text: string, length: number, curve: string): Uint8Array | null {
  if (!/^[1-9A-HJ-NP-Za-km-z]{40,110}$/.test(text)) return null;
  const bytes = base58.decode(text);
  if (bytes.length !== length + 4) return null;
  const body = bytes.subarray(0, length);
  const checksum = ripemd160(Buffer.concat([body, Buffer.from(curve, 'latin1')])).subarray(0, 4);
  return Buffer.compare(checksum, bytes.subarray(length)) === 0 ? body : null;
}

/** A published key, `EOS…` or `PUB_K1_…` (Antelope, fc::crypto), as 33 bytes in lower-case hex. Case-sensitive, with checksum. */
export function parseEosKey(text: string): Result<string> {
  const key = text.startsWith('PUB_K1_') ? decode(text.slice(7), 33, 'K1') : decode(text.replace(/^EOS/, ''), 33, '');
  if (!/^(EOS|PUB_K1_)/.test(text) || key === null) {
    return err(`public key ${quote(text)} is not EOS… or PUB_K1_… with a right checksum`);
  }
  return ok(Buffer.from(key).toString('hex'));
}

/**
 * A signature `SIG_K1_…`: base58 of header, r, s and checksum. The header is 31 or 32, that is 27 and the recovery id, and 4 for the compressed
 * key that all of EOS uses.
 */
export function parseEosSignature(text: string): Result<RecoverableSignature> {
  if (!text.startsWith('SIG_K1_')) return err('it does not begin with SIG_K1_');
  const bytes = decode(text.slice(7), 65, 'K1');
  if (bytes === null) return err('its checksum or length is wrong');
  const header = bytes[0] as number;
  if (header !== 31 && header !== 32) return err(`its header ${header} is not 31 or 32`);
  const rs = bytes.subarray(1);
  trace?.read('signature: SIG_K1, header, r, s in base58', {
    header,
    r: rs.subarray(0, 32),
    s: rs.subarray(32),
    highS: isHighS(rs),
  });
  return ok({ rs, recoveryId: header === 31 ? 0 : 1, canonical: !isHighS(rs) });
}
