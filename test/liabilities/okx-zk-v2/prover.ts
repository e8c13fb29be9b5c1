import { finalPolynomialLength, ldeBits, SALT_COLUMNS } from '../../../src/liabilities/okx-zk-v2/circuit.ts';
import { createField, type Ext, type Field, type Words } from '../../../src/liabilities/okx-zk-v2/field.ts';
import { foldCoset, inverseRoots } from '../../../src/liabilities/okx-zk-v2/fold.ts';
import type { Gate } from '../../../src/liabilities/okx-zk-v2/gates/gate.ts';
import {
  GENERATOR,
  inverse,
  P,
  power,
  reverseBits,
  rootOfUnity,
} from '../../../src/liabilities/okx-zk-v2/goldilocks.ts';
import { embed } from '../../../src/liabilities/okx-zk-v2/transcript.ts';
import { evaluateVanishing, UNUSED_SELECTOR } from '../../../src/liabilities/okx-zk-v2/vanishing.ts';
import type { VerifierData } from '../../../src/liabilities/okx-zk-v2/verifier-data.ts';

/** One row of a small circuit: its gate's place in the gate list, the gate's constants, and its wires (zero where absent). */
export interface ProverRow {
  readonly gate: number;
  readonly constants?: readonly bigint[];
  readonly wires: readonly bigint[];
}

/** What a cheating prover does; each lie is consistent with everything but the one check that it is meant for. */
export interface Cheat {
  /** Terms that are left out of the vanishing polynomial. */
  readonly off?: ReadonlySet<string>;
  /** The running products are this instead of one: `constant` ignores their start, `random` ignores their steps. */
  readonly products?: 'constant' | 'random';
  /** The quotient of this challenge is off by one. */
  readonly quotient?: number;
  /** The polynomial committed in this FRI step is another one; 'final' for the final polynomial. */
  readonly step?: number | 'final';
  /** No proof of work is done. */
  readonly lazy?: boolean;
  /** Salt columns beyond the prescribed ones. */
  readonly extraSalt?: number;
  /** The digest that goes into the transcript, instead of the right one. */
  readonly digest?: readonly bigint[];
}

export interface Circuit {
  readonly gates: readonly Gate[];
  readonly groups: VerifierData['groups'];
  readonly degreeBits: number;
  readonly arityBits: readonly number[];
  readonly queries: number;
  readonly powBits: number;
  readonly hiding: boolean;
  readonly shifts?: readonly bigint[];
  readonly capHeight?: number;
}

export interface Made {
  readonly data: VerifierData;
  /** `{proof, public_inputs}` as JSON text with bare integers. */
  readonly proof: string;
}

/** A polynomial with base-field coefficients in the machine's memory. */
interface Polynomial {
  readonly at: Words;
  readonly length: number;
}

interface Commitment {
  readonly cap: readonly bigint[];
  readonly leaves: readonly (readonly bigint[])[];
  readonly layers: readonly (readonly (readonly bigint[])[])[];
}

const WIRES = 135;
const ROUTED = 80;
const DEGREE = 8;
const RATE_BITS = 3;
const CHALLENGES = 2;

/**
 * A plonky2 prover for circuits of a few rows without copy constraints, for tests only: slow, not zero-knowledge, and able
 * to cheat. It shares the gates, the challenger and the field machine with the verifier; what ties those to okx/plonky2 is
 * the generated sample.
 */
