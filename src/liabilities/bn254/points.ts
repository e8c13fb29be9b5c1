import { bn254 } from '@noble/curves/bn254.js';
import { err, ok, type Result } from '../../domain/result.ts';

export const { G1, G2 } = bn254;
export type PointG1 = typeof G1.Point.BASE;
export type PointG2 = typeof G2.Point.BASE;

const { Fp, Fp2 } = bn254.fields;
const P = Fp.ORDER;
/** Bytes of one coordinate of the base field. */
const WORD = 32;
/** Top two bits of a point's first byte in gnark's encoding: 0 uncompressed, 1 compressed infinity, 2 and 3 compressed (smaller, larger Y). */
const UNCOMPRESSED = 0;
const INFINITY = 1;
const SMALLER = 2;

/** Reads points one after the other from bytes in gnark's encoding (gnark-crypto ecc/bn254/marshal.go). */
export interface PointReader {
  /** A point of G1 (compressed 32 bytes, or 64), on the curve; never infinity, which no honest key or proof holds. */
  g1(): Result<PointG1>;
  /** A point of G2 (compressed 64 bytes, or 128; imaginary parts first), on the curve and in the subgroup; never infinity. */
  g2(): Result<PointG2>;
  /** Whether a point of G1 at infinity comes next, in the one spelling of each form; it is read if so. */
  infinity1(): boolean;
  /** A big-endian length, or undefined past the end. */
  uint32(): number | undefined;
  /** Bytes not read yet. */
  left(): number;
}

/** A reader at the start of the bytes. */
export function readPoints(bytes: Buffer): PointReader {
  let at = 0;
  const words = (count: number): readonly bigint[] | string => {
    if (bytes.length - at < count * WORD) return 'ends within a point';
    const read = Array.from({ length: count }, (_, i) => {
      const hex = bytes.subarray(at + i * WORD, at + (i + 1) * WORD).toString('hex');
      return BigInt(`0x${hex}`) & (i === 0 ? (1n << 254n) - 1n : (1n << 256n) - 1n);
    });
    at += count * WORD;
    return read.every((value) => value < P) ? read : 'a coordinate is not below the field prime';
  };
  const flag = (): number => (at < bytes.length ? bytes[at]! >> 6 : UNCOMPRESSED);
  return {
    g1() {
      const kind = flag();
      if (kind === INFINITY) return err('a point at infinity');
      const read = words(kind === UNCOMPRESSED ? 2 : 1);
      if (typeof read === 'string') return err(read);
      const x = read[0]!;
      return point(G1.Point, () => {
        if (kind === UNCOMPRESSED) return { x, y: read[1]! };
        const root = Fp.sqrt(Fp.add(Fp.mul(Fp.sqr(x), x), G1.Point.CURVE().b));
        return { x, y: isLarger(root) === (kind !== SMALLER) ? root : Fp.neg(root) };
      });
    },
    g2() {
      const kind = flag();
      if (kind === INFINITY) return err('a point at infinity');
      const read = words(kind === UNCOMPRESSED ? 4 : 2);
      if (typeof read === 'string') return err(read);
      const x = Fp2.fromBigTuple([read[1]!, read[0]!]);
      return point(G2.Point, () => {
        if (kind === UNCOMPRESSED) return { x, y: Fp2.fromBigTuple([read[3]!, read[2]!]) };
        const root = Fp2.sqrt(Fp2.add(Fp2.mul(Fp2.sqr(x), x), G2.Point.CURVE().b));
        // The imaginary part decides which of the two roots is larger, unless it is zero.
        const larger = isLarger(Fp.is0(root.c1) ? root.c0 : root.c1);
        return { x, y: larger === (kind !== SMALLER) ? root : Fp2.neg(root) };
      });
    },
    infinity1() {
      const next = bytes.subarray(at).toString('hex');
      const form = [`40${'00'.repeat(WORD - 1)}`, '00'.repeat(2 * WORD)].find((spelling) => next.startsWith(spelling));
      at += (form?.length ?? 0) / 2;
      return form !== undefined;
    },
    uint32() {
      if (bytes.length - at < 4) return undefined;
      at += 4;
      return bytes.readUInt32BE(at - 4);
    },
    left: () => bytes.length - at,
  };
}

const isLarger = (value: bigint): boolean => value > (P - 1n) / 2n;

interface PointKind<Coordinate, Made> {
  fromAffine(point: { x: Coordinate; y: Coordinate }): Made;
}

/** A checked point: on the curve, in the prime-order subgroup, not infinity (which uncompressed is written as zeros). */
function point<Coordinate, Made extends { assertValidity(): void; is0(): boolean }>(
  kind: PointKind<Coordinate, Made>,
  coordinates: () => { x: Coordinate; y: Coordinate },
): Result<Made> {
  try {
    const made = kind.fromAffine(coordinates());
    if (made.is0()) return err('a point at infinity');
    made.assertValidity();
    return ok(made);
  } catch {
    return err('a point is not on the curve or not in its subgroup');
  }
}
