import type { Field } from './field.ts';
import { MEMORY_WORDS } from './field.ts';
import { GENERATOR, power } from './goldilocks.ts';
import type { VerifierData } from './verifier-data.ts';

/** Salt columns that a hiding commitment adds to every leaf but those of the fixed polynomials (plonky2 SALT_SIZE). */
export const SALT_COLUMNS = 4;

/** One of the four polynomial commitments: its name, the columns that are opened, and the salt columns after them. */
export interface Oracle {
  readonly name: 'constants' | 'wires' | 'products' | 'quotient';
  readonly columns: number;
  readonly salt: number;
}

/** The commitments in FRI's order. */
export function oraclesOf(data: VerifierData): readonly Oracle[] {
  const salt = data.hiding ? SALT_COLUMNS : 0;
  const { challenges, wires, routedWires } = data.config;
  return [
    { name: 'constants', columns: data.constants + routedWires, salt: 0 },
    { name: 'wires', columns: wires, salt },
    { name: 'products', columns: challenges * (1 + data.partialProducts), salt },
    { name: 'quotient', columns: challenges * data.quotientDegree, salt },
  ];
}

/** log2 of the size of the domain that commitments are made over. */
export const ldeBits = (data: VerifierData): number => data.degreeBits + data.friConfig.rateBits;

/** Coefficients of the final polynomial. */
export const finalPolynomialLength = (data: VerifierData): number =>
  2 ** (data.degreeBits - data.arityBits.reduce((sum, bits) => sum + bits, 0));

/** Words that a proof of this circuit holds: what bounds reading and verifying it. */
export function proofWords(data: VerifierData): number {
  const { capHeight, queries } = data.friConfig;
  const leaves = oraclesOf(data).reduce((sum, { columns, salt }) => sum + columns + salt, 0);
  const siblings = 4 * Math.max(0, ldeBits(data) - capHeight);
  const steps = data.arityBits.reduce((sum, bits) => sum + 2 * 2 ** bits + siblings, 0);
  const caps = (3 + data.arityBits.length) * 4 * 2 ** capHeight;
  const openings = 2 * (leaves + data.config.challenges);
  return queries * (leaves + 4 * siblings + steps) + caps + openings + 2 * finalPolynomialLength(data) + 64;
}

/**
 * Says why verifier data is not a circuit of this family that can be checked with bounded work, or null. It bounds every
 * count before anything is computed with it, and demands that the redundant figures agree.
 */
export function faultOfCircuit(data: VerifierData): string | null {
  const { config, friConfig } = data;
  const bounded: readonly (readonly [string, number, number, number])[] = [
    ['wires', config.wires, 1, 1024],
    ['routed wires', config.routedWires, 1, config.wires],
    ['challenges', config.challenges, 1, 4],
    ['constants', data.constants, 1, 256],
    ['quotient degree', data.quotientDegree, 2, 32],
    ['gate constraints', data.gateConstraints, 1, 4096],
    ['degree bits', data.degreeBits, 1, 28],
    ['rate bits', friConfig.rateBits, 1, 4],
    ['queries', friConfig.queries, 1, 256],
    ['proof-of-work bits', friConfig.powBits, 0, 40],
    ['gates', data.gates.length, 1, 64],
    ['FRI steps', data.arityBits.length, 0, 16],
    ['selector groups', data.groups.length, 1, 16],
    ['cap height', friConfig.capHeight, 0, 8],
  ];
  for (const [name, value, least, most] of bounded)
    if (value < least || value > most) return `${name} ${value} is outside ${least} to ${most}`;
  if (data.arityBits.some((bits) => bits < 1 || bits > 8)) return 'a FRI step folds by less than 2 or more than 256';
  const folded = data.arityBits.reduce((sum, bits) => sum + bits, 0);
  if (folded > data.degreeBits || data.degreeBits - folded > 12) return 'the FRI steps do not fit the degree';
  if (ldeBits(data) - folded < friConfig.capHeight) return 'the last FRI tree is lower than its cap';
  if (data.constantsSigmasCap.length !== 4 * 2 ** friConfig.capHeight) return 'the cap is not of the configured height';
  if (!sameFri(data)) return 'the two FRI configurations differ';
  if (data.hiding !== (config.zeroKnowledge === 1)) return 'hiding and zero knowledge differ';
  if (data.publicInputs !== 6) return `${data.publicInputs} public inputs where equity, debt and root make 6`;
  if (data.partialProducts !== Math.ceil(config.routedWires / data.quotientDegree) - 1)
    return 'the number of partial products does not fit the routed wires';
  if (data.shifts.length !== config.routedWires) return 'the coset shifts do not fit the routed wires';
  // okx/plonky2 takes k_i = 7^i; other values would need a proof that their cosets are disjoint.
  if (data.shifts.some((shift, i) => shift !== power(GENERATOR, BigInt(i))))
    return 'the coset shifts are not powers of 7';
  if (proofWords(data) > MEMORY_WORDS / 4) return 'its proofs are too large';
  return faultOfGates(data);
}

function sameFri({ config: { fri: a }, friConfig: b }: VerifierData): boolean {
  const list = (c: typeof a): string => [c.rateBits, c.capHeight, c.queries, c.powBits, ...c.strategy].join();
  return list(a) === list(b);
}

function faultOfGates(data: VerifierData): string | null {
  const { gates, groups, selectorIndices } = data;
  if (selectorIndices.length !== gates.length) return 'gates and selectors differ in number';
  let next = 0;
  for (const { start, end } of groups) {
    if (start !== next || end <= start) return 'the selector groups do not cover the gates one after another';
    next = end;
  }
  if (next !== gates.length) return 'the selector groups do not cover the gates one after another';
  for (const [row, gate] of gates.entries()) {
    const group = groups[selectorIndices[row]!];
    if (group === undefined || row < group.start || row >= group.end)
      return `gate ${row} is outside its selector group`;
    if (gate.wires > data.config.wires) return `gate ${gate.name} needs ${gate.wires} wires`;
    if (gate.constants + groups.length > data.constants) return `gate ${gate.name} needs ${gate.constants} constants`;
    if (gate.constraints > data.gateConstraints) return `gate ${gate.name} has ${gate.constraints} constraints`;
  }
  return null;
}

/** Conjectured bits of soundness that FRI's queries and grinding give: rate bits a query plus the proof of work. */
export const friSecurityBits = ({ friConfig: c }: VerifierData): number => c.rateBits * c.queries + c.powBits;

/** Whether the digest is the hash of (constants cap, hash of the empty domain separator, degree bits). */
export function digestFits(data: VerifierData, field: Field): boolean {
  const mark = field.mark();
  // hash_pad of nothing: 1, zeros, 1 up to the rate.
  const empty = field.reserve(8);
  for (let i = 0; i < 8; i++) field.write(empty, i, i === 0 || i === 7 ? 1n : 0n);
  const cap = data.constantsSigmasCap;
  const input = field.reserve(cap.length + 5);
  cap.forEach((word, i) => {
    field.write(input, i, word);
  });
  const separator = field.reserve(4);
  field.hash(empty, 8, separator);
  for (let i = 0; i < 4; i++) field.write(input, cap.length + i, field.read(separator, i));
  field.write(input, cap.length + 4, BigInt(data.degreeBits));
  field.hash(input, cap.length + 5, separator);
  const fits = data.digest.every((word, i) => word === field.read(separator, i));
  field.rewind(mark);
  return fits;
}
