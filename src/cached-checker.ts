import type { ProofChecker } from './check-proofs.ts';
import type { OwnershipVerdict } from './domain/ownership.ts';
import type { Store } from './seams.ts';
import { type CheckedProof, decodeAddress, verdictKey } from './verify-ownership.ts';

/**
 * Puts the store's kept verdicts before a checker: a proof that was graded once under the same rules is not graded again.
 * `undecided` is not kept, so that a chain family added later gets its turn.
 */
export function createCachedChecker(
  checker: ProofChecker,
  store: Pick<Store, 'verdicts' | 'putVerdicts'>,
): ProofChecker {
  return {
    ...checker,
    // Whole lines would be verified without a look at what is kept.
    lines: null,
    async check(proofs) {
      const keys = proofs.map(({ proof, network }) => verdictKey(proof, network));
      const known = store.verdicts(keys);
      const missing = proofs.filter((_, at) => !known.has(keys[at] as string));
      const checked = await checker.check(missing);
      const fresh = new Map<string, OwnershipVerdict>();
      const results: CheckedProof[] = [];
      let next = 0;
      for (const [at, { proof, network }] of proofs.entries()) {
        const key = keys[at] as string;
        const verdict = known.get(key);
        if (verdict !== undefined) {
          results.push({ verdict, ...(await decodeAddress(proof.addressText, network)) });
          continue;
        }
        const result = checked[next] as CheckedProof;
        next += 1;
        if (result.verdict.grade !== 'undecided') fresh.set(key, result.verdict);
        results.push(result);
      }
      if (fresh.size > 0) store.putVerdicts(fresh);
      return results;
    },
  };
}
