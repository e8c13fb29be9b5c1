import { describe, expect, it } from 'vitest';
import { accountOf, digest32, MESSAGE, sign } from '../bench/evm-rows.ts';
import { createCachedChecker } from '../src/cached-checker.ts';
import { createInlineChecker } from '../src/check-here.ts';
import type { NetworkSlug } from '../src/domain/ids.ts';
import type { Network } from '../src/domain/network.ts';
import type { OwnershipProof, OwnershipVerdict } from '../src/domain/ownership.ts';
import { loadRegistry } from '../src/load-registry.ts';
import type { ProofToCheck } from '../src/proof-chunk.ts';
import { verdictKey } from '../src/verify-ownership.ts';

const registry = loadRegistry();
if (!registry.ok) throw new Error('the shipped registry does not load');
const { networks } = registry.value;
const ETHEREUM = networks.get('ethereum' as NetworkSlug) ?? null;

function ask(number: number, network: Network | null = ETHEREUM): ProofToCheck {
  const account = accountOf(number);
  const proof: OwnershipProof = {
    label: 'ETH',
    network: 'ETH',
    addressText: account.address,
    message: MESSAGE,
    signature1: sign(account, digest32(MESSAGE)),
    signature2: null,
    scriptOrPubkey: null,
    owner1: null,
    owner2: null,
    rowType: null,
  };
  return { proof, network };
}

describe('kept verdicts', () => {
  it('are used instead of checking again, with the same outcome, and undecided ones are not kept', async () => {
    const kept = new Map<string, OwnershipVerdict>();
    const store = {
      verdicts: (keys: readonly string[]) => new Map([...kept].filter(([key]) => keys.includes(key))),
      putVerdicts: (fresh: ReadonlyMap<string, OwnershipVerdict>) => {
        for (const [key, verdict] of fresh) kept.set(key, verdict);
      },
    };
    const asked: number[] = [];
    const inline = createInlineChecker();
    const counting = {
      ...inline,
      check: (proofs: readonly ProofToCheck[]) => {
        asked.push(proofs.length);
        return inline.check(proofs);
      },
    };
    const checker = createCachedChecker(counting, store);
    const first = await checker.check([ask(1), ask(2, null), ask(3)]);
    const second = await checker.check([ask(4), ask(1), ask(2, null), ask(3)]);
    expect(second.slice(1)).toEqual(first);
    expect(first.map(({ verdict }) => verdict.grade)).toEqual(['address-bound', 'undecided', 'address-bound']);
    expect(asked).toEqual([3, 2]);
  });

  it('have a key that every input changes', () => {
    const network = ETHEREUM;
    const { proof } = ask(1);
    const keys = new Set([verdictKey(proof, network), verdictKey(proof, null)]);
    for (const field of Object.keys(proof) as (keyof OwnershipProof)[])
      keys.add(verdictKey({ ...proof, [field]: 'changed' }, network));
    keys.add(verdictKey(proof, network && { ...network, params: { changed: true } }));
    expect(keys.size).toBe(2 + Object.keys(proof).length + 1);
  });
});
