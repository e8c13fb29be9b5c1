import { describe, expect, it } from 'vitest';
import { createField, type Ext, type Words } from '../../../src/liabilities/okx-zk-v2/field.ts';
import { exponentiationGate } from '../../../src/liabilities/okx-zk-v2/gates/bits.ts';
import { POSEIDON_WIRES } from '../../../src/liabilities/okx-zk-v2/gates/poseidon.ts';
import { P, power, rootOfUnity } from '../../../src/liabilities/okx-zk-v2/goldilocks.ts';
import {
  MDS_CIRCULANT,
  MDS_DIAGONAL_FIRST,
  ROUND_CONSTANTS,
} from '../../../src/liabilities/okx-zk-v2/poseidon-constants.ts';
import { embed } from '../../../src/liabilities/okx-zk-v2/transcript.ts';
import { GATE_LIST } from './circuits.ts';
import { pseudoRandom } from './prover.ts';
import { referenceOps, referencePermutation } from './reference.ts';

const field = createField();
const random = pseudoRandom(99n);
const CONSTANTS = [3n, P - 5n];
const HASH = [11n, 12n, 13n, P - 1n];
type Pair = readonly [bigint, bigint];
const pair = (): Pair => [random(), random()];
const mod = (value: bigint): bigint => ((value % P) + P) % P;
const add = (a: Pair, b: Pair): Pair => [mod(a[0] + b[0]), mod(a[1] + b[1])];
const mul = (a: Pair, b: Pair): Pair => [mod(a[0] * b[0] + 7n * a[1] * b[1]), mod(a[0] * b[1] + a[1] * b[0])];
const times = (a: Pair, k: bigint): Pair => [mod(a[0] * k), mod(a[1] * k)];
const list = <T>(count: number, item: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => item(i));

/** Rows that honour each gate, written from what the gate means rather than from its constraints. */
const HONEST: Readonly<Record<string, () => readonly bigint[]>> = {
  'Constant(2)': () => CONSTANTS,
  PublicInput: () => HASH,
  'Arithmetic(20)': () =>
    list(20, () => {
      const [x, y, z] = [random(), random(), random()];
      return [x, y, z, mod(CONSTANTS[0]! * x * y + CONSTANTS[1]! * z)];
    }).flat(),
  'ArithmeticExtension(10)': () =>
    list(10, () => {
      const [x, y, z] = [pair(), pair(), pair()];
      return [...x, ...y, ...z, ...add(times(mul(x, y), CONSTANTS[0]!), times(z, CONSTANTS[1]!))];
    }).flat(),
  'MulExtension(13)': () =>
    list(13, () => {
      const [x, y] = [pair(), pair()];
      return [...x, ...y, ...times(mul(x, y), CONSTANTS[0]!)];
    }).flat(),
  'BaseSum2(63)': () => {
    const value = random() >> 1n;
    return [value, ...list(63, (i) => (value >> BigInt(i)) & 1n)];
  },
  'Exponentiation(66)': () => {
    const base = random();
    const exponent = (random() << 2n) | 2n;
    const bits = list(66, (i) => (exponent >> BigInt(i)) & 1n);
    // After reading the highest k bits the intermediate value is base to the number they spell.
    const steps = list(66, (i) => power(base, exponent >> BigInt(65 - i)));
    return [base, ...bits, power(base, exponent), ...steps];
  },
  'RandomAccess(1,20,0)': () => randomAccess(1, 20, 0),
  'RandomAccess(4,4,2)': () => randomAccess(4, 4, 2),
  'Reducing(43)': () => reducing(43, () => [random(), 0n], 1),
  'ReducingExtension(32)': () => reducing(32, pair, 2),
  'LowDegreeInterpolation(4)': () => {
    const [shift, point] = [random(), pair()];
    const coefficients = list(16, pair);
    const at = (x: Pair): Pair => coefficients.reduceRight<Pair>((sum, c) => add(mul(sum, x), c), [0n, 0n]);
    const values = list(16, (i) => at([mod(shift * power(rootOfUnity(4), BigInt(i))), 0n]));
    const powers = list(14, (i) => list(i + 1, () => point).reduce(mul, point));
    const shifts = list(14, (i) => power(shift, BigInt(i + 2)));
    return [shift, ...values.flat(), ...point, ...at(point), ...coefficients.flat(), ...shifts, ...powers.flat()];
  },
  PoseidonMds: () => {
    const inputs = list(12, pair);
    const outputs = list(12, (r) =>
      MDS_CIRCULANT.map((factor, i) => times(inputs[(i + r) % 12]!, factor)).reduce(
        add,
        r === 0 ? times(inputs[0]!, MDS_DIAGONAL_FIRST) : ([0n, 0n] as const),
      ),
    );
    return [...inputs.flat(), ...outputs.flat()];
  },
  Poseidon: () => {
    const inputs = list(12, random);
    const swap = 1n;
    const swapped = [...inputs.slice(4, 8), ...inputs.slice(0, 4), ...inputs.slice(8)];
    const deltas = list(4, (i) => mod(inputs[i + 4]! - inputs[i]!));
    return [...inputs, ...referencePermutation(swapped), swap, ...deltas, ...sboxInputs(swapped)];
  },
};

function randomAccess(bits: number, copies: number, extra: number): bigint[] {
  const indices = list(copies, (copy) => BigInt((copy * 7 + 3) % 2 ** bits));
  const copiesWires = indices.flatMap((index) => {
    const items = list(2 ** bits, random);
    return [index, items[Number(index)]!, ...items];
  });
  return [
    ...copiesWires,
    ...CONSTANTS.slice(0, extra),
    ...indices.flatMap((index) => list(bits, (i) => (index >> BigInt(i)) & 1n)),
  ];
}

function reducing(count: number, coefficient: () => Pair, width: 1 | 2): bigint[] {
  const [alpha, start] = [pair(), pair()];
  const coefficients = list(count, coefficient);
  let sum: Pair = start;
  const sums = coefficients.map((c) => {
    sum = add(mul(sum, alpha), c);
    return sum;
  });
  return [
    ...sums.at(-1)!,
    ...alpha,
    ...start,
    ...coefficients.flatMap((c) => c.slice(0, width)),
    ...sums.slice(0, -1).flat(),
  ];
}

/** What goes into every S-box but those of the first round. */
function sboxInputs(input: readonly bigint[]): bigint[] {
  let state = [...input];
  const inputs: bigint[] = [];
  for (let round = 0; round < 30; round++) {
    const partial = round >= 4 && round < 26;
    const shifted = state.map((word, i) => mod(word + ROUND_CONSTANTS[12 * round + i]!));
    if (round > 0) inputs.push(...(partial ? shifted.slice(0, 1) : shifted));
    const boxed = shifted.map((word, i) => (partial && i > 0 ? word : power(word, 7n)));
    state = list(12, (r) =>
      mod(
        MDS_CIRCULANT.reduce(
          (sum, factor, i) => sum + factor * boxed[(i + r) % 12]!,
          r === 0 ? MDS_DIAGONAL_FIRST * boxed[0]! : 0n,
        ),
      ),
    );
  }
  return inputs;
}

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
    const wires = [...HONEST[name]!()];
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
