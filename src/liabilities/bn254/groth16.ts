import { bn254 } from '@noble/curves/bn254.js';
import { err, ok, type Result } from '../../domain/result.ts';
import { sha256Hex } from '../../lib/hash.ts';
import { G1, G2, type PointG1, type PointG2, type PointReader, readPoints } from './points.ts';
import { hexOfWord, R } from './scalar.ts';

/** A Groth16 verifying key over BN254, every point checked. */
export interface VerifyingKey {
  readonly alpha: PointG1;
  readonly beta: PointG2;
  readonly gamma: PointG2;
  readonly delta: PointG2;
  /** One point for the constant and one for each public input (and each commitment). */
  readonly inputs: readonly PointG1[];
  /** Pedersen commitments of the circuit (gnark's BSB22 extension, from gnark 0.9). */
  readonly commitments: number;
}

/** A Groth16 proof; `commitments` as in the key. */
export interface Proof {
  readonly a: PointG1;
  readonly b: PointG2;
  readonly c: PointG1;
  readonly commitments: number;
}

/** A proof together with its one public input. */
export interface Claim {
  readonly proof: Proof;
  readonly input: bigint;
  /** The proof's own bytes, which the weights of a batch are drawn from. */
  readonly bytes: Buffer;
}

/** Public inputs and commitments that are read of a key; genuine keys of these formats have one of each at most. */
const MAX_INPUTS = 16;
/** Bytes of the largest key that is read. */
export const MAX_KEY_BYTES = 8192;
/** Bytes of the largest proof: uncompressed, with commitments. */
export const MAX_PROOF_BYTES = 256 + 4 + 64 * (MAX_INPUTS + 1);
/** Claims that share one final exponentiation. */
const BATCH = 64;

/**
 * Reads a verifying key as gnark writes it, compressed or not (gnark backend/groth16/bn254/marshal.go): α1 β1 β2 γ2 δ1 δ2, a
 * length and the inputs' points; then, from gnark 0.9, the committed wires and the commitment key. β and δ must agree in both groups.
 */
export function parseVerifyingKey(bytes: Buffer): Result<VerifyingKey> {
  if (bytes.length > MAX_KEY_BYTES) return err('larger than a verifying key is');
  const reader = readPoints(bytes);
  const [alpha, beta1, beta, gamma, delta1, delta] = [
    ...[reader.g1(), reader.g1(), reader.g2(), reader.g2(), reader.g1(), reader.g2()],
  ] as [Result<PointG1>, Result<PointG1>, Result<PointG2>, Result<PointG2>, Result<PointG1>, Result<PointG2>];
  if (!alpha.ok || !beta1.ok || !beta.ok || !gamma.ok || !delta1.ok || !delta.ok)
    return err('not six points of BN254 at the start');
  const inputs = readList(reader, MAX_INPUTS);
  if (!inputs.ok) return inputs;
  const commitments = reader.left() === 0 ? 0 : readCommitmentKey(reader);
  if (commitments === null) return err('what follows the points of the inputs is not a commitment key');
  if (!samePower(beta1.value, beta.value) || !samePower(delta1.value, delta.value))
    return err('beta or delta differ between the two groups');
  return ok({
    ...{ alpha: alpha.value, beta: beta.value, gamma: gamma.value, delta: delta.value },
    ...{ inputs: inputs.value, commitments },
  });
}

function readList(reader: PointReader, most: number): Result<readonly PointG1[]> {
  const count = reader.uint32();
  if (count === undefined || count > most) return err('a list of points without length or with too many');
  const points: PointG1[] = [];
  for (let i = 0; i < count; i++) {
    const point = reader.g1();
    if (!point.ok) return point;
    points.push(point.value);
  }
  return ok(points);
}

/** The number of commitments; null where the bytes are not the rest of a key: wires as lists of 64-bit numbers, then two points of G2. */
function readCommitmentKey(reader: PointReader): number | null {
  const count = reader.uint32();
  if (count === undefined || count > MAX_INPUTS) return null;
  for (let i = 0; i < count; i++) {
    const wires = reader.uint32();
    if (wires === undefined || wires > MAX_INPUTS) return null;
    for (let half = 0; half < 2 * wires; half++) if (reader.uint32() === undefined) return null;
  }
  // Without commitments later versions of gnark still write two lengths, both zero.
  if (count === 0) return reader.left() === 0 || (reader.uint32() === 0 && reader.left() === 0) ? 0 : null;
  // Later versions of gnark write the number of commitment keys first.
  if (reader.left() % 64 === 4) reader.uint32();
  while (reader.left() > 0) if (!reader.g2().ok) return null;
  return count;
}