export function prove(
  circuit: Circuit,
  rows: readonly ProverRow[],
  publicInputs: readonly bigint[],
  cheat: Cheat = {},
): Made {
  const f = createField();
  const n = 2 ** circuit.degreeBits;
  const random = pseudoRandom();
  const selectors = circuit.groups.length;
  const groupOf = (gate: number): number => circuit.groups.findIndex(({ start, end }) => gate >= start && gate < end);
  const row = (i: number): ProverRow => rows[i] ?? { gate: 0, wires: [] };
  const column = (value: (row: number) => bigint): bigint[] => Array.from({ length: n }, (_, i) => value(i));
  const w = rootOfUnity(circuit.degreeBits);
  const shifts = circuit.shifts ?? Array.from({ length: ROUTED }, (_, i) => power(GENERATOR, BigInt(i)));
  const fixedColumns = [
    ...circuit.groups.map((_, g) =>
      column((i) => (groupOf(row(i).gate) === g ? BigInt(row(i).gate) : UNUSED_SELECTOR)),
    ),
    ...[0, 1].map((c) => column((i) => row(i).constants?.[c] ?? 0n)),
    ...shifts.map((shift) => column((i) => (shift * power(w, BigInt(i))) % P)),
  ];
  const friConfig = {
    rateBits: RATE_BITS,
    capHeight: circuit.capHeight ?? 1,
    queries: circuit.queries,
    powBits: circuit.powBits,
    strategy: [0, ...circuit.arityBits],
  };
  const base: VerifierData = {
    constantsSigmasCap: [],
    digest: [],
    config: {
      ...{ wires: WIRES, routedWires: ROUTED, constants: 2, securityBits: 100, challenges: CHALLENGES },
      ...{ maxQuotientDegree: DEGREE, useBaseArithmetic: 1, zeroKnowledge: circuit.hiding ? 1 : 0, fri: friConfig },
    },
    ...{ friConfig, arityBits: circuit.arityBits, degreeBits: circuit.degreeBits, hiding: circuit.hiding },
    ...{ selectorIndices: circuit.gates.map((_, i) => groupOf(i)), groups: circuit.groups, quotientDegree: DEGREE },
    ...{
      gateConstraints: 123,
      constants: selectors + 2,
      publicInputs: 6,
      shifts,
      partialProducts: 9,
      gates: circuit.gates,
    },
  };
  const points = domain(base);
  const salts = circuit.hiding ? SALT_COLUMNS + (cheat.extraSalt ?? 0) : 0;
  const commit = (polynomials: readonly Polynomial[], salt: number): Commitment =>
    commitLeaves(
      f,
      base.friConfig.capHeight,
      points.map((x) => [...evaluateAll(f, polynomials, x), ...Array.from({ length: salt }, random)]),
    );
  const polynomial = (coefficients: readonly bigint[]): Polynomial => ({
    at: put(f, coefficients),
    length: coefficients.length,
  });
  const fixed = fixedColumns.map((values) => polynomial(interpolate(values)));
  const fixedCommitment = commit(fixed, 0);
  const data: VerifierData = {
    ...base,
    constantsSigmasCap: fixedCommitment.cap,
    digest: cheat.digest ?? digestOf(f, fixedCommitment.cap, circuit.degreeBits),
  };

  const challenger = createTranscript(f);
  const { observe } = challenger;
  const several = (): Ext[] => Array.from({ length: CHALLENGES }, () => embed(f, challenger.challenge()));
  const publicInputsHash = hashOf(f, publicInputs);
  const wires = Array.from({ length: WIRES }, (_, j) => polynomial(interpolate(column((i) => row(i).wires[j] ?? 0n))));
  const wiresCommitment = commit(wires, salts);
  observe([...data.digest, ...publicInputsHash, ...wiresCommitment.cap]);
  const [betas, gammas] = [several(), several()];
  const one = (): bigint[] => [cheat.products === 'constant' ? 2n : 1n, ...new Array<bigint>(n - 1).fill(0n)];
  // Z(1) = 1 but nothing else: (X − 1)·r(X) + 1.
  const wild = (): bigint[] => {
    const r = Array.from({ length: n - 1 }, random);
    const times = Array.from({ length: n }, (_, i) => (P - (r[i] ?? 0n) + (r[i - 1] ?? 0n)) % P);
    return times.map((c, i) => (i === 0 ? c + 1n : c) % P);
  };
  const products = Array.from({ length: CHALLENGES * 10 }, () =>
    polynomial(cheat.products === 'random' ? wild() : one()),
  );
  const productsCommitment = commit(products, salts);
  observe(productsCommitment.cap);
  const alphas = several();
  const quotient = quotientOf(
    f,
    data,
    { fixed, wires, products },
    publicInputsHash,
    { betas, gammas, alphas },
    cheat,
  ).map(polynomial);
  const quotientCommitment = commit(quotient, salts);
  observe(quotientCommitment.cap);
  const zeta = challenger.extensionChallenge();

  const all = [...fixed, ...wires, ...products, ...quotient];
  const zetaNext = f.mul(zeta, embed(f, w));
  const openAt = (polynomials: readonly Polynomial[], x: Ext): bigint[] =>
    polynomials.flatMap(({ at, length }) => {
      const value = f.evaluateBase(at, length, x);
      return [0, 1].map((part) => f.read(value as unknown as Words, part));
    });
  const opened = openAt(all, zeta);
  const openedNext = openAt(products.slice(0, CHALLENGES), zetaNext);
  observe([...opened, ...openedNext]);
  const alpha = challenger.extensionChallenge();
  const commitments = [fixedCommitment, wiresCommitment, productsCommitment, quotientCommitment];
  const counts = [fixed.length, wires.length, products.length, quotient.length];
  const fri = proveFri(f, data, cheat, challenger, alpha, {
    points,
    opened: put(f, opened),
    openedNext: put(f, openedNext),
    total: all.length,
    zeta,
    zetaNext,
    rowsAt: (index) => commitments.map(({ leaves }, i) => leaves[index]!.slice(0, counts[i])),
  });
  return { data, proof: print(data, commitments, opened, openedNext, fri, publicInputs) };
}

