import { ok } from '../../src/domain/result.ts';
import type { ChainFamily } from '../../src/seams.ts';
import { connectSolana } from './adapter.ts';
import { parseSolanaAddress } from './address.ts';
import { solanaOwnership } from './ownership.ts';

/** Solana and its kin: accounts are Ed25519 keys in base58, read through JSON-RPC at the finalized commitment. */
export const family: ChainFamily = {
  name: 'solana',
  namespace: 'solana',
  parseAddress: (text) => parseSolanaAddress(text),
  parseTokenReference(text) {
    const mint = parseSolanaAddress(text);
    return mint.ok ? ok(mint.value as string) : mint;
  },
  ownership: solanaOwnership,
  connect: connectSolana,
};
