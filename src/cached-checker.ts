import type { OwnershipVerdict } from './domain/ownership.ts';
import type { ProofChecker } from './proof-checker.ts';
import type { Store } from './seams.ts';
import { type CheckedProof, decodeAddress, POLICY_VERSION, verdictKey } from './verify-ownership.ts';

/** Of how many rows the verdict was reached now, and of how many it was kept already. */
export interface VerdictCounts {
  readonly verified: number;
  readonly known: number;
}

/** How verdicts are kept. */
export interface CacheOptions {
  /** Told after every batch, when its verdicts are kept. */
  readonly onVerdicts?: ((counts: VerdictCounts) => void) | undefined;
  /** Rules of another version than the running one: nothing that was kept under others is used. */
  readonly policyVersion?: number;
}

/**
 * Puts the store's kept verdicts before a checker: a proof that was graded once under the same rules is not graded again. Each
 * batch is kept when it is done, so that an interrupted run leaves what it has.
 * `undecided` is not kept, so that a chain family added later gets its turn.
 */
export function createCachedChecker(
  checker: ProofChecker,
  store: Pick<Store, 'verdicts' | 'putVerdicts'>,
  { onVerdicts, policyVersion = POLICY_VERSION }: CacheOptions = {},
): ProofChecker {
  let verified = 0;
  let known = 0;
  return {
    ...checker,
    // Whole lines would be verified without a look at what is kept.
    lines: null,
    async check(proofs) {
      const keys = proofs.map(({ proof, network }) => verdictKey(proof, network, policyVersion));
      const kept = store.verdicts(keys);
      const missing = proofs.filter((_, at) => !kept.has(keys[at] as string));
      const checked = await checker.check(missing);
      const fresh = new Map<string, OwnershipVerdict>();
      const results: CheckedProof[] = [];
      let next = 0;
      for (const [at, { proof, network }] of proofs.entries()) {
        const key = keys[at] as string;
        const verdict = kept.get(key);
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
      verified += missing.length;
      known += proofs.length - missing.length;
      onVerdicts?.({ verified, known });
      return results;
    },
  };
}
