import type { OperationCounts } from './lib/curve-work.ts';
import type { ProofToCheck } from './proof-chunk.ts';
import type { LinesSetup, VerifiedLines } from './verify-lines.ts';
import type { CheckedProof } from './verify-ownership.ts';

/** What checking has cost so far. `noble` means that the native library could not be loaded: about 25 times slower. */
export interface Work {
  readonly secp256k1: 'native' | 'noble';
  readonly threads: number;
  /** Keys really recovered on secp256k1: one for each distinct signature that fits at once. */
  readonly curveOperations: number;
  /** Operations really done on other curves or of another kind, by name; absent where there were none. */
  readonly otherOperations?: OperationCounts;
}

/** Checks proofs, in this thread or in several, with the same verdicts. */
export interface ProofChecker {
  /** Verdicts in the order asked. */
  check(proofs: readonly ProofToCheck[]): Promise<readonly CheckedProof[]>;
  /** How many proofs to hand over at once. */
  readonly batch: number;
  /** Verifies whole lines where they lie; null where there are no threads to do it. */
  readonly lines: LineChecker | null;
  work(): Work;
  close(): Promise<void>;
}

/** Verifies pieces of whole lines in threads, after each of them was set up. */
export interface LineChecker {
  setUp(setup: LinesSetup): void;
  /** Takes the bytes away. Null where one of the lines must be read with the whole file. */
  verify(bytes: Uint8Array<ArrayBuffer>): Promise<VerifiedLines | null>;
  /** How many pieces to hand over at once, and of about what size. */
  readonly inFlight: number;
  readonly pieceBytes: number;
}
