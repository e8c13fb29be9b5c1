import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Claim, firstFalseClaim, parseProof, parseVerifyingKey } from '../../../src/liabilities/bn254/groth16.ts';
import {
  commitmentKeyTail,
  g1Hex,
  keyHex,
  proofHex,
  strayG2Hex,
  times1,
  times2,
  trapdoor,
} from '../zkmerkle/groth16-maker.ts';

const t = trapdoor(1n);
const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');
const keyOf = (hex: string) => {
  const key = parseVerifyingKey(bytes(hex));
  if (!key.ok) throw new Error(key.error);
  return key.value;
};
const claimOf = (input: bigint, hex: string): Claim => {
  const proof = parseProof(bytes(hex));
  if (!proof.ok) throw new Error(proof.error);
  return { proof: proof.value, input, bytes: bytes(hex) };
};
const key = keyOf(keyHex(t));

describe('Groth16 over BN254', () => {
  it('accepts proofs that hold, written either way, alone and many at a time', () => {
    expect(keyOf(keyHex(t, false)).alpha.equals(key.alpha)).toBe(true);
    const claims = Array.from({ length: 5 }, (_, i) =>
      claimOf(BigInt(i), proofHex(t, BigInt(i), BigInt(i + 1), i % 2 === 0)),
    );
    expect(firstFalseClaim(key, claims)).toBeNull();
    for (const claim of claims) expect(firstFalseClaim(key, [claim])).toBeNull();
    expect(firstFalseClaim(key, [])).toBeNull();
  });

  it('names the first proof that does not hold', () => {
    const claims = Array.from({ length: 4 }, (_, i) => claimOf(7n, proofHex(t, i === 2 ? 8n : 7n, BigInt(i + 1))));
    expect(firstFalseClaim(key, claims)).toBe(2);
    const far = Array.from({ length: 70 }, (_, i) => (i === 66 ? claims[2]! : claims[0]!));
    expect(firstFalseClaim(key, far)).toBe(66);
  });

  it('does not let two false proofs make up for each other', () => {
    const [first, second] = [claimOf(7n, proofHex(t, 7n, 1n)), claimOf(7n, proofHex(t, 7n, 2n))];
    const shift = times1(99n);
    const claims = [
      { ...first, proof: { ...first.proof, c: first.proof.c.add(shift) } },
      { ...second, proof: { ...second.proof, c: second.proof.c.subtract(shift) } },
    ];
    expect(firstFalseClaim(key, claims)).toBe(0);
  });

  it('refuses the same proof under another key or for another input', () => {
    const hex = proofHex(t, 7n);
    expect(firstFalseClaim(keyOf(keyHex(trapdoor(2n))), [claimOf(7n, hex)])).toBe(0);
    expect(firstFalseClaim(key, [claimOf(6n, hex)])).toBe(0);
  });

  it('refuses every proof with one digit changed', () => {
    for (const compressed of [false, true]) {
      const hex = proofHex(t, 7n, 3n, compressed);
      for (let at = 1; at < hex.length; at += 17) {
        const changed = bytes(hex.slice(0, at) + (hex[at] === '1' ? '2' : '1') + hex.slice(at + 1));
        const proof = parseProof(changed);
        if (proof.ok) expect(firstFalseClaim(key, [{ proof: proof.value, input: 7n, bytes: changed }])).toBe(0);
      }
    }
  });

  it('refuses points off the curve, outside the subgroup, at infinity, with large coordinates, and bytes that follow', () => {
    const good = proofHex(t, 7n);
    const [a, b, c] = [good.slice(0, 128), good.slice(128, 384), good.slice(384)];
    const p = '30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47';
    const faults: readonly (readonly [string, RegExp])[] = [
      [`${a}${strayG2Hex()}${c}`, /subgroup/],
      [`${'0'.repeat(127)}1${b}${c}`, /curve/],
      [`${'0'.repeat(128)}${b}${c}`, /infinity|curve/],
      [`40${'0'.repeat(62)}${b}${c}`, /infinity/],
      [`${p}${a.slice(64)}${b}${c}`, /prime/],
      [`${a}${b}${c}00`, /without length|follow/],
      [`${a}${b}${c}00000000`, /follow/],
      [`${a}${b}${c.slice(0, -2)}`, /within a point/],
      ['', /within a point/],
    ];
    for (const [hex, reason] of faults) {
      const proof = parseProof(bytes(hex));
      expect(proof.ok ? 'read' : proof.error).toMatch(reason);
    }
  });

  it('tells proofs and keys with commitments apart', () => {
    const committed = `${proofHex(t, 7n)}00000001${g1Hex(times1(5n), false)}${g1Hex(times1(6n), false)}`;
    expect(parseProof(bytes(committed))).toMatchObject({ ok: true, value: { commitments: 1 } });
    const hex = keyHex(trapdoor(1n, 3), true, { tail: commitmentKeyTail() });
    // The size that the exchange's own README states for its keys.
    expect(hex.length / 2).toBe(524);
    expect(keyOf(hex).commitments).toBe(1);
    expect(keyOf(keyHex(t, true, { tail: '00000000' })).commitments).toBe(0);
  });

  it('takes plain keys and proofs of later versions of gnark, which end with empty commitments', () => {
    const later = keyOf(keyHex(t, true, { tail: '0000000000000000' }));
    for (const end of ['00'.repeat(64), `40${'00'.repeat(31)}`]) {
      const hex = `${proofHex(t, 7n)}00000000${end}`;
      expect(firstFalseClaim(later, [claimOf(7n, hex)])).toBeNull();
      expect(parseProof(bytes(`${hex}00`)).ok).toBe(false);
      expect(parseProof(bytes(`${hex.slice(0, -2)}01`)).ok).toBe(false);
    }
    expect(parseVerifyingKey(bytes(keyHex(t, true, { tail: '000000000000000000' }))).ok).toBe(false);
  });

  it('refuses keys whose halves disagree, or with bytes that follow', () => {
    for (const hex of [
      keyHex(t, true, { beta1: t.beta + 1n }),
      keyHex(t, true, { delta1: t.delta + 1n }),
      keyHex(t, true, { tail: '00' }),
      keyHex(t, true, { tail: '0000000000' }),
      keyHex(t, true, { tail: 'ffffffff' }),
      keyHex(t).slice(0, -2),
      '',
      'ff'.repeat(9000),
    ])
      expect(parseVerifyingKey(bytes(hex)).ok).toBe(false);
    expect(times2(1n).is0()).toBe(false);
  });

  it('never throws for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (any) => {
        expect(parseProof(Buffer.from(any)).ok).toBe(false);
        expect(parseVerifyingKey(Buffer.from(any)).ok).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});
