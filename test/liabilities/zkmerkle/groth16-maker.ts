import { bn254 } from '@noble/curves/bn254.js';
import { R } from '../../../src/liabilities/bn254/scalar.ts';

const { Fr, Fp2, Fp } = bn254.fields;
const G1 = bn254.G1.Point;
const G2 = bn254.G2.Point;
type PointG1 = typeof G1.BASE;
type PointG2 = typeof G2.BASE;

/** What is left over from making a key, with which any statement can be proven: here it stands for an honest prover's witness. */
export interface Trapdoor {
  readonly alpha: bigint;
  readonly beta: bigint;
  readonly gamma: bigint;
  readonly delta: bigint;
  readonly inputs: readonly bigint[];
}

export const trapdoor = (seed: bigint, inputs = 2): Trapdoor => {
  const number = (i: bigint): bigint => (seed * 0x9e3779b97f4a7c15f39cc0605cedc834n + i ** 7n + 12345n) % R;
  return {
    ...{ alpha: number(1n), beta: number(2n), gamma: number(3n), delta: number(4n) },
    inputs: Array.from({ length: inputs }, (_, i) => number(5n + BigInt(i))),
  };
};

const hex = (value: bigint): string => value.toString(16).padStart(64, '0');
const larger = (value: bigint): boolean => value > (Fp.ORDER - 1n) / 2n;
const flagged = (x: string, isLarger: boolean): string =>
  ((BigInt(`0x${x.slice(0, 2)}`) | (isLarger ? 0xc0n : 0x80n)) as bigint).toString(16).padStart(2, '0') + x.slice(2);

/** A point as gnark writes it, written here apart from the reader that is tested. */
export function g1Hex(point: PointG1, compressed: boolean): string {
  const { x, y } = point.toAffine();
  return compressed ? flagged(hex(x), larger(y)) : hex(x) + hex(y);
}
export function g2Hex(point: PointG2, compressed: boolean): string {
  const { x, y } = point.toAffine();
  const start = hex(x.c1) + hex(x.c0);
  return compressed ? flagged(start, larger(y.c1 === 0n ? y.c0 : y.c1)) : start + hex(y.c1) + hex(y.c0);
}

export const times1 = (k: bigint): PointG1 => G1.BASE.multiply(((k % R) + R) % R);
export const times2 = (k: bigint): PointG2 => G2.BASE.multiply(((k % R) + R) % R);

export interface KeyCheat {
  readonly beta1?: bigint;
  readonly delta1?: bigint;
  readonly tail?: string;
}

/** The verifying key of a trapdoor, in hex. */
export function keyHex(t: Trapdoor, compressed = true, cheat: KeyCheat = {}): string {
  const one = (k: bigint) => g1Hex(times1(k), compressed);
  const two = (k: bigint) => g2Hex(times2(k), compressed);
  const length = t.inputs.length.toString(16).padStart(8, '0');
  return (
    one(t.alpha) +
    one(cheat.beta1 ?? t.beta) +
    two(t.beta) +
    two(t.gamma) +
    one(cheat.delta1 ?? t.delta) +
    two(t.delta) +
    length +
    t.inputs.map(one).join('') +
    (cheat.tail ?? '')
  );
}

/** What a commitment key adds to a key's bytes: one commitment to no public wire, and two points of G2. */
export const commitmentKeyTail = (): string => `0000000100000000${g2Hex(times2(77n), true)}${g2Hex(times2(78n), true)}`;

/** A proof that holds for the input under the trapdoor's key, in hex: A = a, B = b, C = (ab − αβ − (k0 + x·k1)γ) / δ. */
export function proofHex(t: Trapdoor, input: bigint, seed = 1n, compressed = false): string {
  const [a, b] = [(seed * 987654321n + input) % R, (seed * 123456789n + 3n * input + 1n) % R];
  const k = t.inputs[0]! + input * t.inputs[1]!;
  const c = Fr.div(Fr.create(a * b - t.alpha * t.beta - k * t.gamma), t.delta);
  return g1Hex(times1(a), compressed) + g2Hex(times2(b), compressed) + g1Hex(times1(c), compressed);
}

/** A point of the curve of G2 that is not in the subgroup of its order. */
export function strayG2Hex(): string {
  const b = G2.CURVE().b;
  for (let i = 1n; ; i++) {
    const x = Fp2.fromBigTuple([i, 3n]);
    try {
      const y = Fp2.sqrt(Fp2.add(Fp2.mul(Fp2.sqr(x), x), b));
      const point = G2.fromAffine({ x, y });
      if (!point.isTorsionFree()) return hex(x.c1) + hex(x.c0) + hex(y.c1) + hex(y.c0);
    } catch {
      // No square root: not the x of a point.
    }
  }
}
