import { createHash } from 'node:crypto';
import { blake256 as nobleBlake256 } from '@noble/hashes/blake1.js';
import { blake2b as nobleBlake2b } from '@noble/hashes/blake2.js';
import { ripemd160 as nobleRipemd160 } from '@noble/hashes/legacy.js';
import { trace } from './trace.ts';

/** The hash functions that some chains use besides SHA-256 and Keccak-256; a trace that is on takes down what they hash. */
const traced =
  (name: string, hash: (data: Uint8Array) => Uint8Array) =>
  (data: Uint8Array): Uint8Array => {
    const digest = hash(data);
    trace?.hash(name, data, digest);
    return digest;
  };

const openssl = (algorithm: string) => (data: Uint8Array) => createHash(algorithm).update(data).digest();

/** RIPEMD-160: 20 bytes. */
export const ripemd160 = traced('RIPEMD-160', nobleRipemd160);

/** BLAKE-256, the SHA-3 candidate of 14 rounds that Decred uses: 32 bytes. */
export const blake256 = traced('BLAKE-256', nobleBlake256);

/** SHA3-256 (FIPS 202, not Keccak-256): 32 bytes. */
export const sha3 = traced('SHA3-256', openssl('sha3-256'));

/** SHA-224: 28 bytes. */
export const sha224 = traced('SHA-224', openssl('sha224'));

/** SHA-512/256 (FIPS 180-4, with its own initial values): 32 bytes. */
export const sha512Slash256 = traced('SHA-512/256', openssl('sha512-256'));

/** SHA-512: 64 bytes. */
export const sha512 = traced('SHA-512', openssl('sha512'));

/** BLAKE2b (RFC 7693) without a key, of that many bytes. */
export function blake2b(data: Uint8Array, bytes: number): Uint8Array {
  const digest = nobleBlake2b(data, { dkLen: bytes });
  trace?.hash(`BLAKE2b-${bytes * 8}`, data, digest);
  return digest;
}
