import type { CheckName } from '../check-names.ts';
import { ldeBits, type Oracle, oraclesOf } from './circuit.ts';
import type { Ext, Field, Words } from './field.ts';
import { type CosetRoots, foldCoset, inverseRoots } from './fold.ts';
import { GENERATOR, P, power, reverseBits, rootOfUnity } from './goldilocks.ts';
import { opensTo } from './merkle-path.ts';
import type { LoadedProof, Opening } from './proof.ts';
import { type Challenges, embed } from './transcript.ts';
import type { VerifierData } from './verifier-data.ts';

/** A FRI check that failed: its name and where. */
export interface FriFault {
  readonly check: CheckName;
  readonly detail: string;
}

/** The names of FRI's checks for a circuit, in the order in which a query makes them. */
export function friChecks(data: VerifierData): readonly CheckName[] {
  const steps = data.arityBits.flatMap((_, i) => [`fri-consistency-${i}`, `fri-merkle-step-${i}`] as const);
  return [
    'fri-proof-of-work',
    ...oraclesOf(data).map(({ name }) => `fri-merkle-${name}` as const),
    ...steps,
    'fri-final',
  ];
}

/** What all queries share. */
interface FriContext {
  readonly data: VerifierData;
  readonly field: Field;
  readonly proof: LoadedProof;
  readonly challenges: Challenges;
  readonly oracles: readonly Oracle[];
  readonly caps: readonly Words[];
  /** Powers of alpha at which each oracle's columns start. */
  readonly offsets: readonly Ext[];
  /** The openings at zeta and at g·zeta, reduced by alpha. */
  readonly reduced: readonly [Ext, Ext];
  readonly zetaNext: Ext;
  readonly roots: readonly CosetRoots[];
  readonly off: (check: string) => boolean;
}

/**
 * Checks that the committed polynomials are of low degree and open to the claimed values (okx/plonky2 fri/verifier.rs at
 * 8a00c2b): grinding, then every query. Returns the first fault, or null.
 */
export function verifyFri(
  data: VerifierData,
  proof: LoadedProof,
  challenges: Challenges,
  field: Field,
  off: (check: string) => boolean,
): FriFault | null {
  const threshold = 1n << BigInt(64 - data.friConfig.powBits);
  if (challenges.powResponse >= threshold && !off('fri-proof-of-work'))
    return { check: 'fri-proof-of-work', detail: `fewer than ${data.friConfig.powBits} leading zero bits` };
  const context = contextOf(data, proof, challenges, field, off);
  for (const [round, index] of challenges.queryIndices.entries()) {
    const mark = field.mark();
    const check = faultOfQuery(context, round, index);
    field.rewind(mark);
    if (check !== null) return { check, detail: `query ${round} of ${challenges.queryIndices.length}` };
  }
  return null;
}

function contextOf(
  data: VerifierData,
  proof: LoadedProof,
  challenges: Challenges,
  field: Field,
  off: (check: string) => boolean,
): FriContext {
  const alpha = challenges.friAlpha;
  const oracles = oraclesOf(data);
  const offsets = [field.one];
  for (const { columns } of oracles) {
    let last = offsets.at(-1)!;
    for (let i = 0; i < columns; i++) last = field.mul(last, alpha);
    offsets.push(last);
  }
  const constantsCap = field.reserve(data.constantsSigmasCap.length);
  data.constantsSigmasCap.forEach((word, i) => {
    field.write(constantsCap, i, word);
  });
  return {
    ...{ data, field, proof, challenges, oracles, offsets, off },
    caps: [constantsCap, proof.wiresCap, proof.productsCap, proof.quotientCap],
    reduced: [
      field.evaluate(proof.openings, proof.openingsLength, alpha),
      field.evaluate(proof.openingsNext, data.config.challenges, alpha),
    ],
    roots: data.arityBits.map((bits) => inverseRoots(field, bits)),
    zetaNext: field.mul(challenges.zeta, embed(field, rootOfUnity(data.degreeBits))),
  };
}

/** The name of the first check that a query fails, or null. */
function faultOfQuery(context: FriContext, round: number, startIndex: number): CheckName | null {
  const { data, field, proof, challenges, oracles, caps, off } = context;
  const { initial, steps } = proof.queries[round]!;
  for (const [i, oracle] of oracles.entries()) {
    const name = `fri-merkle-${oracle.name}` as const;
    if (!off(name) && !opensTo(field, initial[i]!, startIndex, caps[i]!)) return name;
  }
  const bits = ldeBits(data);
  const exponent = BigInt(reverseBits(startIndex, bits));
  let x = embed(field, (GENERATOR * power(rootOfUnity(bits), exponent)) % P);
  let value = combineInitial(context, initial, x);
  let index = startIndex;
  for (const [i, arityBits] of data.arityBits.entries()) {
    const arity = 2 ** arityBits;
    const { leaf } = steps[i]!;
    const within = index % arity;
    index = Math.floor(index / arity);
    if (!off(`fri-consistency-${i}`) && !field.equal(field.element(leaf, within), value)) return `fri-consistency-${i}`;
    const name = `fri-merkle-step-${i}` as const;
    if (!off(name) && !opensTo(field, steps[i]!, index, proof.commitCaps[i]!)) return name;
    value = foldCoset(field, leaf, context.roots[i]!, within, x, challenges.friBetas[i]!);
    for (let bit = 0; bit < arityBits; bit++) x = field.mul(x, x);
  }
  const expected = field.evaluate(proof.finalPolynomial, proof.finalPolynomialLength, x);
  return off('fri-final') || field.equal(expected, value) ? null : 'fri-final';
}

/**
 * The value at x that the initial commitments imply for the first FRI polynomial:
 * x·[ (R(all) − Y0)/(x − zeta)·alpha^k + (R(zs) − Y1)/(x − g·zeta) ], salts left out. The factor x is the fork's own.
 */
function combineInitial(context: FriContext, initial: readonly Opening[], x: Ext): Ext {
  const { field: f, oracles, offsets, reduced, challenges, data, zetaNext } = context;
  const alpha = challenges.friAlpha;
  const all = oracles.reduce((sum, { columns }, i) => {
    const part = f.evaluateBase(initial[i]!.leaf, columns, alpha);
    return f.add(sum, f.mul(part, offsets[i]!));
  }, f.zero);
  const count = data.config.challenges;
  const zs = f.evaluateBase(initial[2]!.leaf, count, alpha);
  let first = f.mul(f.sub(all, reduced[0]), f.inverse(f.sub(x, challenges.zeta)));
  for (let i = 0; i < count; i++) first = f.mul(first, alpha);
  const second = f.mul(f.sub(zs, reduced[1]), f.inverse(f.sub(x, zetaNext)));
  return f.mul(f.add(first, second), x);
}