/** The transcript once more, written from its definition with buffers, and able to be copied for grinding. */
interface Transcript {
  observe(words: readonly bigint[]): void;
  challenge(): bigint;
  extensionChallenge(): Ext;
  copy(): Transcript;
}

function createTranscript(f: Field, from?: { state: bigint[]; inputs: bigint[]; outputs: bigint[] }): Transcript {
  let state = from?.state ?? new Array<bigint>(12).fill(0n);
  let inputs = from?.inputs ?? [];
  let outputs = from?.outputs ?? [];
  const duplex = (): void => {
    const words = put(f, [...inputs, ...state.slice(inputs.length)]);
    f.permute(words);
    state = Array.from({ length: 12 }, (_, i) => f.read(words, i));
    inputs = [];
    outputs = state.slice(0, 8);
  };
  const challenge = (): bigint => {
    if (inputs.length > 0 || outputs.length === 0) duplex();
    return outputs.pop()!;
  };
  return {
    observe(words) {
      for (const word of words) {
        outputs = [];
        inputs.push(word);
        if (inputs.length === 8) duplex();
      }
    },
    challenge,
    extensionChallenge() {
      const words = put(f, [challenge(), challenge()]);
      return f.element(words, 0);
    },
    copy: () => createTranscript(f, { state: [...state], inputs: [...inputs], outputs: [...outputs] }),
  };
}

/** The points of the commitment domain in the order of the leaves. */
function domain(data: VerifierData): bigint[] {
  const bits = ldeBits(data);
  const root = rootOfUnity(bits);
  return Array.from({ length: 2 ** bits }, (_, i) => (GENERATOR * power(root, BigInt(reverseBits(i, bits)))) % P);
}

/** Coefficients of the polynomial with these values on the subgroup (or, with a shift, on its coset), naive. */
function interpolate(values: readonly bigint[], start = 1n): bigint[] {
  if (values.every((value) => value === values[0])) return values.map((value, i) => (i === 0 ? value : 0n));
  const n = values.length;
  const root = inverse(rootOfUnity(Math.log2(n)));
  const powers = [1n];
  while (powers.length < n) powers.push((powers.at(-1)! * root) % P);
  const scale = inverse(BigInt(n));
  const back = inverse(start);
  let factor = scale;
  return values.map((_, k) => {
    let sum = 0n;
    for (let i = 0; i < n; i++) sum += values[i]! * powers[(i * k) % n]!;
    const coefficient = ((sum % P) * factor) % P;
    factor = (factor * back) % P;
    return coefficient;
  });
}

function evaluateAll(f: Field, polynomials: readonly Polynomial[], x: bigint): bigint[] {
  const mark = f.mark();
  const point = embed(f, x);
  const values = polynomials.map(({ at, length }) => f.read(f.evaluateBase(at, length, point) as unknown as Words, 0));
  f.rewind(mark);
  return values;
}

function put(f: Field, values: readonly bigint[]): Words {
  const words = f.reserve(values.length);
  values.forEach((value, i) => {
    f.write(words, i, value);
  });
  return words;
}

function hashOf(f: Field, values: readonly bigint[]): bigint[] {
  const mark = f.mark();
  const out = f.reserve(4);
  f.hash(put(f, values), values.length, out);
  const digest = [0, 1, 2, 3].map((i) => f.read(out, i));
  f.rewind(mark);
  return digest;
}

const digestOf = (f: Field, cap: readonly bigint[], degreeBits: number): bigint[] =>
  hashOf(f, [...cap, ...hashOf(f, [1n, 0n, 0n, 0n, 0n, 0n, 0n, 1n]), BigInt(degreeBits)]);

function commitLeaves(f: Field, capHeight: number, leaves: readonly (readonly bigint[])[]): Commitment {
  let layer = leaves.map((leaf) => (leaf.length > 4 ? hashOf(f, leaf) : [...leaf, 0n, 0n, 0n, 0n].slice(0, 4)));
  const layers = [layer];
  while (layer.length > 2 ** capHeight) {
    layer = Array.from({ length: layer.length / 2 }, (_, i) => hashOf(f, [...layer[2 * i]!, ...layer[2 * i + 1]!]));
    layers.push(layer);
  }
  return { cap: layer.flat(), leaves, layers };
}

