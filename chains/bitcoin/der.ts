import { err, ok, type Result } from '../../src/domain/result.ts';
import { isHighS } from '../../src/lib/secp256k1.ts';

/**
 * The 64 bytes r ‖ s of a signature as scripts hold it: strict DER (BIP-66), then the hash type, which must be the one given.
 * A high S is refused (LOW_S).
 */
export function readDerSignature(bytes: Uint8Array, hashType: number): Result<Uint8Array> {
  const end = bytes.length - 1;
  if (bytes.length < 9 || bytes.length > 73 || bytes[0] !== 0x30 || bytes[1] !== end - 2) {
    return err('its signature is not strict DER (BIP-66)');
  }
  const r = readInteger(bytes, 2, end);
  const s = r === null ? null : readInteger(bytes, r.next, end);
  if (r === null || s === null || s.next !== end) return err('its signature is not strict DER (BIP-66)');
  if (bytes[end] !== hashType) return err(`its hash type is ${bytes[end]}, ALL is due`);
  const rs = Uint8Array.of(...r.value, ...s.value);
  return isHighS(rs) ? err('its S is high (LOW_S)') : ok(rs);
}

/** A positive integer without superfluous zeros, as 32 bytes; null where it is none or longer. */
function readInteger(
  bytes: Uint8Array,
  at: number,
  end: number,
): { readonly value: Uint8Array; readonly next: number } | null {
  const length = bytes[at + 1] ?? 0;
  const next = at + 2 + length;
  if (bytes[at] !== 0x02 || length === 0 || next > end) return null;
  const digits = bytes.subarray(at + 2, next);
  const [first = 0, second = 0] = digits;
  if (first & 0x80 || (length > 1 && first === 0 && (second & 0x80) === 0)) return null;
  const value = first === 0 ? digits.subarray(1) : digits;
  if (value.length > 32) return null;
  return { value: Uint8Array.of(...new Uint8Array(32 - value.length), ...value), next };
}
