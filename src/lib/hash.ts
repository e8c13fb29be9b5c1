import { createHash } from 'node:crypto';
import type { Sha256 } from '../domain/ids.ts';
import { trace } from './trace.ts';

/** Lower-case hex SHA-256 of text (UTF-8) or bytes. */
export const sha256Hex = (data: string | Uint8Array): Sha256 =>
  createHash('sha256').update(data).digest('hex') as Sha256;

/** SHA-256 of the bytes, one after another. */
export function sha256Bytes(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  const digest = hash.digest();
  trace?.hash('SHA-256', Buffer.concat(parts), digest);
  return digest;
}

/** Lower-case hex SHA-256 of bytes as they come, in flat memory; what reading them throws goes through. */
export async function hashOfChunks(chunks: AsyncIterable<Uint8Array>): Promise<Sha256> {
  const hash = createHash('sha256');
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex') as Sha256;
}
