import { keccak_256 } from '@noble/hashes/sha3.js';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { keccak256, keccak256Hex } from '../../src/lib/keccak.ts';

it('is Keccak-256 with the original padding', () => {
  expect(keccak256Hex('')).toBe('c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (data) => {
      expect(keccak256(data)).toEqual(keccak_256(data));
      expect(keccak256Hex(data)).toBe(Buffer.from(keccak_256(data)).toString('hex'));
    }),
  );
});

it('reads text as UTF-8 and returns bytes of its own', () => {
  const first = keccak256('héllo ✓');
  keccak256('other');
  expect(first).toEqual(keccak_256(Buffer.from('héllo ✓', 'utf8')));
});
