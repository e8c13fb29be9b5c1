import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createChecklist } from '../../../src/liabilities/checklist.ts';
import { faultOfCircuit } from '../../../src/liabilities/okx-zk-v2/circuit.ts';
import { createField } from '../../../src/liabilities/okx-zk-v2/field.ts';
import { GATES } from '../../../src/liabilities/okx-zk-v2/gates/registry.ts';
import type { VerifierData } from '../../../src/liabilities/okx-zk-v2/verifier-data.ts';
import { parseVerifierData } from '../../../src/liabilities/okx-zk-v2/verifier-data.ts';
import { verifyProof } from '../../../src/liabilities/okx-zk-v2/verify-proof.ts';
import { signed, unsigned } from '../../../src/lib/wasm-assembler.ts';
import { placeOf, smallCircuit } from './circuits.ts';
import { leaves, type Path, parsed, replaced } from './json-edit.ts';
import { prove, pseudoRandom } from './prover.ts';
import { serialiseVerifierData } from './serialise.ts';

const field = createField();
// A row that no gate constrains holds anything, so that whatever gate is put in its place is violated.
const anything = { gate: 0, wires: Array.from({ length: 135 }, pseudoRandom()) };
const made = prove(smallCircuit(), [anything], [1n, 1n, 1n, 1n, 1n, 1n]);
const json = parsed(made.proof);
const start = field.mark();

describe('a proof with any part replaced by anything', () => {
  const junk = [
    'null',
    '[]',
    '{}',
    '""',
    '"7"',
    '-1',
    '1.5',
    '1e400',
    '18446744073709551616',
    '[[]]',
    '{"elements":[1,2,3,4]}',
  ];
  const places: Path[] = [...leaves(json)].map(({ path }) => path);
  it('ends in a failed check, never in a crash, and leaves the machine as it was', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(12), fc.constantFrom(...junk, undefined), (index, depth, text) => {
        const path = places[index % places.length]!;
        const cut = path.slice(0, 1 + (depth % path.length));
        const changed = replaced(json, cut, text === undefined ? undefined : parsed(text));
        const checks = createChecklist();
        expect(verifyProof(changed, made.data, field, checks)).toBeNull();
        expect(checks.failed()).toBe(true);
        expect(field.mark()).toBe(start);
      }),
      { numRuns: 400 },
    );
  });
});

describe('a circuit made to cost memory', () => {
  it.each(['Poseidon', 'LowDegreeInterpolation(4)', 'RandomAccess(4,4,2)'])('64 gates %s fit', (name) => {
    const gate = made.data.gates[placeOf(name)]!;
    const data: VerifierData = {
      ...made.data,
      gates: new Array(64).fill(gate),
      groups: [{ start: 0, end: 64 }],
      selectorIndices: new Array(64).fill(0),
    };
    expect(faultOfCircuit(data)).toBeNull();
    expect(verifyProof(json, data, field, createChecklist())).toBeNull();
    expect(field.mark()).toBe(start);
  });

  it('interpolation over more points than any circuit uses is not read', () => {
    const wide = GATES.get(4)!.make(6);
    const data = { ...made.data, gates: [...made.data.gates.slice(0, 5), wide, ...made.data.gates.slice(6)] };
    expect(parseVerifierData(Buffer.from(serialiseVerifierData(data), 'hex'))).toMatchObject({ ok: false });
  });
});

describe('LEB128', () => {
  const decode = (bytes: readonly number[]): bigint =>
    bytes.reduceRight((value, byte) => (value << 7n) | BigInt(byte & 0x7f), 0n);
  it('round-trips, as short as possible', () => {
    fc.assert(
      fc.property(fc.nat(), fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }), (small, wide) => {
        expect(decode(unsigned(small))).toBe(BigInt(small));
        const bytes = signed(wide);
        expect(BigInt.asIntN(7 * bytes.length, decode(bytes))).toBe(wide);
        expect(bytes.length).toBeLessThanOrEqual(10);
        expect(bytes.slice(0, -1).every((byte) => byte >= 128) && bytes.at(-1)! < 128).toBe(true);
      }),
    );
    expect(signed((1n << 64n) - 1n)).toEqual([0x7f]);
  });
});