/** Whether a point of G1 and one of G2 are the same multiple of the generators. */
const samePower = (g1: PointG1, g2: PointG2): boolean =>
  isOne([
    { g1, g2: G2.Point.BASE },
    { g1: G1.Point.BASE.negate(), g2 },
  ]);

/** Reads a proof as gnark writes it, compressed or not: A, B, C; from gnark 0.9 the commitments and their proof of knowledge. */
export function parseProof(bytes: Buffer): Result<Proof> {
  const reader = readPoints(bytes);
  const [a, b, c] = [reader.g1(), reader.g2(), reader.g1()] as const;
  if (!a.ok) return a;
  if (!b.ok) return b;
  if (!c.ok) return c;
  const plain = { a: a.value, b: b.value, c: c.value };
  if (reader.left() === 0) return ok({ ...plain, commitments: 0 });
  const commitments = readList(reader, MAX_INPUTS);
  if (!commitments.ok) return commitments;
  if (commitments.value.length === 0) {
    // From gnark 0.9 a plain proof ends with no commitments and infinity as their proof of knowledge.
    const plainEnd = reader.infinity1() && reader.left() === 0;
    return plainEnd ? ok({ ...plain, commitments: 0 }) : err('bytes follow the three points of the proof');
  }
  const knowledge = reader.g1();
  if (!knowledge.ok) return knowledge;
  if (reader.left() !== 0) return err('bytes follow the proof');
  return ok({ ...plain, commitments: commitments.value.length });
}

/**
 * The position of the first claim that does not hold under the key, or null when all hold: e(A,B) = e(α,β)·e(Σ,γ)·e(C,δ) with
 * Σ = K0 + input·K1 (Groth16). The key must be plain and of one public input. Claims are first checked many at a time, weighted
 * by numbers drawn from all of their bytes, so that one wrong claim cannot hide behind another.
 */
export function firstFalseClaim(key: VerifyingKey, claims: readonly Claim[]): number | null {
  for (let from = 0; from < claims.length; from += BATCH) {
    const batch = claims.slice(from, from + BATCH);
    if (holdTogether(key, batch)) continue;
    const wrong = batch.findIndex((claim) => !holdTogether(key, [claim]));
    return from + Math.max(wrong, 0);
  }
  return null;
}

function holdTogether(key: VerifyingKey, claims: readonly Claim[]): boolean {
  const seed = sha256Hex(
    Buffer.concat(claims.flatMap(({ bytes, input }) => [bytes, Buffer.from(hexOfWord(input), 'hex')])),
  );
  let [sum, weighted, c] = [0n, 0n, G1.Point.ZERO];
  const pairs = claims.map(({ proof, input }, i) => {
    const weight = i === 0 ? 1n : BigInt(`0x${sha256Hex(Buffer.from(`${seed}:${i}`)).slice(0, 32)}`) + 1n;
    sum += weight;
    weighted += weight * input;
    c = c.add(proof.c.multiplyUnsafe(weight));
    return { g1: proof.a.multiplyUnsafe(weight), g2: proof.b };
  });
  const [constant, slope] = key.inputs as [PointG1, PointG1];
  const public1 = constant.multiplyUnsafe(sum % R).add(slope.multiplyUnsafe(weighted % R));
  return isOne([
    ...pairs,
    { g1: key.alpha.multiplyUnsafe(sum % R).negate(), g2: key.beta },
    { g1: public1.negate(), g2: key.gamma },
    { g1: c.negate(), g2: key.delta },
  ]);
}

/** Whether the product of the pairings is one; a pair with infinity contributes nothing. */
function isOne(pairs: readonly { readonly g1: PointG1; readonly g2: PointG2 }[]): boolean {
  const product = bn254.pairingBatch(pairs.filter(({ g1, g2 }) => !g1.is0() && !g2.is0()));
  return bn254.fields.Fp12.eql(product, bn254.fields.Fp12.ONE);
}
