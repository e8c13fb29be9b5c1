import type { BlockRef } from '../../src/domain/snapshot.ts';

/** The block parameter of a pinned call (EIP-1898): only this block, and only while it is part of the chain. */
export const pinTo = (hash: string): { readonly blockHash: string; readonly requireCanonical: true } => ({
  blockHash: hash,
  requireCanonical: true,
});

/** A block whose hash is known: what a read can be pinned to. */
export interface PinnedBlock extends BlockRef {
  readonly hash: string;
}
