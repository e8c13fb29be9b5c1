import { describe, expect, it } from 'vitest';
import { createField, type Ext, type Words } from '../../../src/liabilities/okx-zk-v2/field.ts';
import { exponentiationGate } from '../../../src/liabilities/okx-zk-v2/gates/bits.ts';
import { POSEIDON_WIRES } from '../../../src/liabilities/okx-zk-v2/gates/poseidon.ts';
import { embed } from '../../../src/liabilities/okx-zk-v2/transcript.ts';
import { GATE_LIST } from './circuits.ts';
import { CONSTANTS, HASH, HONEST_ROWS, list, mod, type Pair, pair, random } from './honest-rows.ts';
import { referenceOps } from './reference.ts';

const field = createField();
/** List items of a random access that the index does not pick are free. */
function notPicked(name: string, honest: readonly bigint[], wire: number): boolean {
  const [, bits, copies] = /^RandomAccess\((\d+),(\d+)/.exec(name)?.map(Number) ?? [];
  if (bits === undefined || copies === undefined) return false;
  const width = 2 + 2 ** bits;
  const [copy, place] = [Math.floor(wire / width), wire % width];
  return copy < copies && place >= 2 && BigInt(place - 2) !== honest[copy * width];
}

const constrained = GATE_LIST.filter(({ constraints }) => constraints > 0);
const evaluate = (gate: (typeof GATE_LIST)[number], wires: readonly bigint[], constants = CONSTANTS): boolean[] => {
  const mark = field.mark();
  const row = {
    wires: wires.map((word) => embed(field, word)),
    constants: constants.map((word) => embed(field, word)),
    publicInputsHash: HASH.map((word) => embed(field, word)),
  };
  const zero = gate.evaluate(field, row).map((value) => field.equal(value, field.zero));
  field.rewind(mark);
  return zero;
};

describe.each(constrained.map((gate) => [gate.name, gate] as const))('gate %s', (name, gate) => {
  const padded = (): bigint[] => {
    const wires = [...HONEST_ROWS[name]!()];
    expect(wires.length).toBe(gate.wires);
    return [...wires, ...list(135 - wires.length, random)];
  };

  it('is satisfied by an honest row, whatever the wires it does not use hold', () => {
    const zero = evaluate(gate, padded());
    expect(zero).toHaveLength(gate.constraints);
    expect(zero).not.toContain(false);
  });

  it('notices a change of any wire and any constant that it uses', () => {
    const honest = padded();
    for (let wire = 0; wire < gate.wires; wire++) {
      if (notPicked(name, honest, wire)) continue;
      expect(evaluate(gate, honest.with(wire, mod(honest[wire]! + 2n))), `wire ${wire}`).toContain(false);
    }
    for (let i = 0; i < gate.constants; i++)
      expect(evaluate(gate, honest, CONSTANTS.with(i, 77n)), `constant ${i}`).toContain(false);
  });

  it('has the same constraints over plain BigInt', () => {
    const reference = referenceOps();
    const values = list(135, pair);
    const constants = list(2, pair);
    const hash = list(4, pair);
    const mark = field.mark();
    const load = ([a, b]: Pair): Ext => {
      const words: Words = field.reserve(2);
      field.write(words, 0, a);
      field.write(words, 1, b);
      return field.element(words, 0);
    };
    const rowOf = (put: (value: Pair) => Ext) => ({
      wires: values.map(put),
      constants: constants.map(put),
      publicInputsHash: hash.map(put),
    });
    const fast = gate.evaluate(field, rowOf(load)).map((e) => [0, 1].map((i) => field.read(e as unknown as Words, i)));
    const slow = gate
      .evaluate(
        reference,
        rowOf(([a, b]) => reference.make(a, b)),
      )
      .map((e) => [...reference.value(e)]);
    expect(fast).toEqual(slow);
    field.rewind(mark);
  });
});

it('the Poseidon gate keeps its wires where okx/plonky2 has them', () => {
  expect(POSEIDON_WIRES).toEqual({ SWAP: 24, DELTAS: 25, FIRST_FULL: 29, PARTIAL: 65, SECOND_FULL: 87 });
});

/** 3^5 by square and multiply in plain numbers: base, bits of 5 lowest first, output, then 3^1, 3^2 and 3^5 (the bits 1, 10, 101). */
describe('the exponentiation gate over a worked example', () => {
  const gate = exponentiationGate(3);
  const row = [3n, 1n, 0n, 1n, 243n, 3n, 9n, 243n];
  /** Which constraints each wire stands in: three steps from the highest bit on, then the output. */
  const standsIn: readonly (readonly number[])[] = [[0, 2], [2], [1], [0], [3], [0, 1], [1, 2], [2, 3]];

  it('has only zeros on it', () => {
    expect(row).toHaveLength(gate.wires);
    expect(evaluate(gate, row)).toEqual([true, true, true, true]);
  });

  it.each(standsIn.map((broken, wire) => [wire, broken] as const))(
    'wire %i breaks just the constraints %j',
    (wire, broken) => {
      const zero = evaluate(gate, row.with(wire, row[wire]! + 2n));
      expect(zero.flatMap((holds, at) => (holds ? [] : [at]))).toEqual(broken);
    },
  );

  it('has only zeros for every exponent of three bits, and none other than its power as output', () => {
    for (let exponent = 0; exponent < 8; exponent++) {
      const steps = [exponent >> 2, exponent >> 1, exponent].map((high) => 3n ** BigInt(high));
      const bits = list(3, (i) => BigInt((exponent >> i) & 1));
      expect(evaluate(gate, [3n, ...bits, steps[2]!, ...steps])).not.toContain(false);
      for (let other = 0; other < 8; other++)
        if (other !== exponent) {
          const output = 3n ** BigInt(other);
          expect(evaluate(gate, [3n, ...bits, output, ...steps]), `${exponent} ${other}`).toEqual([
            true,
            true,
            true,
            false,
          ]);
          expect(evaluate(gate, [3n, ...bits, output, ...steps.with(2, output)])).toEqual([true, true, false, true]);
        }
    }
  });
});
