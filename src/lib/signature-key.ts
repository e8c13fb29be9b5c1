import { createHash } from 'node:crypto';
import { addressKey } from './address-key.ts';
import { signatureBytes } from './signature-bytes.ts';

/** The name of a signature in the ledger, however it is spelled: 16 bytes of a SHA-256. Null for what is too short to be one. */
export function signatureName(signature: string): Buffer | null {
  const bytes = signatureBytes(signature);
  return bytes === null ? null : shortHash(bytes);
}

/** The name of an address in the ledger: 16 bytes of a SHA-256. Give the canonical spelling where it is known. */
export const addressName = (text: string): Buffer => shortHash(addressKey(text));

/** 128 bits: no second text for a given one is within reach, and who makes two alike of their own hides nothing by it. */
const shortHash = (text: string): Buffer => createHash('sha256').update(text).digest().subarray(0, 16);
