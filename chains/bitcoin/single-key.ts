import { trace } from '../../src/lib/trace.ts';
import type { Destination } from './address.ts';
import { hash160, sameBytes } from './hash.ts';
import type { RecoverableSignature, Signer } from './signature.ts';

/** How an address is derived from one key. */
export type SingleKeyClass = 'p2pkh-uncompressed' | 'p2pkh' | 'p2sh-p2wpkh' | 'p2wpkh';

/** BIP-137 header 27-30, 31-34, 35-38, 39-42, in this order. */
const HEADER_CLASSES = ['p2pkh-uncompressed', 'p2pkh', 'p2sh-p2wpkh', 'p2wpkh'] as const;

/** The address class that a BIP-137 header states; null where any class is meant (31-34 is in use for all; the hex envelope states none). */
export function statedClass(signature: RecoverableSignature): SingleKeyClass | null {
  if (signature.kind === 'okx-hex') return null;
  const stated = HEADER_CLASSES[(signature.header - 27) >> 2] as SingleKeyClass;
  return stated === 'p2pkh' ? null : stated;
}

/**
 * Which derivation leads from the signer's key to the address, or null where none does: hash160 of the key (P2PKH, and
 * P2WPKH for 33-byte keys, BIP-143), or hash160 of the script 0014 hash160(key) (P2SH-P2WPKH, BIP-141).
 */
export function matchSingleKey({ kind, hash }: Destination, signer: Signer): SingleKeyClass | null {
  for (const form of signer.forms) {
    const isCompressed = form.length === 33;
    if (kind === 'p2pkh' && isHash('hash160 of the key', hash160(form), hash)) {
      return isCompressed ? 'p2pkh' : 'p2pkh-uncompressed';
    }
    if (kind === 'p2wpkh' && isCompressed && isHash('hash160 of the key', hash160(form), hash)) return 'p2wpkh';
    if (kind === 'p2sh' && isCompressed && isHash('hash160 of 0014 and hash160 of the key', nestedHash(form), hash)) {
      return 'p2sh-p2wpkh';
    }
  }
  return null;
}

function isHash(what: string, found: Uint8Array, wanted: Uint8Array): boolean {
  const equal = sameBytes(found, wanted);
  trace?.compare(`${what}, the hash in the address`, found, wanted, equal);
  return equal;
}

const nestedHash = (key: Uint8Array): Uint8Array => hash160(Uint8Array.of(0x00, 0x14, ...hash160(key)));
