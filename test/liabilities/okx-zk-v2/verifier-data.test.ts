import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  digestFits,
  faultOfCircuit,
  finalPolynomialLength,
  ldeBits,
  oraclesOf,
} from '../../../src/liabilities/okx-zk-v2/circuit.ts';
import { createField } from '../../../src/liabilities/okx-zk-v2/field.ts';
import { ROUND_CONSTANTS } from '../../../src/liabilities/okx-zk-v2/poseidon-constants.ts';
import { parseVerifierData, type VerifierData } from '../../../src/liabilities/okx-zk-v2/verifier-data.ts';
import {
  generatedVerifierHex,
  productionVerifierHex,
  roundConstantsText,
  SKIP_REASON,
  samplesPresent,
} from './samples.ts';

const parsed = (hex: string): VerifierData => {
  const result = parseVerifierData(Buffer.from(hex, 'hex'));
  if (!result.ok) throw new Error(result.error);
  return result.value;
};

describe.skipIf(!samplesPresent)(`verifier data (${SKIP_REASON})`, () => {
  it('has the published round constants', () => {
    const published = (JSON.parse(roundConstantsText()) as string[]).map(BigInt);
    expect(ROUND_CONSTANTS).toEqual(published);
  });

  it('reads the production circuit to the last byte', () => {
    const data = parsed(productionVerifierHex());
    expect(data.gates.map((gate) => gate.name)).toEqual([
      'Noop',
      'PoseidonMds',
      'PublicInput',
      'BaseSum2(63)',
      'LowDegreeInterpolation(4)',
      'RandomAccess(1,20,0)',
      'ReducingExtension(32)',
      'Reducing(43)',
      'ArithmeticExtension(10)',
      'Arithmetic(20)',
      'MulExtension(13)',
      'Exponentiation(66)',
      'RandomAccess(4,4,2)',
      'Poseidon',
    ]);
    expect(data.groups).toEqual([
      { start: 0, end: 7 },
      { start: 7, end: 12 },
      { start: 12, end: 14 },
    ]);
    expect([data.degreeBits, ldeBits(data), finalPolynomialLength(data), data.partialProducts]).toEqual([19, 22, 8, 9]);
    expect(oraclesOf(data).map(({ columns, salt }) => columns + salt)).toEqual([85, 139, 24, 20]);
    expect(Math.max(...data.gates.map((gate) => gate.constraints))).toBe(data.gateConstraints);
    expect(faultOfCircuit(data)).toBeNull();
    expect(digestFits(data, createField())).toBe(true);
  });

  it('reads the generated circuit and its digest', () => {
    const data = parsed(generatedVerifierHex());
    expect(data.gates.map((gate) => gate.name)).toContain('Constant(2)');
    expect(faultOfCircuit(data)).toBeNull();
    expect(digestFits(data, createField())).toBe(true);
    expect(digestFits({ ...data, degreeBits: data.degreeBits + 1 }, createField())).toBe(false);
  });

  it('answers any damage with a reason, never a crash', () => {
    const bytes = Buffer.from(productionVerifierHex(), 'hex');
    for (let length = 0; length < bytes.length; length += 7)
      expect(parseVerifierData(bytes.subarray(0, length)).ok).toBe(false);
    expect(parseVerifierData(Buffer.concat([bytes, Buffer.from([0])]))).toMatchObject({ ok: false });
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const damaged = Buffer.from(bytes);
        damaged[at] = damaged[at]! ^ flip;
        const result = parseVerifierData(damaged);
        if (result.ok) faultOfCircuit(result.value);
      }),
      { numRuns: 500 },
    );
  });
});
