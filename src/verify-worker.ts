import type { NetworkSlug } from './domain/ids.ts';
import type { Network } from './domain/network.ts';
import { curveOperations, secp256k1Backend } from './lib/secp256k1.ts';
import { type ProofChunk, packVerdicts, unpackProofs, type VerdictChunk } from './proof-chunk.ts';
import { type CheckedProof, checkProof } from './verify-ownership.ts';

/** Verdicts in the order asked, and what the thread has done since it started. */
export interface CheckedChunk {
  readonly verdicts: VerdictChunk;
  readonly curveOperations: number;
  readonly backend: 'native' | 'noble';
}

const networks = new Map<NetworkSlug, Network>();

/** The task of a verify thread. */
export async function checkChunk(chunk: ProofChunk): Promise<CheckedChunk> {
  const checked: CheckedProof[] = [];
  for (const { proof, network } of unpackProofs(chunk, networks)) checked.push(await checkProof(proof, network));
  return { verdicts: packVerdicts(checked), curveOperations: curveOperations(), backend: secp256k1Backend() };
}
