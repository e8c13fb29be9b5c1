import { describe, expect, it } from 'vitest';
import { fitsOnce, otherOperations, sharedResults, shareResults } from '../../src/lib/curve-work.ts';
import { createSharedMemory } from '../../src/lib/shared-results.ts';

const parts = (...texts: readonly string[]) => texts.map((text) => Buffer.from(text));

describe('fitsOnce', () => {
  const asked = (): number => otherOperations().schnorr ?? 0;

  it('checks each distinct kind and parts once, and counts by kind', () => {
    for (let turn = 0; turn < 3; turn += 1) {
      expect(fitsOnce('schnorr', parts('key', 'message', 'signature'), () => true)).toBe(true);
      expect(fitsOnce('schnorr', parts('key', 'message', 'other'), () => false)).toBe(false);
      // The same bytes in another cut are another question.
      expect(fitsOnce('schnorr', parts('keym', 'essage', 'signature'), () => false)).toBe(false);
      expect(fitsOnce('starknet', parts('key', 'message', 'signature'), () => false)).toBe(false);
    }
    expect(otherOperations()).toEqual({ schnorr: 3, starknet: 1 });
  });

  it('takes what another thread worked out, and does the work itself where shared memory is full', () => {
    shareResults(createSharedMemory(2, Uint32Array.of(1, 2, 3)));
    expect(sharedResults()).not.toBeNull();
    const before = asked();
    for (let turn = 0; turn < 2; turn += 1) {
      for (const message of ['a', 'b', 'c', 'd']) {
        expect(fitsOnce('schnorr', parts('key', message), () => message === 'c')).toBe(message === 'c');
      }
    }
    expect(asked() - before).toBe(4);
  });
});
