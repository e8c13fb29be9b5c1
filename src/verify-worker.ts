import type { NetworkSlug } from './domain/ids.ts';
import type { Network } from './domain/network.ts';
import type { OwnershipProof } from './domain/ownership.ts';
import { curveOperations, secp256k1Backend } from './lib/secp256k1.ts';
import { threadData } from './lib/workers.ts';
import { type CheckedProof, checkProof } from './verify-ownership.ts';

/** One proof with the slug of its network. */
export interface ProofToCheck {
  readonly proof: OwnershipProof;
  readonly network: NetworkSlug | null;
}

/** Verdicts in the order asked, and what the thread has done since it started. */
export interface CheckedChunk {
  readonly checked: readonly CheckedProof[];
  readonly curveOperations: number;
  readonly backend: 'native' | 'noble';
}

/** What the threads are started with. */
export type VerifyThreadData = ReadonlyMap<NetworkSlug, Network>;

/** The task of a verify thread. */
export async function checkChunk(chunk: readonly ProofToCheck[]): Promise<CheckedChunk> {
  const networks = threadData() as VerifyThreadData;
  const checked: CheckedProof[] = [];
  for (const { proof, network } of chunk) {
    checked.push(await checkProof(proof, network === null ? null : (networks.get(network) ?? null)));
  }
  return { checked, curveOperations: curveOperations(), backend: secp256k1Backend() };
}
