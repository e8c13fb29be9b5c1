import { describe, expect, it } from 'vitest';
import { poseidon } from '../../../src/liabilities/bn254/poseidon.ts';
import { bytesFromBase64, isScalar, R, wordFromBase64, wordFromHex } from '../../../src/liabilities/bn254/scalar.ts';
import { rootOfEqualLeaves } from '../../../src/liabilities/zkmerkle/path.ts';

const zeros = (count: number): bigint[] => Array<bigint>(count).fill(0n);
/** Gate.io's empty account: no id, no totals, so many assets of (0, 0) packed by three. */
const emptyAccount = (assets: number): bigint =>
  poseidon([0n, 0n, 0n, poseidon(zeros(Math.floor((2 * assets + 2) / 3)))]);

describe("Poseidon over BN254 gives the constants that the exchanges' sources state", () => {
  it("Gate.io's empty leaf (circuit/constants.go) and empty trees (service/verify_service)", () => {
    expect(emptyAccount(800)).toBe(0x2853aadbbd06deb5d6a1389d23a89ff47658aaf4a45b287ecfd62df192bd91a4n);
    expect(rootOfEqualLeaves(emptyAccount(800))).toBe(
      0x037bf6d8fe5b7cbaecf7b35604b57f82173f5c8155c1c750cef00afebcd65436n,
    );
    expect(rootOfEqualLeaves(emptyAccount(350))).toBe(
      0x0118925954da77d1a4b241fd163e4373e2265c515cfa60af7fcd28c8cb9ad58an,
    );
  });
  it("Binance's empty tree (src/verifier/main.go of 2025-11)", () => {
    expect(rootOfEqualLeaves(poseidon(zeros(5)))).toBe(
      0x08696bfcb563a2ee4dde9e1dbd34f68d3f4643df6e3709cdb1855c9f886240c7n,
    );
  });
  it('carries the state between chunks, takes whole chunks, and refuses a length that the family cannot hash', () => {
    const long = Array.from({ length: 24 }, (_, i) => BigInt(i));
    expect(poseidon(long)).not.toBe(poseidon([...long.slice(12), ...long.slice(0, 12)]));
    expect(poseidon(long.slice(0, 12))).not.toBe(poseidon(long));
    expect(() => poseidon(long.slice(0, 13))).toThrow(RangeError);
  });
});

describe('numbers of 256 bits', () => {
  it('are read in their one spelling only', () => {
    expect(wordFromHex('0'.repeat(63))).toBeNull();
    expect(wordFromHex(`0x${'0'.repeat(62)}`)).toBeNull();
    expect(wordFromHex('f'.repeat(64))).toBe((1n << 256n) - 1n);
    const base64 = Buffer.alloc(32, 7).toString('base64');
    expect(wordFromBase64(base64)).toBe(BigInt(`0x${'07'.repeat(32)}`));
    for (const other of [base64.slice(0, -1), `${base64} `, base64.replace('=', ''), base64.replace('c', '_'), 7])
      expect(wordFromBase64(other)).toBeNull();
    // The last letter's low bits are not part of the value: only zeros are canonical.
    expect(wordFromBase64(`${base64.slice(0, -2)}d=`)).toBeNull();
    expect(bytesFromBase64('A'.repeat(1000), 32)).toBeNull();
  });
  it('are scalars below R', () => {
    expect([0n, R - 1n, R, -1n].map(isScalar)).toEqual([true, true, false, false]);
  });
});
