import { P, power, rootOfUnity } from '../../../src/liabilities/okx-zk-v2/goldilocks.ts';
import {
  MDS_CIRCULANT,
  MDS_DIAGONAL_FIRST,
  ROUND_CONSTANTS,
} from '../../../src/liabilities/okx-zk-v2/poseidon-constants.ts';
import { pseudoRandom } from './prover.ts';
import { referencePermutation } from './reference.ts';

/** The next number of a fixed sequence. */
export const random = pseudoRandom(99n);
/** What the rows' constants are. */
export const CONSTANTS = [3n, P - 5n];
/** What the public inputs' hash is. */
export const HASH = [11n, 12n, 13n, P - 1n];
export type Pair = readonly [bigint, bigint];
/** Two of them. */
export const pair = (): Pair => [random(), random()];
export const mod = (value: bigint): bigint => ((value % P) + P) % P;
const add = (a: Pair, b: Pair): Pair => [mod(a[0] + b[0]), mod(a[1] + b[1])];
const mul = (a: Pair, b: Pair): Pair => [mod(a[0] * b[0] + 7n * a[1] * b[1]), mod(a[0] * b[1] + a[1] * b[0])];
const times = (a: Pair, k: bigint): Pair => [mod(a[0] * k), mod(a[1] * k)];
export const list = <T>(count: number, item: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => item(i));

/** Rows that honour each gate, written from what the gate means rather than from its constraints. */
export const HONEST_ROWS: Readonly<Record<string, () => readonly bigint[]>> = {
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
