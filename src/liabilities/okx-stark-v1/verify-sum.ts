import type { Checklist } from '../checklist.ts';
import { checkConstraints, type SumValues } from './constraints.ts';
import { hexOfElement, P } from './field.ts';
import { checkLowDegree } from './fri.ts';
import { hashHex, opensTo } from './merkle.ts';
import type { OpenedRow, SumProof } from './sum-proof.ts';
import { BLOW_UP, hasWork, sampledPositions } from './transcript.ts';

/**
 * Verifies one sum proof, of a batch or of the trunk, against its sums: true when every check passes; the first that fails ends
 * it. All work was bounded by `readSumProof`.
 */
export function verifySumProof(proof: SumProof, sums: SumValues, checks: Checklist): boolean {
  // Above 64 rows a user's value could wrap around the field: the bound 4^(uts−2) of the net value must stay below it.
  const rows = proof.uts === 16 || proof.uts === 32;
  if (!checks.require('uts', rows, '16 or 32 rows an account, as the prover makes them')) return false;
  if (!checkSums(sums, checks)) return false;
  if (!checks.require('canonical', isCanonical(proof), 'every number is a canonical field element')) return false;
  const work = hasWork(proof.root, proof.nonce);
  if (!checks.require('proof-of-work', work, '20 bits of work on the root of the trace')) return false;
  const domain = BLOW_UP * proof.steps;
  const positions = sampledPositions(proof.linearRoot, domain);
  return (
    checkOpenings(proof, positions, domain, checks) &&
    checkConstraints(proof, positions, sums, checks) &&
    checkLowDegree(proof, checks)
  );
}

function checkSums({ coins, total }: SumValues, checks: Checklist): boolean {
  const inField = coins.every((value) => value >= 0n && value < P);
  if (!checks.require('sum-range', inField, 'the sum of each coin is a canonical field element')) return false;
  const adds = coins.reduce((sum, value) => sum + value, 0n) === total;
  return checks.require('sum-adds-up', adds, 'the sums of the coins add up to the total');
}

/** The format compares numbers as bytes in some places and modulo P in others: only one spelling may pass. */
function isCanonical(proof: SumProof): boolean {
  const limit = hexOfElement(P);
  const canonical = (hex: string): boolean => {
    for (let at = 0; at < hex.length; at += 64) if (hex.slice(at, at + 64) >= limit) return false;
    return true;
  };
  return (
    proof.samples.every(
      ({ here, next, before, after }) =>
        canonical(here) &&
        [next, before, after].every((row) => canonical(row.net) && canonical(row.id)) &&
        canonical(before.coins) &&
        canonical(after.coins),
    ) &&
    proof.linearBranches.every(([leaf]) => canonical(leaf!)) &&
    proof.layers.every((layer) => [...layer.columns, ...layer.values].every(([leaf]) => canonical(leaf!))) &&
    proof.last.every(canonical)
  );
}

function checkOpenings(proof: SumProof, positions: readonly number[], domain: number, checks: Checklist): boolean {
  const row = BLOW_UP;
  const rows = positions.flatMap((x) =>
    [x, x + row, x + row * (proof.uts - 1), x + row * proof.uts].map((position) => position % domain),
  );
  const paths = opensTo(proof.root, rows, proof.traceBranches);
  if (!checks.require('trace-path', paths, 'the opened rows lead to the root of the trace')) return false;
  const leaves = proof.samples.flatMap(({ here, next, before, after }) => [
    leafOfSample(here, before.coins.length),
    leafOfRow(next, next.coins),
    leafOfRow(before, hashHex(before.coins)),
    leafOfRow(after, hashHex(after.coins)),
  ]);
  const opened = leaves.every((leaf, i) => leaf === proof.traceBranches[i]![0]);
  if (!checks.require('trace-leaf', opened, 'the opened numbers are those of the leaves')) return false;
  const linear = opensTo(proof.linearRoot, positions, proof.linearBranches);
  return checks.require('linear-path', linear, 'the combined values lead to the root of the low-degree test');
}

const leafOfRow = ({ net, id, random }: OpenedRow, coinHash: string): string => hashHex(net, coinHash, id, random);

/** At a sampled position the random part is the hash of the quotients, which stand last. */
function leafOfSample(here: string, coinDigits: number): string {
  const id = 64 + coinDigits;
  return hashHex(here.slice(0, 64), hashHex(here.slice(64, id)), here.slice(id, id + 64), hashHex(here.slice(id + 64)));
}
