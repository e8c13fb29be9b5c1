import { createBase58check } from '@scure/base';
import { sha256Bytes } from './hash.ts';

const coder = createBase58check((data: Uint8Array) => sha256Bytes(data));

/** Bytes and the first four of their double SHA-256, in Bitcoin's base58. */
export const encodeBase58check = (bytes: Uint8Array): string => coder.encode(bytes);

/** The bytes before the checksum; null where text has other letters or another checksum. For short text: decoding is quadratic. */
export function decodeBase58check(text: string): Uint8Array | null {
  try {
    return coder.decode(text);
  } catch {
    return null;
  }
}
