import { ripemd160 } from './digests.ts';
import { sha256Bytes } from './hash.ts';
import { keccak256 } from './keccak.ts';

/** RIPEMD-160 of SHA-256: 20 bytes, the key hash of Bitcoin and of the many chains that took it over. */
export const hash160 = (data: Uint8Array): Uint8Array => ripemd160(sha256Bytes(data));

/** SHA-256 of SHA-256: 32 bytes. */
export const sha256d = (data: Uint8Array): Uint8Array => sha256Bytes(sha256Bytes(data));

/** The 20 bytes of an Ethereum account (yellow paper, appendix F): the end of the hash of the 64 bytes x, y of a 65-byte key. */
export const ethereumAccount = (key: Uint8Array): Uint8Array => keccak256(key.subarray(1)).subarray(12);