const siblingsOf = ({ layers }: Commitment, index: number): (readonly bigint[])[] =>
  layers.slice(0, -1).map((layer, level) => layer[Math.floor(index / 2 ** level) ^ 1]!);

function quotientOf(
  f: Field,
  data: VerifierData,
  polynomials: Readonly<Record<'fixed' | 'wires' | 'products', readonly Polynomial[]>>,
  publicInputsHash: readonly bigint[],
  combination: { readonly betas: readonly Ext[]; readonly gammas: readonly Ext[]; readonly alphas: readonly Ext[] },
  cheat: Cheat,
): bigint[][] {
  const n = 2 ** data.degreeBits;
  const size = n * DEGREE;
  const root = rootOfUnity(Math.log2(size));
  const g = rootOfUnity(data.degreeBits);
  const values: bigint[][] = [[], []];
  for (let i = 0; i < size; i++) {
    const mark = f.mark();
    const x = (GENERATOR * power(root, BigInt(i))) % P;
    const at = (group: readonly Polynomial[], point: bigint): Ext[] =>
      evaluateAll(f, group, point).map((value) => embed(f, value));
    const fixed = at(polynomials.fixed, x);
    const products = at(polynomials.products, x);
    const row = {
      constants: fixed.slice(0, data.constants),
      sigmas: fixed.slice(data.constants),
      wires: at(polynomials.wires, x),
      zs: products.slice(0, CHALLENGES),
      partialProducts: products.slice(CHALLENGES),
      zsNext: at(polynomials.products.slice(0, CHALLENGES), (x * g) % P),
      publicInputsHash: publicInputsHash.map((word) => embed(f, word)),
    };
    const zero = (power(x, BigInt(n)) + P - 1n) % P;
    const lagrange = embed(f, (zero * inverse((BigInt(n) * (x + P - 1n)) % P)) % P);
    const terms = evaluateVanishing(f, data, row, embed(f, x), lagrange, combination, (name) => {
      if (cheat.products === 'constant' && name === 'permutation-start') return true;
      if (cheat.products === 'random' && name === 'permutation-steps') return true;
      return cheat.off?.has(name) ?? false;
    });
    const scale = inverse(zero);
    terms.forEach((term, k) => {
      values[k]!.push((f.read(term as unknown as Words, 0) * scale) % P);
    });
    f.rewind(mark);
  }
  return values.flatMap((column, k) => {
    const coefficients = interpolate(column, GENERATOR);
    if (cheat.quotient === k) coefficients[0] = (coefficients[0]! + 1n) % P;
    return Array.from({ length: DEGREE }, (_, chunk) => coefficients.slice(chunk * n, (chunk + 1) * n));
  });
}

interface FriInput {
  readonly points: readonly bigint[];
  readonly opened: Words;
  readonly openedNext: Words;
  readonly total: number;
  readonly zeta: Ext;
  readonly zetaNext: Ext;
  rowsAt(index: number): readonly (readonly bigint[])[];
}
interface FriOutput {
  readonly commitments: readonly Commitment[];
  readonly finalPolynomial: readonly bigint[];
  readonly powWitness: bigint;
  readonly indices: readonly number[];
}

function proveFri(
  f: Field,
  data: VerifierData,
  cheat: Cheat,
  challenger: Transcript,
  alpha: Ext,
  input: FriInput,
): FriOutput {
  const reduced = f.evaluate(input.opened, input.total, alpha);
  const reducedNext = f.evaluate(input.openedNext, CHALLENGES, alpha);
  let values = input.points.map((point, index) => {
    const x = embed(f, point);
    const rows = input.rowsAt(index);
    const all = rows.flat();
    const first = f.mul(
      f.sub(f.evaluateBase(put(f, all), all.length, alpha), reduced),
      f.inverse(f.sub(x, input.zeta)),
    );
    const zs = f.sub(f.evaluateBase(put(f, rows[2]!), CHALLENGES, alpha), reducedNext);
    const second = f.mul(zs, f.inverse(f.sub(x, input.zetaNext)));
    return f.mul(f.add(f.mul(first, f.mul(alpha, alpha)), second), x);
  });
  let points = input.points;
  const commitments: Commitment[] = [];
  for (const [step, arityBits] of data.arityBits.entries()) {
    const arity = 2 ** arityBits;
    if (cheat.step === step) values = values.map((value) => f.add(value, f.one));
    const flat = values.map((value) => [0, 1].map((part) => f.read(value as unknown as Words, part)));
    const chunks = Array.from({ length: values.length / arity }, (_, i) =>
      flat.slice(i * arity, (i + 1) * arity).flat(),
    );
    const commitment = commitLeaves(f, data.friConfig.capHeight, chunks);
    commitments.push(commitment);
    challenger.observe(commitment.cap);
    const beta = challenger.extensionChallenge();
    const roots = inverseRoots(f, arityBits);
    values = chunks.map((chunk, i) => foldCoset(f, put(f, chunk), roots, 0, embed(f, points[i * arity]!), beta));
    points = chunks.map((_, i) => power(points[i * arity]!, BigInt(arity)));
  }
  const length = finalPolynomialLength(data);
  const ordered = values.map((_, i) => values[reverseBits(i, Math.log2(values.length))]!);
  const parts = [0, 1].map((part) =>
    interpolate(
      ordered.map((value) => f.read(value as unknown as Words, part)),
      points[0]!,
    ),
  );
  const finalPolynomial = Array.from({ length }, (_, i) => [parts[0]![i]!, parts[1]![i]!]).flat();
  if (cheat.step === 'final') finalPolynomial[0] = (finalPolynomial[0]! + 1n) % P;
  challenger.observe(finalPolynomial);
  const { powWitness, indices } = grind(data, challenger, cheat.lazy === true);
  return { commitments, finalPolynomial, powWitness, indices };
}

