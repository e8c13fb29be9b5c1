import type { Json } from '../../lib/json.ts';
import type { Checklist } from '../checklist.ts';
import type { Ext, Field, Words } from './field.ts';
import { friChecks, verifyFri } from './fri.ts';
import { type LoadedProof, loadProof } from './proof.ts';
import { type Challenges, deriveChallenges, embed } from './transcript.ts';
import { evaluateVanishing, type Row } from './vanishing.ts';
import type { VerifierData } from './verifier-data.ts';

/** What a verified proof states: its public inputs in order. */
export type PublicInputs = readonly bigint[];

/**
 * Verifies a plonky2 proof `{proof, public_inputs}` for a circuit that faultOfCircuit found sound to work with, recording
 * every check. Returns the public inputs when all hold, else null with the failing check in the record. The field machine
 * is left as it was found, but for its constants.
 */
export function verifyProof(
  json: Json | undefined,
  data: VerifierData,
  field: Field,
  checks: Checklist,
): PublicInputs | null {
  const mark = field.mark();
  try {
    return verifyLoaded(json, data, field, checks);
  } finally {
    field.rewind(mark);
  }
}

function verifyLoaded(
  json: Json | undefined,
  data: VerifierData,
  field: Field,
  checks: Checklist,
): PublicInputs | null {
  const loaded = loadProof(json, data, field, checks.off);
  if (!loaded.ok) {
    if (loaded.error.check === 'canonical') checks.require('shape', true, 'every part is present');
    checks.require(loaded.error.check, false, loaded.error.detail);
    return null;
  }
  checks.require('shape', true, 'every part has the length that the circuit prescribes');
  checks.require('canonical', true, 'every field element is below the modulus');
  const proof = loaded.value;
  const publicInputsHash = field.reserve(4);
  field.hash(proof.publicInputs, data.publicInputs, publicInputsHash);
  const challenges = deriveChallenges(proof, publicInputsHash, data, field);
  if (!checkVanishing(proof, publicInputsHash, challenges, data, field, checks)) return null;
  const fault = verifyFri(data, proof, challenges, field, checks.off);
  for (const name of friChecks(data)) {
    checks.require(
      name,
      fault?.check !== name,
      fault?.check === name ? fault.detail : fault === null ? 'holds in every query' : 'holds as far as it was tried',
    );
    if (fault?.check === name) return null;
  }
  return Array.from({ length: data.publicInputs }, (_, i) => field.read(proof.publicInputs, i));
}

/** vanishing(zeta) = (zeta^n − 1)·quotient(zeta), for every challenge. */
function checkVanishing(
  proof: LoadedProof,
  publicInputsHash: Words,
  challenges: Challenges,
  data: VerifierData,
  field: Field,
  checks: Checklist,
): boolean {
  const { zeta } = challenges;
  let zetaN = zeta;
  for (let i = 0; i < data.degreeBits; i++) zetaN = field.mul(zetaN, zetaN);
  const zeroPolynomial = field.sub(zetaN, field.one);
  const degree = field.constant(1n << BigInt(data.degreeBits));
  const lagrangeFirst = field.equal(zeta, field.one)
    ? field.one
    : field.mul(zeroPolynomial, field.inverse(field.mul(degree, field.sub(zeta, field.one))));
  const { row, quotients } = openedRow(proof, publicInputsHash, data, field);
  const values = evaluateVanishing(field, data, row, zeta, lagrangeFirst, challenges, checks.off);
  return values.every((value, i) => {
    const start = quotients + 16 * i * data.quotientDegree;
    const quotient = field.evaluate(start as Words, data.quotientDegree, zetaN);
    const holds = field.equal(value, field.mul(zeroPolynomial, quotient));
    return checks.require(`vanishing-${i}`, holds, `${data.gates.length} gates and the permutation argument at zeta`);
  });
}

/** The openings by name, and where the quotient's begin. */
function openedRow(
  proof: LoadedProof,
  publicInputsHash: Words,
  data: VerifierData,
  field: Field,
): { readonly row: Row; readonly quotients: number } {
  let at = 0;
  const next = (count: number): Ext[] => {
    const from = at;
    at += count;
    return Array.from({ length: count }, (_, i) => field.element(proof.openings, from + i));
  };
  const { challenges, wires, routedWires } = data.config;
  const row: Row = {
    constants: next(data.constants),
    sigmas: next(routedWires),
    wires: next(wires),
    zs: next(challenges),
    partialProducts: next(challenges * data.partialProducts),
    zsNext: Array.from({ length: challenges }, (_, i) => field.element(proof.openingsNext, i)),
    publicInputsHash: Array.from({ length: 4 }, (_, i) => embed(field, field.read(publicInputsHash, i))),
  };
  return { row, quotients: field.element(proof.openings, at) };
}
