import { addCounts, countsIfAny, otherOperations } from './lib/curve-work.ts';
import { curveOperations, secp256k1Backend } from './lib/secp256k1.ts';
import type { ProofChecker } from './proof-checker.ts';
import { checkProofs } from './verify-ownership.ts';

/** Checks in this thread: for a few rows, and where no compiled worker is at hand. */
export function createInlineChecker(): ProofChecker {
  const start = { curve: curveOperations(), other: otherOperations() };
  let before: Promise<unknown> = Promise.resolve();
  return {
    batch: 32,
    lines: null,
    check(proofs) {
      // One after the other: what was tried for the row before decides what is tried first.
      const checked = before.then(() => checkProofs(proofs));
      before = checked.catch(() => {});
      return checked;
    },
    work: () => ({
      secp256k1: secp256k1Backend(),
      threads: 1,
      curveOperations: curveOperations() - start.curve,
      ...countsIfAny(addCounts(otherOperations(), start.other, -1)),
    }),
    close: async () => {},
  };
}
