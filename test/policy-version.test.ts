import { expect, it } from 'vitest';
import { accountOf, digest32, MESSAGE, sign } from '../bench/evm-rows.ts';
import { createCachedChecker, type VerdictCounts } from '../src/cached-checker.ts';
import { createInlineChecker } from '../src/check-here.ts';
import type { NetworkSlug } from '../src/domain/ids.ts';
import type { OwnershipVerdict } from '../src/domain/ownership.ts';
import { loadRegistry } from '../src/load-registry.ts';
import { POLICY_VERSION } from '../src/verify-ownership.ts';

it('verifies all again under another version of the rules, and says how many rows were verified and known', async () => {
  const registry = loadRegistry();
  if (!registry.ok) throw new Error('the shipped registry does not load');
  const network = registry.value.networks.get('ethereum' as NetworkSlug) ?? null;
  const proofs = Array.from({ length: 5 }, (_, number) => {
    const account = accountOf(number);
    const none = { signature2: null, scriptOrPubkey: null, owner1: null, owner2: null, rowType: null };
    const signed = { message: MESSAGE, signature1: sign(account, digest32(MESSAGE)) };
    return { network, proof: { label: 'ETH', network: 'ETH', addressText: account.address, ...signed, ...none } };
  });
  const kept = new Map<string, OwnershipVerdict>();
  const store = {
    verdicts: (keys: readonly string[]) => new Map([...kept].filter(([key]) => keys.includes(key))),
    putVerdicts: (fresh: ReadonlyMap<string, OwnershipVerdict>) => {
      for (const [key, verdict] of fresh) kept.set(key, verdict);
    },
  };
  const runWith = async (policyVersion: number): Promise<readonly VerdictCounts[]> => {
    const counts: VerdictCounts[] = [];
    const onVerdicts = (now: VerdictCounts) => counts.push(now);
    const checker = createCachedChecker(createInlineChecker(), store, { policyVersion, onVerdicts });
    await checker.check(proofs.slice(0, 2));
    await checker.check(proofs);
    return counts;
  };
  expect(await runWith(POLICY_VERSION)).toEqual([
    { verified: 2, known: 0 },
    { verified: 5, known: 2 },
  ]);
  expect(await runWith(POLICY_VERSION)).toEqual([
    { verified: 0, known: 2 },
    { verified: 0, known: 7 },
  ]);
  expect((await runWith(POLICY_VERSION + 1)).at(-1)).toEqual({ verified: 5, known: 2 });
});
