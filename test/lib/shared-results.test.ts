import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSharedMemory, INPUT_BYTES, openSharedResults } from '../../src/lib/shared-results.ts';

const SALT = Uint32Array.of(1, 2, 3);
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

describe('shared results', () => {
  it('are computed once whoever asks, and only for exactly that input', () => {
    const question = fc.record({
      input: bytes(INPUT_BYTES),
      result: fc.option(bytes(65), { nil: null }),
      flip: fc.nat(96),
    });
    fc.assert(
      fc.property(fc.array(question, { maxLength: 40 }), (questions) => {
        const memory = createSharedMemory(100, SALT);
        const threads = [openSharedResults(memory), openSharedResults(memory)] as const;
        const known = new Map<string, Uint8Array | null>();
        let computed = 0;
        for (const [turn, { input, result, flip }] of questions.entries()) {
          const ask = (own: Uint8Array, answer: Uint8Array | null) =>
            threads[turn % 2 === 0 ? 0 : 1].once(own, () => {
              computed += 1;
              return answer;
            });
          const near = Uint8Array.from(input, (byte, at) => (at === flip ? byte ^ 1 : byte));
          for (const [own, answer] of [
            [input, result],
            [near, null],
            [input, null],
          ] as const) {
            const key = Buffer.from(own).toString('hex');
            if (!known.has(key)) known.set(key, answer);
            expect(ask(own, answer)).toEqual(known.get(key));
          }
        }
        expect(computed).toBe(known.size);
      }),
    );
  });

  it('are not kept when the memory is full, and the question is not answered then', () => {
    const shared = openSharedResults(createSharedMemory(2, SALT));
    const ask = (byte: number) =>
      shared.once(new Uint8Array(INPUT_BYTES).fill(byte), () => new Uint8Array(65).fill(byte));
    expect([1, 2, 1, 2].map((byte) => ask(byte)?.[64])).toEqual([1, 2, 1, 2]);
    expect([ask(3), ask(4)]).toEqual([undefined, undefined]);
    expect(ask(2)?.[0]).toBe(2);
  });

  it('are handed out as copies, and a failed computation is nobody else’s result', () => {
    const memory = createSharedMemory(10, SALT);
    const [one, other] = [openSharedResults(memory), openSharedResults(memory)];
    const input = new Uint8Array(INPUT_BYTES).fill(7);
    const boom = () => {
      throw new Error('boom');
    };
    expect(() => one.once(input, boom)).toThrow('boom');
    expect(other.once(input, boom)).toBeUndefined();
    const good = new Uint8Array(INPUT_BYTES).fill(8);
    one.once(good, () => new Uint8Array(65).fill(1))?.fill(9);
    other.once(good, boom)?.fill(9);
    expect(one.once(good, boom)).toEqual(new Uint8Array(65).fill(1));
  });
});
