import { secp256k1 } from '@noble/curves/secp256k1.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRecoveryMemo } from '../../src/lib/recovery-memo.ts';
import {
  compressPublicKey,
  curveOperations,
  isHighS,
  recoverPublicKey,
  secp256k1Backend,
} from '../../src/lib/secp256k1.ts';
import { recoverWithNoble } from '../../src/lib/secp256k1-noble.ts';

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const IDS = [0, 1, 2, 3] as const;

const bytes32 = (value: bigint): Uint8Array => Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
const pair = (r: bigint, s: bigint): Uint8Array => Buffer.concat([bytes32(r), bytes32(s)]);
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const same = (digest: Uint8Array, rs: Uint8Array, id: 0 | 1 | 2 | 3): void => {
  expect(recoverPublicKey(digest, rs, id)).toEqual(recoverWithNoble(digest, rs, id));
};

describe('recoverPublicKey', () => {
  it('is the native backend on this machine', () => {
    expect(secp256k1Backend()).toBe('native');
  });

  it('finds the signer, as noble does', () => {
    fc.assert(
      fc.property(bytes(32), bytes(32), (secret, digest) => {
        fc.pre(secp256k1.utils.isValidSecretKey(secret));
        const signed = secp256k1.sign(digest, secret, { prehash: false, format: 'recovered' });
        const id = signed[0] as 0 | 1;
        const key = recoverPublicKey(digest, signed.subarray(1), id);
        expect(key).toEqual(secp256k1.getPublicKey(secret, false));
        expect(compressPublicKey(key as Uint8Array)).toEqual(secp256k1.getPublicKey(secret, true));
        expect(isHighS(signed.subarray(1))).toBe(false);
        same(digest, signed.subarray(1), (1 - id) as 0 | 1);
      }),
      { numRuns: 30 },
    );
  });

  it('agrees with noble on random bytes', () => {
    fc.assert(fc.property(bytes(32), bytes(64), fc.constantFrom(...IDS), same), { numRuns: 60 });
  });

  it('agrees with noble at the edges: zero, n, above n, small x, no x coordinate', () => {
    const edges = [0n, 1n, 2n, 3n, 5n, ORDER / 2n, ORDER / 2n + 1n, ORDER - 1n, ORDER, ORDER + 1n, 2n ** 256n - 1n];
    const digests = [new Uint8Array(32), bytes32(1n), bytes32(ORDER), bytes32(2n ** 256n - 1n)];
    for (const r of edges) {
      for (const s of edges) {
        for (const id of IDS) for (const digest of digests.slice(0, r === 1n ? 4 : 1)) same(digest, pair(r, s), id);
      }
    }
    for (const bad of [0n, ORDER, ORDER + 1n]) {
      expect(recoverPublicKey(bytes32(7n), pair(bad, 1n), 0)).toBeNull();
      expect(recoverPublicKey(bytes32(7n), pair(1n, bad), 0)).toBeNull();
    }
  });

  it('gives no key for the point at infinity', () => {
    // k = 1: R = G, s = e / k makes s R - e G vanish.
    const digest = bytes32(12345n);
    const rs = pair(secp256k1.Point.BASE.toAffine().x, 12345n);
    const id = Number(secp256k1.Point.BASE.toAffine().y & 1n) as 0 | 1;
    expect(recoverPublicKey(digest, rs, id)).toBeNull();
    expect(recoverWithNoble(digest, rs, id)).toBeNull();
  });

  it('refuses wrong lengths and ids without throwing', () => {
    expect(recoverPublicKey(new Uint8Array(31), new Uint8Array(64), 0)).toBeNull();
    expect(recoverPublicKey(new Uint8Array(32), new Uint8Array(65), 0)).toBeNull();
    expect(recoverPublicKey(new Uint8Array(32), new Uint8Array(64), 4 as 3)).toBeNull();
  });

  it('computes each input once, and hands out copies', () => {
    const digest = bytes32(99n);
    const rs = pair(secp256k1.Point.BASE.toAffine().x, 42n);
    const before = curveOperations();
    const first = recoverPublicKey(digest, rs, 0) as Uint8Array;
    const kept = Uint8Array.from(first);
    first.fill(0);
    expect(recoverPublicKey(digest, rs, 0)).toEqual(kept);
    expect(curveOperations()).toBe(before + 1);
    recoverPublicKey(digest, rs, 1);
    expect(curveOperations()).toBe(before + 2);
  });
});

describe('isHighS', () => {
  it('changes at half the order', () => {
    expect(isHighS(pair(1n, (ORDER - 1n) / 2n))).toBe(false);
    expect(isHighS(pair(1n, (ORDER + 1n) / 2n))).toBe(true);
  });
});

describe('createRecoveryMemo', () => {
  it('answers exactly what was put, for any inputs, within its bound', () => {
    const input = fc.record({ digest: bytes(32), rs: bytes(64), id: fc.constantFrom(...IDS), found: fc.boolean() });
    fc.assert(
      fc.property(fc.array(input, { maxLength: 50 }), fc.integer({ min: 1, max: 20 }), (inputs, bound) => {
        const memo = createRecoveryMemo(bound);
        for (const { digest, rs, id, found } of inputs) {
          const key = found ? Uint8Array.from([4, ...rs]) : null;
          if (memo.get(digest, rs, id) === undefined) memo.put(digest, rs, id, key);
          expect(
            memo.get(
              digest,
              Uint8Array.from(rs, (byte) => byte ^ 1),
              id,
            ),
          ).toBeUndefined();
        }
        const last = inputs.at(-1);
        if (last) expect(memo.get(last.digest, last.rs, last.id)).not.toBeUndefined();
      }),
    );
  });

  it('keeps its entries while it grows', () => {
    const memo = createRecoveryMemo();
    const digestOf = (index: number) => bytes32(BigInt(index + 1) * 0x9e3779b97f4a7c15n);
    for (let index = 0; index < 20_000; index += 1) {
      memo.put(digestOf(index), pair(BigInt(index), 1n), 0, Uint8Array.from([4, ...pair(BigInt(index), 2n)]));
    }
    let kept = 0;
    for (let index = 0; index < 20_000; index += 1) {
      const key = memo.get(digestOf(index), pair(BigInt(index), 1n), 0);
      if (key) {
        kept += 1;
        expect(Buffer.compare(key.subarray(1), pair(BigInt(index), 2n))).toBe(0);
      }
    }
    expect(kept).toBe(20_000);
  });

  it('forgets nothing wrong when all inputs fall on one slot', () => {
    const memo = createRecoveryMemo();
    const rs = new Uint8Array(64);
    for (let index = 0; index < 100; index += 1) {
      const digest = new Uint8Array(32);
      digest[0] = index;
      memo.put(digest, rs, 0, null);
      expect([null, undefined]).toContain(memo.get(digest, rs, 0));
    }
    expect(memo.get(new Uint8Array(32).fill(9, 0, 1), rs, 1)).toBeUndefined();
  });
});
