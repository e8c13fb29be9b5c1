import { ok } from '../../src/domain/result.ts';
import { trace } from '../../src/lib/trace.ts';
import type { ChainFamily } from '../../src/seams.ts';
import { connectSolana } from './adapter.ts';
import { decodeSolanaAddress, parseSolanaAddress } from './address.ts';
import { solanaOwnership } from './ownership.ts';

/** Solana and its kin: accounts are Ed25519 keys in base58, read through JSON-RPC at the finalized commitment. */
export const family: ChainFamily = {
  name: 'solana',
  namespace: 'solana',
  parseAddress(text) {
    const key = trace === null ? null : decodeSolanaAddress(text);
    if (key?.ok)
      trace?.read('address', { canonical: text, kind: 'base58 of a key or of a program address', key: key.value });
    return parseSolanaAddress(text);
  },
  parseTokenReference(text) {
    const mint = parseSolanaAddress(text);
    return mint.ok ? ok(mint.value as string) : mint;
  },
  ownership: solanaOwnership,
  connect: connectSolana,
};
