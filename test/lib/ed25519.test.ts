import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ed25519Operations, isUsableEd25519Key, verifyEd25519 } from '../../src/lib/ed25519.ts';

const PKCS8_HEAD = '302e020100300506032b657004220420';
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const P = 2n ** 255n - 19n;
const utf8 = (text: string): Buffer => Buffer.from(text, 'utf8');

/** Key and signature by OpenSSL from a seed. */
function signed(seed: Uint8Array, message: Uint8Array): { key: Buffer; signature: Buffer } {
  const secret = createPrivateKey({
    key: Buffer.concat([Buffer.from(PKCS8_HEAD, 'hex'), seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const key = createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(-32);
  return { key, signature: sign(null, message, secret) };
}

const fromNumber = (value: bigint): Buffer =>
  Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse() as Buffer;
const toNumber = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);

/** Every encoding of a point whose order divides 8: five y, those below 2^255 − p again unreduced, both sign bits. */
const SMALL = [
  ...new Set([
    ...smallOrderY()
      .flatMap((y) => (y + P < 2n ** 255n ? [y, y + P] : [y]))
      .flatMap((y) => [y, y + 2n ** 255n]),
  ]),
].map(fromNumber);

function smallOrderY(): bigint[] {
  const eighth = ed25519.Point.fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a');
  return [0, 1, 2, 3, 4, 5, 6, 7].map((times) => {
    let point = ed25519.Point.ZERO;
    for (let i = 0; i < times; i += 1) point = point.add(eighth);
    return point.toAffine().y;
  });
}

describe('verifyEd25519', () => {
  it('accepts test 2 of RFC 8032 section 7.1 and refuses each flipped bit of it', () => {
    const key = Buffer.from('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c', 'hex');
    const message = Buffer.from('72', 'hex');
    const signature = Buffer.from(
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
      'hex',
    );
    expect(verifyEd25519(key, message, signature)).toBe(true);
    for (let bit = 0; bit < 512; bit += 1) {
      const flipped = Buffer.from(signature);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(verifyEd25519(key, message, flipped)).toBe(false);
    }
  });

  it('agrees with an independent strict verifier on signed and on damaged messages', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.uint8Array({ maxLength: 80 }),
        fc.nat(95),
        fc.nat(255),
        (seed, message, at, mask) => {
          const { key, signature } = signed(seed, message);
          const all = Buffer.concat([key, signature]);
          all[at] = (all[at] as number) ^ mask;
          const [k, s] = [all.subarray(0, 32), all.subarray(32)];
          expect(verifyEd25519(k, message, s)).toBe(mask === 0);
          expect(ed25519.verify(s, message, k, { zip215: false })).toBe(mask === 0);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('refuses S + L, the same scalar written a second way', () => {
    const { key, signature } = signed(Buffer.alloc(32, 5), utf8('m'));
    const again = Buffer.concat([signature.subarray(0, 32), fromNumber(toNumber(signature.subarray(32)) + L)]);
    expect(verifyEd25519(key, utf8('m'), signature)).toBe(true);
    expect(verifyEd25519(key, utf8('m'), again)).toBe(false);
  });

  it('refuses every small-order key, though OpenSSL takes some of them for any message', () => {
    expect(SMALL.length).toBeGreaterThanOrEqual(14);
    const base = fromNumber(toNumber(ed25519.Point.BASE.toBytes()));
    const one = fromNumber(1n);
    for (const key of SMALL) {
      expect(isUsableEd25519Key(key)).toBe(false);
      // R = B, S = 1 fits the identity key for each message: 1·B = B + h·0.
      expect(verifyEd25519(key, utf8('anything'), Buffer.concat([base, one]))).toBe(false);
    }
    const identity = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: one.toString('base64url') },
      format: 'jwk',
    });
    expect(verify(null, utf8('anything'), identity, Buffer.concat([base, one]))).toBe(true);
    for (const r of SMALL) {
      const { key } = signed(Buffer.alloc(32, 6), utf8('m'));
      expect(verifyEd25519(key, utf8('m'), Buffer.concat([r, Buffer.alloc(32)]))).toBe(false);
    }
  });

  it('answers wrong lengths with false', () => {
    const { key, signature } = signed(Buffer.alloc(32, 1), utf8('m'));
    for (const bad of [key.subarray(1), Buffer.concat([key, Buffer.alloc(1)]), Buffer.alloc(0)]) {
      expect(verifyEd25519(bad, utf8('m'), signature)).toBe(false);
    }
    for (const bad of [signature.subarray(1), Buffer.concat([signature, Buffer.alloc(1)]), Buffer.alloc(0)]) {
      expect(verifyEd25519(key, utf8('m'), bad)).toBe(false);
    }
  });

  it('does one curve operation for one triple, and tells key, message and signature apart', () => {
    const { key, signature } = signed(Buffer.alloc(32, 9), utf8('counted'));
    const before = ed25519Operations();
    for (let i = 0; i < 5; i += 1) expect(verifyEd25519(key, utf8('counted'), signature)).toBe(true);
    expect(ed25519Operations() - before).toBe(1);
    const other = signed(Buffer.alloc(32, 10), utf8('counted'));
    expect(verifyEd25519(other.key, utf8('counted'), signature)).toBe(false);
    expect(verifyEd25519(key, utf8('counted!'), signature)).toBe(false);
    expect(verifyEd25519(key, utf8('counted'), other.signature)).toBe(false);
    expect(ed25519Operations() - before).toBe(4);
  });
});
