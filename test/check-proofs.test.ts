import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { accountOf, digest32, MESSAGE, sign } from '../bench/evm-rows.ts';
import { createInlineChecker } from '../src/check-here.ts';
import { createThreadedChecker } from '../src/check-in-threads.ts';
import type { NetworkSlug } from '../src/domain/ids.ts';
import { loadRegistry } from '../src/load-registry.ts';
import type { ProofToCheck } from '../src/proof-chunk.ts';

const WORKER = new URL('../dist/src/verify-worker.js', import.meta.url);
const registry = loadRegistry();
if (!registry.ok) throw new Error('the shipped registry does not load');
const { networks } = registry.value;
const networkOf = (slug: string) => networks.get(slug as NetworkSlug) ?? null;
const digest = digest32(MESSAGE);

function ask(number: number): ProofToCheck {
  const account = accountOf(number);
  const address = number % 7 === 0 ? accountOf(number + 1).address : account.address;
  return {
    network: number % 11 === 0 ? null : networkOf(number % 5 === 0 ? 'arbitrum' : 'ethereum'),
    proof: {
      label: 'ETH',
      network: 'ETH',
      addressText: address,
      message: MESSAGE,
      signature1: number % 13 === 0 ? null : sign(account, digest),
      signature2: null,
      scriptOrPubkey: null,
      owner1: null,
      owner2: null,
      rowType: null,
    },
  };
}

describe('threads', () => {
  it.skipIf(!existsSync(WORKER))(
    'give the same verdicts in the same order as this thread (needs the compiled worker in dist)',
    async () => {
      const distinct = Array.from({ length: 600 }, (_, number) => ask(number));
      const proofs = [...distinct, ...distinct];
      // Before there are threads: this one is among them, and would know their results.
      const inline = createInlineChecker();
      const expected = await inline.check(proofs);
      const work = inline.work();
      const threaded = createThreadedChecker(WORKER, 2);
      try {
        const batches = [proofs.slice(0, 512), proofs.slice(512)].map((batch) => threaded.check(batch));
        expect((await Promise.all(batches)).flat()).toEqual(expected);
        expect(threaded.work()).toEqual({ ...work, threads: 2 });
      } finally {
        await threaded.close();
      }
    },
  );
});

describe('this thread', () => {
  it('lets signals and progress in between while it checks', async () => {
    let turns = 0;
    let turn = setImmediate(function next() {
      turns += 1;
      turn = setImmediate(next);
    });
    await createInlineChecker().check(Array.from({ length: 64 }, (_, number) => ask(number)));
    clearImmediate(turn);
    expect(turns).toBeGreaterThan(2);
  });
});
