import { createRequire } from 'node:module';
import { trace } from './trace.ts';

/** Asked for as CommonJS: as a module its 280 KB are first searched for exports, three times the work of loading it, in every thread. */
const { createKeccak } = createRequire(import.meta.url)('hash-wasm') as typeof import('hash-wasm');
const hasher = await createKeccak(256);

/** Keccak-256 (the original padding that Ethereum uses, not SHA3-256) of bytes or of UTF-8 text, as 32 new bytes. */
export function keccak256(data: Uint8Array | string): Uint8Array {
  const digest = hasher.init().update(data).digest('binary');
  trace?.hash('Keccak-256', data, digest);
  return digest;
}

/** Keccak-256 of bytes or of UTF-8 text as lower-case hex without prefix. */
export function keccak256Hex(data: Uint8Array | string): string {
  const digest = hasher.init().update(data).digest('hex');
  trace?.hash('Keccak-256', data, Buffer.from(digest, 'hex'));
  return digest;
}