/** Tries witnesses on copies of the transcript: its state is what the challenger absorbs next to. */
function grind(
  data: VerifierData,
  challenger: Transcript,
  lazy: boolean,
): { readonly powWitness: bigint; readonly indices: readonly number[] } {
  const limit = 1n << BigInt(64 - data.friConfig.powBits);
  for (let witness = 0n; ; witness++) {
    const copy = challenger.copy();
    copy.observe([witness]);
    if (copy.challenge() < limit === lazy) continue;
    const size = 1n << BigInt(ldeBits(data));
    return {
      powWitness: witness,
      indices: Array.from({ length: data.friConfig.queries }, () => Number(copy.challenge() % size)),
    };
  }
}

function print(
  data: VerifierData,
  commitments: readonly Commitment[],
  opened: readonly bigint[],
  openedNext: readonly bigint[],
  fri: FriOutput,
  publicInputs: readonly bigint[],
): string {
  const digest = (words: readonly bigint[]) => ({ elements: [...words] });
  const cap = (words: readonly bigint[]) =>
    Array.from({ length: words.length / 4 }, (_, i) => digest(words.slice(4 * i, 4 * i + 4)));
  const pairs = (words: readonly bigint[]) =>
    Array.from({ length: words.length / 2 }, (_, i) => words.slice(2 * i, 2 * i + 2));
  const path = (commitment: Commitment, index: number) => ({ siblings: siblingsOf(commitment, index).map(digest) });
  let at = 0;
  const next = (count: number) => {
    at += count;
    return pairs(opened.slice(2 * (at - count), 2 * at));
  };
  const openings = {
    constants: next(data.constants),
    plonk_sigmas: next(ROUTED),
    wires: next(WIRES),
    plonk_zs: next(CHALLENGES),
    partial_products: next(CHALLENGES * 9),
    quotient_polys: next(CHALLENGES * DEGREE),
    plonk_zs_next: pairs(openedNext),
  };
  const query_round_proofs = fri.indices.map((start) => {
    const evals_proofs = commitments.map((commitment) => [commitment.leaves[start], path(commitment, start)]);
    let index = start;
    const steps = fri.commitments.map((commitment, i) => {
      index = Math.floor(index / 2 ** data.arityBits[i]!);
      return { evals: pairs(commitment.leaves[index]!), merkle_proof: path(commitment, index) };
    });
    return { initial_trees_proof: { evals_proofs }, steps };
  });
  const json = {
    proof: {
      wires_cap: cap(commitments[1]!.cap),
      plonk_zs_partial_products_cap: cap(commitments[2]!.cap),
      quotient_polys_cap: cap(commitments[3]!.cap),
      openings,
      opening_proof: {
        commit_phase_merkle_caps: fri.commitments.map((commitment) => cap(commitment.cap)),
        query_round_proofs,
        final_poly: { coeffs: pairs(fri.finalPolynomial) },
        pow_witness: fri.powWitness,
      },
    },
    public_inputs: publicInputs,
  };
  return bareNumbers(json);
}

/** JSON whose bigints are bare integers. */
export const bareNumbers = (value: unknown): string =>
  JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? `#${item}#` : item)).replace(
    /"#(\d+)#"/g,
    '$1',
  );

/** A fixed sequence of field elements: tests must not depend on chance. */
export function pseudoRandom(seed = 1n): () => bigint {
  let state = seed;
  return () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) % (1n << 64n);
    return state % P;
  };
}
