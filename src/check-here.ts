import { addCounts, countsIfAny, otherOperations } from './lib/curve-work.ts';
import { letOthersIn, ROWS_A_BREATH } from './lib/let-others-in.ts';
import { curveOperations, secp256k1Backend } from './lib/secp256k1.ts';
import type { ProofChecker } from './proof-checker.ts';
import { type CheckedProof, checkProof } from './verify-ownership.ts';

/** Checks in this thread: for a few rows, and where no compiled worker is at hand. */
export function createInlineChecker(): ProofChecker {
  const before = { curve: curveOperations(), other: otherOperations() };
  return {
    batch: 32,
    lines: null,
    async check(proofs) {
      const checked: CheckedProof[] = [];
      for (const { proof, network } of proofs) {
        checked.push(await checkProof(proof, network));
        if (checked.length % ROWS_A_BREATH === 0) await letOthersIn();
      }
      return checked;
    },
    work: () => ({
      secp256k1: secp256k1Backend(),
      threads: 1,
      curveOperations: curveOperations() - before.curve,
      ...countsIfAny(addCounts(otherOperations(), before.other, -1)),
    }),
    close: async () => {},
  };
}
