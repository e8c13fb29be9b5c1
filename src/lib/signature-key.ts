import { createHash } from 'node:crypto';

/** A signature without `0x` and in one case: both are spelling in hex, and case alone never makes two others equal. */
export function spelledOneWay(signature: string): string {
  const lower = signature.toLowerCase();
  return lower.startsWith('0x') ? lower.slice(2) : lower;
}

/** Case and a `prefix:` are spelling, not another address: good enough to tell two addresses of one signature apart. */
export const addressKey = (text: string): string => text.slice(text.indexOf(':') + 1).toLowerCase();

/** The name of a signature in the ledger, however it is spelled: 16 bytes of a SHA-256. */
export const signatureName = (signature: string): Buffer => shortHash(spelledOneWay(signature));

/** The name of an address in the ledger: 16 bytes of a SHA-256. Give the canonical spelling where it is known. */
export const addressName = (text: string): Buffer => shortHash(addressKey(text));

/** 128 bits: no second text for a given one is within reach, and who makes two alike of their own hides nothing by it. */
const shortHash = (text: string): Buffer => createHash('sha256').update(text).digest().subarray(0, 16);
