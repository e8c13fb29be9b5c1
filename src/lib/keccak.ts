import { createKeccak } from 'hash-wasm';

const hasher = await createKeccak(256);

/** Keccak-256 (the original padding that Ethereum uses, not SHA3-256) of bytes or of UTF-8 text, as 32 new bytes. */
export const keccak256 = (data: Uint8Array | string): Uint8Array => hasher.init().update(data).digest('binary');

/** Keccak-256 of bytes or of UTF-8 text as lower-case hex without prefix. */
export const keccak256Hex = (data: Uint8Array | string): string => hasher.init().update(data).digest('hex');
