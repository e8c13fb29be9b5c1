import { secp256k1 } from '@noble/curves/secp256k1.js';

/** Public key recovery in plain JavaScript (about 25 times slower than native): 65 uncompressed bytes, or null. Never throws. */
export function recoverWithNoble(digest: Uint8Array, rs: Uint8Array, recoveryId: 0 | 1 | 2 | 3): Uint8Array | null {
  try {
    const signature = secp256k1.Signature.fromBytes(rs, 'compact').addRecoveryBit(recoveryId);
    return signature.recoverPublicKey(digest).toBytes(false);
  } catch {
    return null;
  }
}
